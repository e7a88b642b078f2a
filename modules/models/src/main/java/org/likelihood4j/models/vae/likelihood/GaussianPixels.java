package org.likelihood4j.models.vae.likelihood;

import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code x = pixel/255 ~ N(output, sigma^2)}, independent pixels. Log-densities are those of x,
 * that is, of intensities in [0, 1], not of the integers.
 */
public record GaussianPixels(double sigma) implements Likelihood {
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
        return DiagonalGaussian.around(g, shape, output, sigma);
    }

    @Override
    public SDVariable mean(GraphBuilder g, SDVariable output, EventShape shape) {
        return output;
    }

    @Override
    public Map<String, double[]> initial(String outputBias, EventShape shape, double[] mean, double[] variance) {
        return Map.of(outputBias, mean);
    }

    @Override
    public boolean isLikelihood() {
        return true;
    }
}
