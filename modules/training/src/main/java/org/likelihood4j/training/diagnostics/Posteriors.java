package org.likelihood4j.training.diagnostics;

/**
 * q(z|x) of every image and a draw of it, row after row, {@code [images * latent]} each.
 *
 * @param mean of the Gaussian, as {@code logVariance}
 * @param encoding what encoding an image gives: the mean, or what the posterior's flow makes of it
 * @param z the draw
 * @param klAnalytic per dimension, nats; {@code null} without a closed form
 * @param klSampled per dimension at {@code z}, nats; {@code null} where posterior or prior do not factorise
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record Posteriors(
        double[] mean, double[] logVariance, double[] encoding, double[] z, double[] klAnalytic, double[] klSampled) {}
