package org.likelihood4j.laboratory.evidence;

/**
 * {@code log p(x|z)} and {@code log p(z)} of some examples x at chosen latents z. Rows of latents are side by side: all draws of the first
 * example, then those of the next one.
 */
public interface JointDensity {
    /** How many examples. */
    int examples();

    /** Latents of each example. */
    int draws();

    /** Numbers of a latent. */
    int latent();

    /** Rows of latents. */
    default int rows() {
        return examples() * draws();
    }

    /**
     * Both densities.
     *
     * @param z {@code [rows, latent]}, row after row; kept by the point
     */
    LatentPoint at(double... z);
}
