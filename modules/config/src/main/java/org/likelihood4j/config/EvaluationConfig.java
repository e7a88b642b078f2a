package org.likelihood4j.config;

import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.rules.Check;

/**
 * How a trained model is evaluated. {@code importanceSamples} is {@code null} only until the run puts its model's default there.
 *
 * @param importanceSamples draws for an image to estimate its log-likelihood; 1 to 1,000,000, default 100 for a VAE, 1 for a flow,
 *     whose log-likelihood is exact given the dequantisation noise, and 16 for one of a table with integers, categories or booleans
 * @param repeats independent estimates of the NLL, for its spread; 1 to 1,000,000, default 3
 * @param batchSize images evaluated at once, which changes means by no more than their last digits (6e-6 nats at
 *     most, as measured); at least 1, default 200
 * @param seed the seed of the evaluation's random numbers; default 1
 */
public record EvaluationConfig(Integer importanceSamples, Integer repeats, Integer batchSize, Long seed) {
    /** Fills in the defaults and checks them. */
    public EvaluationConfig {
        importanceSamples = Check.optionalDraws(1, "importanceSamples", importanceSamples);
        repeats = Check.draws(1, "repeats", repeats, 3);
        batchSize = Check.atLeast(1, "batchSize", batchSize, 200);
        seed = Check.or(seed, 1L);
    }

    /** The given settings, with the model's default in the place of what they leave out. */
    static EvaluationConfig orDefault(EvaluationConfig given, ModelConfig model, DataConfig data) {
        EvaluationConfig settings = given == null ? new EvaluationConfig(null, null, null, null) : given;
        int samples = !model.hasExactDensity() ? 100 : data.hasDiscreteColumns() ? 16 : 1;
        return settings.importanceSamples() != null
                ? settings
                : new EvaluationConfig(samples, settings.repeats(), settings.batchSize(), settings.seed());
    }
}
