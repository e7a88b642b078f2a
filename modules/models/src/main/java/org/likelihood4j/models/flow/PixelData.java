package org.likelihood4j.models.flow;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.Dequantization;
import org.likelihood4j.models.bijectors.Logit;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Images of integer pixels: {@code v = pixels + u}, u uniform on [0, 1), then to [0, 1) and through
 * the logit.
 *
 * @param levels pixel values are 0 ... levels - 1
 * @param alpha of the logit, at least {@link #SMALLEST_ALPHA} and below 1/2
 * @param standardizationFloor at least {@link #SMALLEST_STANDARDIZATION_FLOOR}
 */
public record PixelData(EventShape.Image shape, int levels, HalfOrder halves, double alpha, double standardizationFloor)
        implements FlowData {
    /**
     * Smallest alpha: float32 pixels end 6e-8 below 1, so that one much smaller is seen only by
     * pixels that are rounded to 1.
     */
    public static final double SMALLEST_ALPHA = 1e-12;

    /**
     * Smallest floor: standard deviations of logits, which are of the size of 1 to 30, below it are
     * float32's rounding.
     */
    public static final double SMALLEST_STANDARDIZATION_FLOOR = 1e-6;

    public PixelData {
        if (levels < 2) {
            throw new IllegalArgumentException("levels must be at least 2, was " + levels);
        }
        if (!(alpha >= SMALLEST_ALPHA && alpha < 0.5)) {
            throw new IllegalArgumentException("alpha must be in [" + SMALLEST_ALPHA + ", 0.5), was " + alpha);
        }
        if (!(standardizationFloor >= SMALLEST_STANDARDIZATION_FLOOR) || Double.isInfinite(standardizationFloor)) {
            throw new IllegalArgumentException("standardizationFloor must be at least " + SMALLEST_STANDARDIZATION_FLOOR
                    + " and finite, was " + standardizationFloor);
        }
        if (!halves.splits(shape)) {
            throw new IllegalArgumentException(
                    "the order " + halves + " leaves one half of a " + shape + " image empty");
        }
    }

    @Override
    public SDVariable observe(GraphBuilder g) {
        return pixels(g).add(noise(g));
    }

    SDVariable pixels(GraphBuilder g) {
        return g.input(new FunctionInput.Data("pixels", shape));
    }

    /** Uniform on [0, 1). */
    SDVariable noise(GraphBuilder g) {
        return g.input(new FunctionInput.NoiseInput("dequantization_noise", shape, Noise.UNIFORM, Renewal.DRAW));
    }

    @Override
    public List<Stage> stages() {
        return List.of(
                new Stage("dequantization", "log-det of the scaling to [0, 1)", new Dequantization(shape, levels)),
                new Stage("logit", "log-det of the logit, with its log(1 - 2 alpha)", new Logit(shape, alpha)));
    }

    @Override
    public int unitStages() {
        return 1;
    }

    /** Logits are at most log(1/alpha) either way. */
    @Override
    public double largestLogInput() {
        return Math.log(-2 * Math.log(alpha) / standardizationFloor);
    }

    @Override
    public boolean storesIntegers() {
        return true;
    }

    @Override
    public String densityOf() {
        return "the dequantised pixels";
    }
}
