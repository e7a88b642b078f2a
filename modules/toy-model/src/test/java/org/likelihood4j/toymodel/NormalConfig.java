package org.likelihood4j.toymodel;

import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.rules.Check;

/**
 * A normal distribution with any covariance.
 *
 * @param spread the standard deviation of each column before the training; positive, default 1
 * @param latent whether it has one, {@code z = L^-1 (x - mean)}; without it there is nothing to encode; default true
 */
record NormalConfig(Double spread, Boolean latent) implements ModelConfig.Provided {
    NormalConfig {
        spread = Check.positive("spread", spread, 1);
        latent = Check.or(latent, true);
    }

    @Override
    public boolean hasExactDensity() {
        return true;
    }
}
