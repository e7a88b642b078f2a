package org.likelihood4j.config;

import org.likelihood4j.config.rules.Check;

/**
 * What a VAE's training reports about its KL beside the loss. None of it changes the training.
 *
 * @param everyStep whether the sampled KL is computed although the loss does not need it; without it the two KLs are
 *     not compared; default true
 * @param every epochs between two reports on the latents and the gradient estimators; at least 1, default 1
 * @param images validation images for the report on the latents; at least 2, default 2000, at most as many as there are
 * @param gradientImages validation images for the report on the gradient estimators; at least 1, default 50
 * @param gradientDraws posterior draws of each of these; at least 2, or 0 for no such report; default 32
 */
public record DiagnosticsConfig(
        Boolean everyStep, Integer every, Integer images, Integer gradientImages, Integer gradientDraws) {
    /** Fills in the defaults and checks them. */
    public DiagnosticsConfig {
        everyStep = Check.or(everyStep, true);
        every = Check.atLeast(1, "every", every, 1);
        images = Check.atLeast(2, "images", images, 2000);
        gradientImages = Check.atLeast(1, "gradientImages", gradientImages, 50);
        gradientDraws = Check.draws(0, "gradientDraws", gradientDraws, 32);
        Check.require(
                gradientDraws != 1,
                "gradientDraws",
                "must be 0 for none, or at least 2: one draw has no variance",
                gradientDraws);
    }
}
