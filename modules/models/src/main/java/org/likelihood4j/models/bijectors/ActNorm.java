package org.likelihood4j.models.bijectors;

import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code y = exp(l) x + b} for each channel of a map, with learned vectors l and b, the same at every
 * place (Kingma and Dhariwal 2018); {@code log|det J| = H W sum(l)}.
 *
 * <p>l is bounded: {@code l = c tanh(r / c)} with the raw parameter r. It starts from the data, so
 * that each channel has mean 0 and variance 1 ({@link #values}); until then it is the identity.
 */
public final class ActNorm implements Bijector {
    /** What tanh can be at most, as it starts: beyond it hardly any gradient comes through. */
    private static final double LARGEST_TANH = 0.99;

    private final FeatureMap shape;
    private final double bound;
    private final Parameter raw;
    private final Parameter bias;

    /** @param bound c, above 0 */
    public ActNorm(ParameterPath path, FeatureMap shape, double bound) {
        if (!(bound > 0) || Double.isInfinite(bound)) {
            throw new IllegalArgumentException("the log-scale bound must be above 0 and finite, was " + bound);
        }
        this.shape = shape;
        this.bound = bound;
        List<Long> channels = List.of((long) shape.channels());
        this.raw = new Parameter(path.child("scale").prefix(), channels, Initializer.zeros(), false);
        this.bias = new Parameter(path.child("bias").prefix(), channels, Initializer.zeros(), false);
    }

    @Override
    public FeatureMap inputShape() {
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(raw, bias);
    }

    /** What the means and variances of {@link #values} are those of: {@code [N H W, C]}. */
    public SDVariable statistic(SDVariable x) {
        return x.reshape(-1, shape.channels());
    }

    /** The parameters for channels with these means and variances. */
    public Map<String, double[]> values(double[] mean, double[] variance) {
        double[] raws = new double[mean.length];
        double[] biases = new double[mean.length];
        for (int i = 0; i < mean.length; i++) {
            double tanh = -0.5 * Math.log(variance[i]) / bound;
            double kept = Math.max(-LARGEST_TANH, Math.min(tanh, LARGEST_TANH));
            raws[i] = bound * 0.5 * Math.log((1 + kept) / (1 - kept));
            biases[i] = -mean[i] * Math.exp(bound * kept);
        }
        return Map.of(raw.name(), raws, bias.name(), biases);
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        SDVariable l = StableOps.bounded(g.parameter(raw), bound);
        SDVariable y = statistic(x).mul(g.sameDiff().math().exp(l)).add(g.parameter(bias));
        return new Result(y.reshape(-1, shape.size()), logDet(x, l));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        SDVariable l = StableOps.bounded(g.parameter(raw), bound);
        SDVariable x =
                statistic(y).sub(g.parameter(bias)).mul(g.sameDiff().math().exp(l.neg()));
        return new Result(x.reshape(-1, shape.size()), logDet(y, l).neg());
    }

    private SDVariable logDet(SDVariable x, SDVariable l) {
        return StableOps.zerosPerExample(x, shape).add(l.sum().mul(shape.places()));
    }
}
