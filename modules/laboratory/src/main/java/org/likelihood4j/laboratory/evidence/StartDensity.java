package org.likelihood4j.laboratory.evidence;

/** Where annealing starts: a density of the latents of each example that is normalised and can be drawn from. */
public interface StartDensity {
    /** {@code log p0(z) [rows]}, nats. */
    double[] logDensity(LatentPoint point);

    /** {@code d log p0(z)/dz [rows, latent]}. */
    double[] slope(LatentPoint point);

    /** A draw for each row. */
    double[] draw(ChainNoise noise);

    /** How far each latent of each example may move, in proportion, {@code [examples, latent]}: of the data and the temperature only. */
    double[] scale(double beta);
}
