package org.likelihood4j.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.config.data.ToyConfig;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.kinds.Vocabulary;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.statistics.LogMeanExp;

/**
 * Estimates a trained model's likelihoods on a set of examples.
 *
 * <pre>
 * metrics   the model's own, at one draw for each image and repeat
 * nll       -log (1/K sum over k of w_k), log w_k = log p(x|z_k) + log p(z_k) - log q(z_k|x): an upper bound of -log p(x) that
 *           falls with K (Burda et al. 2016); for a flow of images w_k = p(pixels + u_k)
 * bits/dim  -log p / (D ln 2) for models of the stored integers, in total and for each term
 * </pre>
 *
 * <p>Of rows whose density is known there are the divergences between it and the model, see {@link OwnDraws}.
 *
 * <p>Of a model with a condition y all of these are of p(x|y); {@link ClassPosterior} adds p(y|x) and p(x).
 *
 * <p>The noise of an example is a function of the seed, the example and the draw, so the batch size changes no more than the last bits
 * (products of other sizes add in another order); the noise that defines the data (binarisation) is the same at every draw and
 * repeat, and so has no part in the spread, but in the standard error.
 */
public final class Evaluator {

    private final TrainedModel trained;
    private final EvaluationConfig settings;

    /**
     * An evaluator.
     *
     * @param settings may differ from the run's own
     */
    public Evaluator(TrainedModel trained, EvaluationConfig settings) {
        this.trained = trained;
        this.settings = settings;
    }

    /**
     * Evaluates.
     *
     * @param run its folder's name goes into the result
     * @param checkpoint where the values come from
     * @param split the set's name: train, validation or test
     * @throws RunException if the set is empty or not of the model's shape
     * @throws CancellationException if {@code progress} says that it is cancelled
     */
    public Evaluation evaluate(
            RunDirectory run, String checkpoint, String split, Examples set, ProgressListener progress) {
        if (set.size() == 0) {
            throw new RunException(
                    "the " + split + " split has no " + set.shape().noun() + "; choose another with --split");
        }
        trained.requireShape(set, trained.condition().isPresent());
        long started = System.nanoTime();
        Model model = trained.values().model();
        List<Evaluation.Quantity> quantities = new ArrayList<>();
        double bits = -1 / (model.shape().size() * Math.log(2));
        List<Metric> metrics = model.metrics();
        boolean exact = model instanceof ExactDensityModel;
        RepeatedMean[] means = metrics(metrics, split, set, progress);
        if (model.hasBitsPerDimension()) {
            String what = exact
                    ? "-log p(pixels + u)/(D ln 2): the sum of the terms below"
                    : "-ELBO/(D ln 2), which is at least that of the stored integers";
            quantities.add(means[0].quantity("bits_per_dim", "bits/dim", what, bits));
            for (int i = 1; exact && i < means.length; i++) {
                Metric metric = metrics.get(i);
                quantities.add(means[i].quantity(
                        "bits_per_dim/" + metric.name(), "bits/dim", "term: " + metric.description(), bits));
            }
        }
        boolean terms = exact && model.hasBitsPerDimension();
        for (int i = 0; i < (terms ? 1 : means.length); i++) {
            Metric metric = metrics.get(i);
            quantities.add(means[i].quantity(metric.name(), metric.unit(), metric.description(), 1));
        }
        // Of a flow one draw is the log-likelihood above, and without noise every draw.
        boolean drawn = model.hasLikelihood()
                && (!(model instanceof ExactDensityModel) || (settings.importanceSamples() > 1 && drawsNoise(model)));
        Optional<RepeatedMean> logLikelihood = exact && !drawn ? Optional.of(means[0]) : Optional.empty();
        if (!model.learnsFromData()) {
            RepeatedMean ofData = logDensities(split, set, progress);
            quantities.add(ofData.quantity("log_likelihood", "nats", "log-density of the data", 1));
            logLikelihood = Optional.of(ofData);
        } else if (drawn) {
            RepeatedMean estimate = importanceWeighted(split, set, progress);
            logLikelihood = Optional.of(estimate);
            String k = "K = " + settings.importanceSamples();
            quantities.add(estimate.quantity("nll", "nats", "-log p(x), importance-weighted bound, " + k, -1));
            if (model.hasBitsPerDimension()) {
                quantities.add(estimate.quantity(
                        "bits_per_dim_importance_weighted", "bits/dim", "the same in bits/dim, " + k, bits));
            }
        }
        if (model.condition().isPresent() && model.hasLikelihood()) {
            quantities.addAll(
                    new ClassPosterior(trained, settings, model.condition().orElseThrow())
                            .evaluate(split, set, rows(set), done -> report(progress, "classes", done, set.size())));
        }
        // The known density is that of whole rows.
        if (set.logDensity(0).isPresent() && model.given().isEmpty()) {
            logLikelihood.ifPresent(nats -> quantities.addAll(divergence(nats, set)));
            quantities.addAll(ownDraws(model, split, set, progress));
        }
        return new Evaluation(
                run.path().toAbsolutePath().normalize().getFileName().toString(),
                checkpoint,
                null,
                split,
                set.size(),
                settings.seed(),
                settings.importanceSamples(),
                settings.repeats(),
                quantities,
                (System.nanoTime() - started) / 1e9);
    }

    private static boolean drawsNoise(Model model) {
        return model.logWeight().inputs().stream().anyMatch(FunctionInput.NoiseInput.class::isInstance);
    }

    /**
     * Of a model from the density that the data were drawn from: both at the same examples, so that most of the noise cancels. Of a likelihood that is estimated from
     * below it is a bound from above.
     */
    private List<Evaluation.Quantity> divergence(RepeatedMean logLikelihood, Examples set) {
        RepeatedMean known = new RepeatedMean(set.size(), 1);
        RepeatedMean divergence = new RepeatedMean(set.size(), 1);
        for (int i = 0; i < set.size(); i++) {
            double truth = set.logDensity(i).orElseThrow();
            known.add(0, i, truth);
            divergence.add(0, i, truth - logLikelihood.of(i));
        }
        return List.of(
                known.quantity("true_log_density", "nats", "log of the density that the data were drawn from", 1),
                divergence.quantity("kl_data_model", "nats", "KL(data || model), from the difference of the two", 1));
    }

    /** Of a model whose draws have an exact density, and are all that the known one is of. */
    private List<Evaluation.Quantity> ownDraws(Model model, String split, Examples set, ProgressListener progress) {
        if (!(model instanceof ExactDensityModel)
                || drawsNoise(model)
                || !(trained.config().data() instanceof ToyConfig toy)
                || !(set.shape() instanceof VectorShape rows && rows.isOfNumbers())) {
            return List.of();
        }
        return new OwnDraws(trained, rows(set))
                .weigh(
                        set,
                        keys(split + "/own", 0),
                        Vocabulary.of(toy.density())::logDensity,
                        done -> report(progress, "own draws", done, set.size()));
    }

    /** Of a density without noise, which every repeat would find again. */
    private RepeatedMean logDensities(String split, Examples set, ProgressListener progress) {
        RepeatedMean result = new RepeatedMean(set.size(), 1);
        try (CompiledFunction program = CompiledFunction.compile(
                ModelBuilder.engine(trained.config()),
                trained.values().model().logWeight(),
                trained.values(),
                rows(set))) {
            program.overSet(set, keys(split, 0), (batch, outputs) -> {
                double[] nats = outputs.only();
                for (int row = 0; row < batch.size(); row++) {
                    result.add(0, batch.indices()[row], nats[row]);
                }
                report(progress, "densities", batch.indices()[batch.size() - 1] + 1, set.size());
            });
        }
        return result;
    }

    private RepeatedMean[] metrics(List<Metric> metrics, String split, Examples set, ProgressListener progress) {
        RepeatedMean[] means = repeated(metrics.size(), set.size());
        Model model = trained.values().model();
        try (CompiledFunction program = CompiledFunction.compile(
                ModelBuilder.engine(trained.config()), model.evaluationLoss(), trained.values(), rows(set))) {
            for (int i = 0; i < settings.repeats(); i++) {
                int repeat = i;
                program.overSet(set, keys(split, repeat), (batch, outputs) -> {
                    for (int m = 0; m < means.length; m++) {
                        for (int row = 0; row < batch.size(); row++) {
                            means[m].add(
                                    repeat,
                                    batch.indices()[row],
                                    outputs.get(metrics.get(m).name())[row]);
                        }
                    }
                    long done = (long) repeat * set.size() + batch.indices()[batch.size() - 1] + 1;
                    report(progress, "metrics", done, (long) settings.repeats() * set.size());
                });
            }
        }
        return means;
    }

    /** log of the mean weight of K draws for each image, {@code settings.repeats()} times. */
    private RepeatedMean importanceWeighted(String split, Examples set, ProgressListener progress) {
        int k = settings.importanceSamples();
        RepeatedMean result = repeated(1, set.size())[0];
        int rows = rows(set);
        Model model = trained.values().model();
        try (CompiledFunction program = CompiledFunction.compile(
                ModelBuilder.engine(trained.config()), model.logWeight(), trained.values(), rows)) {
            int batches = Batches.covering(set, rows);
            for (int b = 0; b < batches; b++) {
                Batch batch = Batches.evaluation(set, rows, b);
                try (CompiledFunction.Draws draws = program.draws(batch)) {
                    for (int repeat = 0; repeat < settings.repeats(); repeat++) {
                        LogMeanExp[] weights = draws.logMeanExp(draw -> keys(split, draw), (long) repeat * k, k);
                        for (int row = 0; row < batch.size(); row++) {
                            result.add(repeat, batch.indices()[row], weights[row].value());
                        }
                    }
                }
                report(progress, "importance samples", batch.indices()[batch.size() - 1] + 1, set.size());
            }
        }
        return result;
    }

    private static void report(ProgressListener progress, String what, long done, long total) {
        if (progress.cancelled()) {
            throw new CancellationException("the evaluation was cancelled");
        }
        progress.progress(what, done, total);
    }

    /** Rows computed at once: more than there are images would only be padding. */
    private int rows(Examples set) {
        return Math.min(MemoryNeed.rows(trained.config(), trained.values().model(), settings.batchSize()), set.size());
    }

    private NoiseKeys keys(String split, long draw) {
        return NoiseKeys.evaluation(trained.config().seed(), settings.seed(), split, draw);
    }

    private RepeatedMean[] repeated(int count, int images) {
        RepeatedMean[] means = new RepeatedMean[count];
        for (int i = 0; i < count; i++) {
            means[i] = new RepeatedMean(images, settings.repeats());
        }
        return means;
    }
}
