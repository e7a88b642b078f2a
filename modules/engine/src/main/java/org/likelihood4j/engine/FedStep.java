package org.likelihood4j.engine;

/**
 * An optimiser step whose inputs the device makes.
 *
 * @param learningRate this step's; the schedule belongs to the caller
 * @param feed what it is fed with
 */
public record FedStep(double learningRate, StepFeed feed) {}
