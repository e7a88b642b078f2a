package org.likelihood4j.models.vae.likelihood;

import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.densities.LogisticMixture;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Mixtures of discretised logistic distributions ({@link LogisticMixture}): a probability of the
 * stored integers, so that the bound counts bits of the data.
 *
 * @param components of each pixel's mixture, at least 1
 */
public record LogisticMixturePixels(int components) implements Likelihood {
    /** A component's scale is not below that of a few grey levels at the start. */
    private static final double SMALLEST_START = 0.02;

    private static final double APART = 0.2;

    public LogisticMixturePixels {
        if (components < 1) {
            throw new IllegalArgumentException("components must be at least 1, were " + components);
        }
    }

    @Override
    public EventShape outputShape(EventShape shape) {
        return LogisticMixture.parameterShape((EventShape.Image) shape, components);
    }

    @Override
    public SDVariable observe(GraphBuilder g, SDVariable pixels, EventShape shape) {
        return pixels.div(WHITE);
    }

    @Override
    public Density density(GraphBuilder g, SDVariable output, EventShape shape) {
        return mixture(g, output, shape);
    }

    private LogisticMixture mixture(GraphBuilder g, SDVariable output, EventShape shape) {
        return new LogisticMixture(g, (EventShape.Image) shape, output, components);
    }

    @Override
    public SDVariable mean(GraphBuilder g, SDVariable output, EventShape shape) {
        return mixture(g, output, shape).mean();
    }

    /**
     * Equal weights, means around that of each number, and the deviation that the number has over
     * the data.
     */
    @Override
    public Map<String, double[]> initial(String outputBias, EventShape shape, double[] mean, double[] variance) {
        EventShape.Image image = (EventShape.Image) shape;
        int places = image.height() * image.width();
        int maps = LogisticMixture.maps(image);
        double[] bias = new double[outputShape(shape).size()];
        for (int k = 0; k < components; k++) {
            int first = k * maps * places;
            for (int c = 0; c < image.channels(); c++) {
                for (int at = 0; at < places; at++) {
                    int number = c * places + at;
                    bias[first + (1 + c) * places + at] =
                            2 * mean[number] - 1 + APART * (k - (components - 1) / 2.0) / components;
                    // A logistic's deviation is pi/sqrt(3) times its scale.
                    double scale = 2 * Math.sqrt(variance[number]) * Math.sqrt(3) / Math.PI;
                    bias[first + (1 + image.channels() + c) * places + at] = Math.log(Math.max(scale, SMALLEST_START));
                }
            }
        }
        return Map.of(outputBias, bias);
    }

    @Override
    public boolean isLikelihood() {
        return true;
    }

    @Override
    public boolean ofIntegers() {
        return true;
    }
}
