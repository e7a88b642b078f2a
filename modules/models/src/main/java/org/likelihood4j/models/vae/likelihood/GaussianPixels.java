package org.likelihood4j.models.vae.likelihood;

import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code x = pixel/255 ~ N(output, sigma^2)}, independent pixels. Log-densities are those of x,
 * that is, of intensities in [0, 1], not of the integers.
 *
 * @param sigma where it is learned, the first one
 */
public record GaussianPixels(double sigma, LearnedSigma learned) implements Likelihood {
    /** With a sigma that is not learned. */
    public GaussianPixels(double sigma) {
        this(sigma, LearnedSigma.NONE);
    }

    public GaussianPixels {
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException("sigma must be above 0 and finite, was " + sigma);
        }
    }

    @Override
    public SDVariable observe(GraphBuilder g, SDVariable pixels, EventShape shape) {
        return pixels.div(WHITE);
    }

    @Override
    public Density density(GraphBuilder g, SDVariable output, EventShape shape) {
        return learned.around(g, shape, output, sigma);
    }

    @Override
    public Noise pixelNoise() {
        return Noise.NORMAL;
    }

    @Override
    public SDVariable mean(GraphBuilder g, SDVariable output, EventShape shape) {
        return learned.mean(output, shape);
    }

    @Override
    public EventShape outputShape(EventShape shape) {
        return learned.outputShape(shape);
    }

    @Override
    public List<Parameter> parameters() {
        return learned.parameters(sigma);
    }

    @Override
    public Map<String, double[]> initial(String outputBias, EventShape shape, double[] mean, double[] variance) {
        return Map.of(outputBias, learned.outputBias(mean, sigma));
    }

    @Override
    public boolean isLikelihood() {
        return true;
    }
}
