package org.likelihood4j.training.loop;

import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.events.Listeners;
import org.likelihood4j.training.rounds.StepPlan;

/**
 * What is to be trained, on what, where it is kept, and who hears of it.
 *
 * @param provenance is saved with every checkpoint
 */
public record TrainingJob(RunConfig config, Splits data, RunDirectory run, Provenance provenance, Listeners listeners) {
    /** What helps where a training diverges. */
    static final String ADVICE = "lower training.optimizer.learningRate or set training.clipNorm";

    int stepsPerEpoch() {
        return new StepPlan(config, data.train()).stepsPerEpoch();
    }

    public long totalSteps() {
        return totalSteps(config, data);
    }

    public static long totalSteps(RunConfig config, Splits data) {
        return new StepPlan(config, data.train()).totalSteps();
    }

    /** Hints at what helps against it. */
    static DivergenceException diverged(String problem) {
        return new DivergenceException(problem, ADVICE);
    }
}
