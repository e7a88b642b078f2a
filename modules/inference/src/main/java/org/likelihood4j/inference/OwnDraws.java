package org.likelihood4j.inference;

import java.util.ArrayList;
import java.util.List;
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
 * effective_sample_size  (mean of w)^2 / mean of w^2, a share of the draws: 1 where q = p
 * log_normalizer         log of the mean of w: log of the integral of p, which is 0, as far as the draws have been there
 * </pre>
 *
 * <p>q may be p on a part of the plane and 0 elsewhere: then all draws look well, and only the last of the three can tell, or data. Standard
 * errors of the other two are those of their linear parts.
 */
final class OwnDraws {
    private static final String SAMPLE = "intensity";
    private static final String LOG_DENSITY = "log_weight";

    private final TrainedModel trained;
    private final int rows;

    OwnDraws(TrainedModel trained, int rows) {
        this.trained = trained;
        this.rows = rows;
    }

    /**
     * Draws and weighs.
     *
     * @param like as many draws as it has examples
     * @param keys of the draws
     * @param known the log of the density of a row of real numbers, nats
     */
    List<Evaluation.Quantity> weigh(Examples like, NoiseKeys keys, ToDoubleFunction<double[]> known) {
        VectorShape shape = (VectorShape) like.shape();
        double[] drawn = new double[Math.multiplyExact(like.size(), shape.size())];
        try (CompiledFunction sampling = compile(trained.values().model().sample())) {
            sampling.overSet(like, keys, (batch, outputs) -> {
                double[] values = outputs.get(SAMPLE);
                System.arraycopy(values, 0, drawn, batch.indices()[0] * shape.size(), batch.size() * shape.size());
            });
        }
        Table own = Table.owning(shape, drawn, new int[like.size()]);
        double[] logWeights = new double[own.size()];
        try (CompiledFunction density = compile(trained.values().model().logWeight())) {
            density.overSet(own, keys, (batch, outputs) -> {
                double[] logQ = outputs.get(LOG_DENSITY);
                for (int row = 0; row < batch.size(); row++) {
                    int i = batch.indices()[row];
                    logWeights[i] = known.applyAsDouble(own.values(i)) - logQ[row];
                }
            });
        }
        return quantities(logWeights);
    }

    private CompiledFunction compile(ModelFunction function) {
        return CompiledFunction.compile(ModelBuilder.engine(trained.config()), function, trained.values(), rows);
    }

    /** Of log-weights, nats. */
    static List<Evaluation.Quantity> quantities(double... logWeights) {
        Moments log = new Moments();
        double largest = Double.NEGATIVE_INFINITY;
        for (double weight : logWeights) {
            log.add(-weight);
            largest = Math.max(largest, weight);
        }
        List<Evaluation.Quantity> quantities = new ArrayList<>();
        quantities.add(
                quantity("kl_model_data", "nats", "KL(model || data), of the model's own draws", log.mean(), log));
        Moments mean = new Moments();
        Moments square = new Moments();
        for (double weight : logWeights) {
            double w = Math.exp(weight - largest);
            mean.add(w);
            square.add(w * w);
        }
        double share = mean.mean() * mean.mean() / square.mean();
        Moments ofShare = new Moments();
        Moments ofLog = new Moments();
        for (double weight : logWeights) {
            double w = Math.exp(weight - largest) / mean.mean();
            // The derivatives of a^2/b and log a, times what a draw has beyond the mean.
            ofShare.add(share * (2 * (w - 1) - (w * w * share - 1)));
            ofLog.add(w);
        }
        quantities.add(quantity(
                "effective_sample_size",
                "of 1",
                "(mean w)^2 / mean w^2 of the weights w = p/q of the model's own draws",
                share,
                ofShare));
        quantities.add(quantity(
                "log_normalizer",
                "nats",
                "log of the mean weight: 0 where the model's draws cover the density",
                largest + Math.log(mean.mean()),
                ofLog));
        return quantities;
    }

    private static Evaluation.Quantity quantity(
            String name, String unit, String description, double value, Moments spread) {
        return new Evaluation.Quantity(
                name,
                unit,
                finiteOrNull(value),
                finiteOrNull(spread.standardError()),
                null,
                spread.nonFinite(),
                description);
    }

    private static Double finiteOrNull(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
