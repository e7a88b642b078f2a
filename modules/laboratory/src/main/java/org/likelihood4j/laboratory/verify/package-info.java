/**
 * Checks by machine what the project derives on paper, and audits trained models: every check compares what the production
 * classes compute with something that does not share their code (quadrature, Monte Carlo, automatic differentiation, plain
 * Java), and returns a {@link org.likelihood4j.training.verify.Finding}.
 *
 * <p>Nothing outside the command line depends on this package.
 */
package org.likelihood4j.training.verify;
