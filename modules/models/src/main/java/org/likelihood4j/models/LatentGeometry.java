package org.likelihood4j.models;

/**
 * What whoever walks through a model's latents has to know of them; how many there are is {@link
 * Model#latentShape}.
 *
 * @param encoding what {@link Model#encode} gives
 * @param standardNormalPrior whether the prior is N(0, I); else it is learned: its centre, its
 *     scale and the number of its modes are not known
 */
public record LatentGeometry(Encoding encoding, boolean standardNormalPrior) {
    /** What an example's latent is. */
    public enum Encoding {
        /**
         * The one latent that decodes to the example. If the model fits the data, latents of data
         * are draws of the prior.
         */
        EXACT,
        /** The mean of a posterior: nearer to the prior's centre than its draws are. */
        POSTERIOR_MEAN,
        /**
         * What a posterior's flow f makes of the mean mu of its Gaussian, f(mu): the mean of z has no
         * closed form.
         */
        POSTERIOR_CENTRE
    }

    /** Whether decoding an encoding gives the example back. */
    public boolean isExact() {
        return encoding == Encoding.EXACT;
    }
}
