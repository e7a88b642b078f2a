package org.likelihood4j.training.diagnostics;

import java.util.List;

/**
 * What a VAE's training says about its KL after an epoch, on the validation images.
 *
 * @param agreement of the two KLs; null where there is no closed form, or nothing computes the sampled KL
 * @param pooled the agreement over this and all earlier epochs, whose noise is independent; null where {@code agreement} is
 * @param sampled the sampled KL, where there is no other to compare it with; else null
 * @param warnings each a line; empty where nothing is wrong
 * @param latents null if it was not this epoch's turn
 * @param gradients null if it was not this epoch's turn, or they are turned off
 */
public record KlDiagnostics(
        KlAgreement agreement,
        KlAgreement pooled,
        Double sampled,
        List<String> warnings,
        LatentReport latents,
        GradientReport gradients) {
    public KlDiagnostics {
        warnings = List.copyOf(warnings);
    }
}
