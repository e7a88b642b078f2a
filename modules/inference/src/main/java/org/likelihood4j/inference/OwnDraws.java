package org.likelihood4j.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.statistics.Moments;

/**
 * What a known density p says of a model's own draws x ~ q, by their weights w = p(x)/q(x):
 *
 * <pre>
 * kl_model_data          KL(q || p) = -E_q[log w]
 * effective_sample_size  (mean of w)^2 / mean of w^2, a share of the draws: 1 where q = p (Kong 1992)
 * log_normalizer         log of the mean of w: log of the integral of p, which is 0, as far as the draws have been there
 * </pre>
 *
 * <p>Where q is p on a part of the plane and 0 elsewhere the second one is 1 all the same; the others are then the log of that part. The
 * standard errors of the last two are those of their linear parts.
 */
final class OwnDraws {
    private final TrainedModel trained;
    private final int rows;

    /** @param rows computed at once */
    OwnDraws(TrainedModel trained, int rows) {
        this.trained = trained;
        this.rows = rows;
    }

    /**
     * Draws and weighs. A draw that is not finite is counted as a value that is not.
     *
     * @param like as many draws as it has examples
     * @param keys of the draws
     * @param known the log of the density of a row of real numbers, nats
     * @param done hears how many draws are weighed
     */
    List<Evaluation.Quantity> weigh(
            Examples like, NoiseKeys keys, ToDoubleFunction<double[]> known, LongConsumer done) {
        VectorShape shape = (VectorShape) like.shape();
        int size = shape.size();
        double[] drawn = new double[Math.multiplyExact(like.size(), size)];
        try (CompiledFunction sampling = compile(trained.values().model().sample())) {
            sampling.overSet(like, keys, (batch, outputs) -> {
                System.arraycopy(outputs.only(), 0, drawn, batch.indices()[0] * size, batch.size() * size);
                done.accept(0);
            });
        }
        double[] finite =
                Arrays.stream(drawn).map(x -> Double.isFinite(x) ? x : 0).toArray();
        Table own = Table.owning(shape, finite, new int[like.size()]);
        double[] logWeights = new double[own.size()];
        try (CompiledFunction density = compile(trained.values().model().logWeight())) {
            density.overSet(own, keys, (batch, outputs) -> {
                double[] logQ = outputs.only();
                for (int row = 0; row < batch.size(); row++) {
                    int i = batch.indices()[row];
                    double[] x = Arrays.copyOfRange(drawn, i * size, (i + 1) * size);
                    logWeights[i] = Arrays.stream(x).allMatch(Double::isFinite)
                            ? known.applyAsDouble(x) - logQ[row]
                            : Double.NaN;
                }
                done.accept(batch.indices()[batch.size() - 1] + 1);
            });
        }
        return quantities(logWeights);
    }

    private CompiledFunction compile(ModelFunction function) {
        return CompiledFunction.compile(ModelBuilder.engine(trained.config()), function, trained.values(), rows);
    }

    /**
     * Of log-weights, nats.
     *
     * @param logWeights {@code -Infinity} where the density is 0: then the KL is infinite, and is left out
     */
    static List<Evaluation.Quantity> quantities(double... logWeights) {
        Moments kl = new Moments();
        double largest = Double.NEGATIVE_INFINITY;
        boolean left = false;
        long bad = 0;
        for (double weight : logWeights) {
            kl.add(-weight);
            largest = weight > largest ? weight : largest;
            left |= weight == Double.NEGATIVE_INFINITY;
            bad += Double.isNaN(weight) ? 1 : 0;
        }
        List<Evaluation.Quantity> quantities = new ArrayList<>();
        if (!left) {
            quantities.add(quantity(
                    "kl_model_data", "nats", "KL(model || data), of the model's own draws", kl.mean(), kl, bad));
        }
        Moments first = new Moments();
        Moments second = new Moments();
        for (double weight : logWeights) {
            double w = Math.exp(weight - largest);
            first.add(w);
            second.add(w * w);
        }
        double share = first.mean() * first.mean() / second.mean();
        Moments ofShare = new Moments();
        Moments ofLog = new Moments();
        for (double weight : logWeights) {
            double w = Math.exp(weight - largest) / first.mean();
            // The derivatives of a^2/b and log a, times what a draw has beyond the mean.
            ofShare.add(share * (2 * (w - 1) - (w * w * share - 1)));
            ofLog.add(w);
        }
        quantities.add(quantity(
                "effective_sample_size",
                "share",
                "(mean w)^2 / mean w^2 of the weights w = p/q of the model's own draws",
                share,
                ofShare,
                bad));
        quantities.add(quantity(
                "log_normalizer",
                "nats",
                "log of the mean weight: 0 where the model's draws cover the density",
                largest + Math.log(first.mean()),
                ofLog,
                bad));
        return quantities;
    }

    private static Evaluation.Quantity quantity(
            String name, String unit, String description, double value, Moments spread, long bad) {
        return new Evaluation.Quantity(
                name,
                unit,
                RepeatedMean.finiteOrNull(value),
                RepeatedMean.finiteOrNull(spread.standardError()),
                null,
                bad,
                description);
    }
}
