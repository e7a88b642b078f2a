/**
 * Trainers: {@link org.likelihood4j.training.Trainer} makes a model of a configuration and sets of examples,
 * {@link org.likelihood4j.training.ArrayTraining} of arrays in memory. The public API of training, with {@code
 * training.events}.
 */
package org.likelihood4j.training;
