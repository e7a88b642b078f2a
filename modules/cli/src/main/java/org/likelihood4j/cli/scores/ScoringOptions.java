package org.likelihood4j.cli.scores;

import org.likelihood4j.cli.options.Bounds;
import org.likelihood4j.cli.options.InputOptions;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.NoiseSource;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.alarm.LikelihoodScores;
import picocli.CommandLine.Option;

/** Of how many examples likelihoods are told, and how closely. */
final class ScoringOptions {
    @Option(names = "--images", paramLabel = "N", description = "Only the first N images or rows.")
    private Integer images;

    @Option(
            names = "--importance-samples",
            paramLabel = "K",
            description =
                    "Draws for the log-likelihood of a VAE, or of a flow with dequantisation noise; default: the config's.")
    private Integer samples;

    @Option(names = "--seed", description = "Of all noise; default: the config's.")
    private Long seed;

    /** @throws UserError for a number below 1 */
    void check() {
        Bounds.positive("--images", images);
        Bounds.positive("--importance-samples", samples);
    }

    /** As many as there are, or fewer. */
    int most() {
        return images == null ? Integer.MAX_VALUE : images;
    }

    Examples first(Examples all) {
        return most() >= all.size() ? all : all.slice(0, most());
    }

    InputData first(InputData all) {
        return images == null ? all : all.first(images);
    }

    /** The run's settings with what is asked for in their place. */
    EvaluationConfig over(EvaluationConfig config) {
        return new EvaluationConfig(
                samples == null ? config.importanceSamples() : samples,
                config.repeats(),
                config.batchSize(),
                seed == null ? config.seed() : seed);
    }

    /**
     * What is asked of a model.
     *
     * @throws UserError if there are draws, and the likelihood is not an estimate of several
     */
    LikelihoodScores scores(OpenedModel model, InputOptions input) {
        if (samples != null && model instanceof OpenedFlow flow && !flow.hasNoise()) {
            throw new UserError(
                    "--importance-samples is for estimates by draws; a flow's density of real numbers is exact");
        }
        NoiseSource noise = model.noise().withSplit(input.noise());
        EvaluationConfig settings = over(model.config().evaluation());
        return new LikelihoodScores(model, settings.importanceSamples(), noise.withSeed(settings.seed()));
    }

    /** The same of a background model, with its own noise. */
    LikelihoodScores background(OpenedModel model) {
        return new LikelihoodScores(model, over(model.config().evaluation()).importanceSamples(), model.noise());
    }
}
