/**
 * Trains models from configurations, keeps what a run makes, and evaluates it: the public Java API.
 *
 * <p>The trainer, the evaluator and the samplers know models only through {@link org.likelihood4j.models.Model}; programs come
 * from {@link org.likelihood4j.engine.Engine}; everything after a training reads a run directory and nothing else.
 */
package org.likelihood4j.training;
