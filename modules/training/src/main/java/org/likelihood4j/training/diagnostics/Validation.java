package org.likelihood4j.training.diagnostics;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.runs.StartLoss;

/**
 * What the images tell of the parameters as they are: per-example metrics over the validation images, whether the two KLs agree
 * there, and the loss of a few training images.
 */
public final class Validation implements AutoCloseable {
    /** The split's name in the keys of its noise. */
    static final String SPLIT = "validation";

    private static final String TRAIN = "train";

    private final RunConfig config;
    private final Examples images;
    private final Examples watched;
    private final List<Metric> metrics;
    private final CompiledFunction program;
    /** Null without both KLs, or without validation images. */
    private final CompiledFunction bothKls;

    /**
     * Compiles what is needed.
     *
     * @param values that are validated; later changes of them are seen
     */
    public Validation(Engine engine, RunConfig config, ModelValues values, Splits data) {
        this.config = config;
        this.images = data.validation();
        this.watched =
                data.train().slice(0, Math.min(StartLoss.IMAGES, data.train().size()));
        this.metrics = values.model().metrics();
        ModelFunction loss = values.model().evaluationLoss();
        int rows = Math.min(
                MemoryNeed.rows(config, values.model(), config.evaluation().batchSize()),
                (images.size() == 0 ? watched : images).size());
        this.program = CompiledFunction.compile(engine, loss, values, rows);
        this.bothKls = KlColumns.of(metrics).isEmpty() || images.size() == 0
                ? null
                : CompiledFunction.compile(engine, loss, KlColumns.NAMES, values, rows);
    }

    /**
     * What a validation found.
     *
     * @param means by name; empty if there was none
     * @param kl of both KLs; empty without both
     */
    public record Result(Map<String, Double> means, Optional<KlAgreement.Sum> kl) {
        public static final Result NOTHING = new Result(Map.of(), Optional.empty());

        /** Null without both KLs. */
        KlAgreement agreement() {
            return kl.map(KlAgreement.Sum::result).orElse(null);
        }
    }

    /**
     * Over all validation images; without any it finds nothing. The noise of the metrics is the same every time, so that two
     * validations differ by their parameters only. That of the sampled KL, where there is an analytic one to compare it with, is
     * fresh: one draw for all epochs would be wrong in all of them alike.
     *
     * @param epoch 1 for the first
     */
    public Result run(long epoch) {
        if (images.size() == 0) {
            return Result.NOTHING;
        }
        NoiseKeys keys = NoiseKeys.evaluation(config.seed(), config.evaluation().seed(), SPLIT, 0);
        Map<String, Double> means = averages(images, keys).means();
        if (bothKls == null) {
            return new Result(means, Optional.empty());
        }
        KlAgreement.Sum kl = new KlAgreement.Sum();
        NoiseKeys fresh = NoiseKeys.agreement(config.seed(), config.evaluation().seed(), SPLIT, epoch);
        bothKls.overSet(images, fresh, (batch, outputs) -> KlColumns.ALONE.add(kl, outputs.of(KlColumns.NAMES)));
        means.put(LatentVariableModel.KL_SAMPLED, kl.result().sampled());
        return new Result(means, Optional.of(kl));
    }

    /** Of the training images that are watched; empty if a number is not finite. */
    public Optional<StartLoss> watched() {
        NoiseKeys keys = NoiseKeys.evaluation(config.seed(), config.evaluation().seed(), TRAIN, 0);
        MetricMeans averages = averages(watched, keys);
        Map<String, Double> means = averages.means();
        double kl = means.getOrDefault(
                LatentVariableModel.KL_ANALYTIC, means.getOrDefault(LatentVariableModel.KL_SAMPLED, 0.0));
        double loss = means.get("loss");
        double error = watched.size() > 1 ? averages.moments().get(0).standardError() : 0;
        return Double.isFinite(loss + kl + error) ? Optional.of(new StartLoss(loss, kl, error)) : Optional.empty();
    }

    private MetricMeans averages(Examples set, NoiseKeys keys) {
        MetricMeans averages = new MetricMeans(metrics);
        List<String> names = metrics.stream().map(Metric::name).toList();
        program.overSet(set, keys, (batch, outputs) -> averages.add(outputs.of(names)));
        return averages;
    }

    @Override
    public void close() {
        program.close();
        if (bothKls != null) {
            bothKls.close();
        }
    }
}
