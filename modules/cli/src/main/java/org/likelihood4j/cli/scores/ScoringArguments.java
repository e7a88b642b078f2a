package org.likelihood4j.cli.scores;

import org.likelihood4j.cli.options.InputOptions;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.inference.NoiseSource;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.alarm.LikelihoodScores;

/** What the arguments of commands that score have in common. */
final class ScoringArguments {
    private ScoringArguments() {}

    /** @throws UserError for a number below 1 */
    static void positive(String option, Integer value) {
        if (value != null && value < 1) {
            throw new UserError(option + " must be at least 1, was " + value);
        }
    }

    /**
     * What is asked of a model.
     *
     * @param samples draws of an estimate, or null
     * @param seed of all noise, or null
     * @throws UserError if there are draws, and the likelihood is not an estimate of several
     */
    static LikelihoodScores scores(OpenedModel model, Integer samples, Long seed, InputOptions input) {
        if (samples != null && model instanceof OpenedFlow flow && !flow.hasNoise()) {
            throw new UserError(
                    "--importance-samples is for estimates by draws; a flow's density of real numbers is exact");
        }
        NoiseSource noise = model.noise().withSplit(input.noise());
        return new LikelihoodScores(
                model,
                samples == null ? model.config().evaluation().importanceSamples() : samples,
                seed == null ? noise : noise.withSeed(seed));
    }
}
