package org.likelihood4j.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.statistics.LogMeanExp;

/**
 * What a model of p(x|y) says of the class of an example, with all C classes as likely as each other beforehand:
 *
 * <pre>
 * log p(x)   = log (1/C sum over y of p(x|y))
 * log p(y|x) = log p(x|y) - log C - log p(x)
 * </pre>
 *
 * <p>p(x|y) is the model's weight at one draw of the dequantisation noise, the same for all classes (flows), or the importance-weighted
 * estimate of a few draws (others). The most probable class is the one that a classifier made of the model would give.
 */
final class ClassPosterior {
    /** So many draws for each class at most: each is C passes. */
    private static final int MOST_DRAWS = 10;

    private final TrainedModel trained;
    private final EvaluationConfig settings;
    private final FunctionInput.Condition condition;
    private final int draws;

    ClassPosterior(TrainedModel trained, EvaluationConfig settings, FunctionInput.Condition condition) {
        this.trained = trained;
        this.settings = settings;
        this.condition = condition;
        this.draws = trained.values().model() instanceof ExactDensityModel
                ? 1
                : Math.min(MOST_DRAWS, settings.importanceSamples());
    }

    /**
     * Evaluates.
     *
     * @param rows computed at once
     * @param done hears how many examples are
     */
    List<Evaluation.Quantity> evaluate(String split, Examples set, int rows, LongConsumer done) {
        RepeatedMean right = new RepeatedMean(set.size(), 1);
        RepeatedMean posterior = new RepeatedMean(set.size(), 1);
        RepeatedMean marginal = new RepeatedMean(set.size(), 1);
        Model model = trained.values().model();
        try (CompiledFunction program = CompiledFunction.compile(
                ModelBuilder.engine(trained.config()), model.logWeight(), trained.values(), rows)) {
            for (int b = 0; b < Batches.covering(set, rows); b++) {
                Batch batch = Batches.evaluation(set, rows, b);
                double[][] byClass = byClass(program, batch, split);
                for (int row = 0; row < batch.size(); row++) {
                    int index = batch.indices()[row];
                    int label = batch.labels()[row];
                    LogMeanExp mean = new LogMeanExp();
                    int best = 0;
                    for (int y = 0; y < byClass.length; y++) {
                        mean.add(byClass[y][row]);
                        best = byClass[y][row] > byClass[best][row] ? y : best;
                    }
                    marginal.add(0, index, mean.value());
                    posterior.add(0, index, byClass[label][row] - Math.log(byClass.length) - mean.value());
                    right.add(0, index, best == label ? 1 : 0);
                }
                done.accept(batch.indices()[batch.size() - 1] + 1);
            }
        }
        return quantities(model, right, posterior, marginal);
    }

    /** log p(x|y) of each class, by class and row. */
    private double[][] byClass(CompiledFunction program, Batch batch, String split) {
        double[][] byClass = new double[condition.classes()][];
        for (int y = 0; y < byClass.length; y++) {
            try (CompiledFunction.Draws drawn = program.draws(batch.of(y))) {
                LogMeanExp[] means = drawn.logMeanExp(
                        draw -> NoiseKeys.evaluation(trained.config().seed(), settings.seed(), split, draw), 0, draws);
                byClass[y] = new double[means.length];
                for (int row = 0; row < means.length; row++) {
                    byClass[y][row] = means[row].value();
                }
            }
        }
        return byClass;
    }

    private List<Evaluation.Quantity> quantities(
            Model model, RepeatedMean right, RepeatedMean posterior, RepeatedMean marginal) {
        String how = String.format(
                Locale.ROOT,
                ", of %d classes, as likely as each other; %s",
                condition.classes(),
                draws == 1 ? "one draw" : "K = " + draws);
        List<Evaluation.Quantity> quantities = new ArrayList<>();
        quantities.add(right.quantity("accuracy", "share", "share whose most probable class is their own" + how, 1));
        quantities.add(posterior.quantity("log_class_posterior", "nats", "log p(y|x) of their own class" + how, 1));
        quantities.add(marginal.quantity("log_marginal", "nats", "log p(x) = log of the mean of p(x|y)" + how, 1));
        if (model.hasBitsPerDimension()) {
            quantities.add(marginal.quantity(
                    "bits_per_dim_marginal",
                    "bits/dim",
                    "-log p(x)/(D ln 2), without the class" + how,
                    -1 / (model.shape().size() * Math.log(2))));
        }
        return quantities;
    }
}
