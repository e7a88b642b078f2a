package org.likelihood4j.engine;

import java.util.OptionalDouble;

/**
 * Everything that happens to the parameters after a gradient is known.
 *
 * @param optimizer the descent rule
 * @param clipNorm if present, a gradient g with |g| above it is scaled to {@code g * clipNorm / |g|} (global 2-norm)
 * @param emaDecay if present, a moving average of the parameters is kept: after step t,
 *     {@code ema <- d ema + (1 - d) p} with {@code d = min(emaDecay, t/(t + 9))}, so that early averages are not ruled by
 *     the initial values
 */
public record UpdateRule(Optimizer optimizer, OptionalDouble clipNorm, OptionalDouble emaDecay) {
    public UpdateRule {
        if (clipNorm.isPresent() && !(clipNorm.getAsDouble() > 0)) {
            throw new IllegalArgumentException("clipNorm must be above 0, was " + clipNorm.getAsDouble());
        }
        if (emaDecay.isPresent() && !(emaDecay.getAsDouble() > 0 && emaDecay.getAsDouble() < 1)) {
            throw new IllegalArgumentException("emaDecay must be in (0, 1), was " + emaDecay.getAsDouble());
        }
    }

    public static UpdateRule of(Optimizer optimizer) {
        return new UpdateRule(optimizer, OptionalDouble.empty(), OptionalDouble.empty());
    }
}
