package org.likelihood4j.models.bijectors;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code y = (x - shift) / exp(logScale)} for each column, with the mean and the log of the
 * standard deviation of the training data, of each column or of each channel of images, as buffers;
 * {@code log|det J| = -sum(logScale)}.
 */
public final class Standardization implements Bijector {
    /** Its inverse is far within float32. */
    public static final double SMALLEST = 1e-30;

    private final EventShape shape;
    private final double floor;
    private final Parameter shift;
    private final Parameter logScale;

    /**
     * A standardisation that is the identity until its buffers are set.
     *
     * @param floor smallest standard deviation that is divided by, above 0: constant pixels would
     *     else blow up
     */
    public Standardization(ParameterPath path, EventShape shape, double floor) {
        if (!(floor > 0) || Double.isInfinite(floor)) {
            throw new IllegalArgumentException("the floor must be above 0 and finite, was " + floor);
        }
        this.shape = shape;
        this.floor = floor;
        this.shift = buffer(path.child("shift"));
        this.logScale = buffer(path.child("logScale"));
    }

    /**
     * Of rows of real numbers, whatever their units: data are checked for columns that do not vary,
     * so the floor only keeps the rounding of such a one finite.
     */
    public static Standardization ofData(EventShape shape) {
        return new Standardization(ParameterPath.root().child("standardization"), shape, SMALLEST);
    }

    private Parameter buffer(ParameterPath path) {
        return new Parameter(path.prefix(), List.of((long) shape.size()), Initializer.zeros(), false);
    }

    @Override
    public EventShape inputShape() {
        return shape;
    }

    @Override
    public List<Parameter> buffers() {
        return List.of(shift, logScale);
    }

    /** The buffers' values for data with these column means and variances. */
    public Map<String, double[]> values(double[] mean, double[] variance) {
        double[] logScales = new double[shape.size()];
        for (int i = 0; i < shape.size(); i++) {
            logScales[i] = Math.log(Math.max(Math.sqrt(variance[i]), floor));
        }
        return Map.of(shift.name(), mean.clone(), logScale.name(), logScales);
    }

    /**
     * The buffers' values with one mean and one variance for all places of a channel of the images: to convolutions black is then the same
     * number everywhere.
     */
    public Map<String, double[]> channelValues(double[] mean, double[] variance) {
        int channels = ((EventShape.Image) shape).channels();
        int places = shape.size() / channels;
        double[] means = new double[shape.size()];
        double[] variances = new double[shape.size()];
        for (int from = 0; from < shape.size(); from += places) {
            double sum = 0;
            double squares = 0;
            for (int i = from; i < from + places; i++) {
                sum += mean[i];
                squares += variance[i] + mean[i] * mean[i];
            }
            double common = sum / places;
            Arrays.fill(means, from, from + places, common);
            Arrays.fill(variances, from, from + places, squares / places - common * common);
        }
        return values(means, variances);
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        SDVariable inverseScale = g.sameDiff().math().exp(g.buffer(logScale).neg());
        return new Result(x.sub(g.buffer(shift)).mul(inverseScale), logDet(g, x).neg());
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        SDVariable scale = g.sameDiff().math().exp(g.buffer(logScale));
        return new Result(y.mul(scale).add(g.buffer(shift)), logDet(g, y));
    }

    /** The log of each column's standard deviation, {@code [size]}. */
    public SDVariable logScale(GraphBuilder g) {
        return g.buffer(logScale);
    }

    private SDVariable logDet(GraphBuilder g, SDVariable x) {
        return StableOps.zerosPerExample(x, shape).add(g.buffer(logScale).sum());
    }
}
