package org.likelihood4j.models;

/**
 * A per-example quantity {@code [N]} that a model reports at every step.
 *
 * @param name as it appears in metrics files, e.g. {@code kl_analytic}
 * @param unit {@code nats}, or as stated
 * @param higherIsBetter what early stopping on it would look for
 * @param description one line for people
 */
public record Metric(String name, String unit, boolean higherIsBetter, String description) {}
