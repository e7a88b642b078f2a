/**
 * Checks by machine of what the project derives on paper: every check compares what the production classes compute
 * with something that does not share their code (quadrature, Monte Carlo, automatic differentiation, plain Java), and
 * returns a {@link org.likelihood4j.laboratory.verify.Finding}. What such checks are made of serves audits too.
 */
package org.likelihood4j.laboratory.verify;
