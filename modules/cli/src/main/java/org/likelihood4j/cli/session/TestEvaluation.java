package org.likelihood4j.cli.session;

import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.Evaluator;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;

/** The likelihoods of a run's best weights on its test set, estimated once, for commands that go on with them. */
public final class TestEvaluation {
    private static final String TEST = "test";

    private TestEvaluation() {}

    /**
     * Evaluates, under the name that keeps a result of more examples which the run may have; nothing is written.
     *
     * @param test the set, or its first examples
     * @param draws for each estimate; {@code null} for those of the run's configuration
     */
    public static Evaluation of(RunDirectory run, Examples test, Integer draws, Console console) {
        TrainedModel model = open(run);
        EvaluationConfig usual = model.config().evaluation();
        EvaluationConfig once = new EvaluationConfig(
                draws == null ? usual.importanceSamples() : draws, 1, usual.batchSize(), usual.seed());
        try (ProgressView progress = console.progress()) {
            return new Evaluator(model, once)
                    .evaluate(run, Checkpoints.BEST, TEST, test, new DataProgress(progress))
                    .summed(run)
                    .apart(run);
        }
    }

    /** The model of a run's best weights. */
    public static TrainedModel open(RunDirectory run) {
        return TrainedModel.open(
                run, Checkpoints.BEST, DataSources.shape(run.readConfig().data()));
    }
}
