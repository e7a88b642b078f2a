package org.likelihood4j.training.diagnostics;

/**
 * q(z|x) of every image and a draw of it, row after row, {@code [images * latent]} each.
 *
 * @param klAnalytic per dimension, nats; {@code null} without a closed form
 * @param klSampled per dimension at {@code z}, nats; {@code null} where the prior does not factorise
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record Posteriors(double[] mean, double[] logVariance, double[] z, double[] klAnalytic, double[] klSampled) {}
