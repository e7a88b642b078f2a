package org.likelihood4j.inference;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A quantity of each example, estimated by the mean of n draws.
 *
 * @param value {@code [N]}, DOUBLE, nats
 * @param standardError {@code [N]}, DOUBLE, nats: sample standard deviation / sqrt(n); NaN for a single draw, which says nothing of its
 *     error
 */
public record Estimate(INDArray value, INDArray standardError) {}
