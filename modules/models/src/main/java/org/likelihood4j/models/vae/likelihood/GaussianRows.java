package org.likelihood4j.models.vae.likelihood;

import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Rows of real numbers: standardised, {@code x ~ N(output, sigma^2)}, independent columns.
 * Log-densities are those of the stored rows in their own units, for which the log-determinant of
 * the standardisation is added.
 *
 * @param standardization of the D columns; its buffers become part of the model
 * @param sigma in standard deviations of a column
 */
public record GaussianRows(Standardization standardization, double sigma) implements Likelihood {
    public GaussianRows {
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException("sigma must be above 0 and finite, was " + sigma);
        }
    }

    @Override
    public SDVariable observe(GraphBuilder g, SDVariable data, EventShape shape) {
        return standardization.forward(g, data).value();
    }

    @Override
    public Density density(GraphBuilder g, SDVariable output, EventShape shape) {
        return new OwnUnits(g, standardization, DiagonalGaussian.around(g, shape, output, sigma));
    }

    /** A density of standardised rows, whose log counts in the rows' own units. */
    private record OwnUnits(GraphBuilder g, Standardization standardization, Density standardized) implements Density {
        @Override
        public EventShape shape() {
            return standardized.shape();
        }

        /** The log-determinant is the same at every x. */
        @Override
        public SDVariable logProb(SDVariable x) {
            return standardized.logProb(x).add(standardization.forward(g, x).logDet());
        }

        @Override
        public SDVariable sample(SDVariable noise) {
            return standardized.sample(noise);
        }
    }

    @Override
    public SDVariable shown(GraphBuilder g, SDVariable x) {
        return standardization.inverse(g, x).value();
    }

    @Override
    public SDVariable mean(GraphBuilder g, SDVariable output, EventShape shape) {
        return shown(g, output);
    }

    /** A draw of p(x|z): the mean alone would not have the model's density. */
    @Override
    public SDVariable draw(GraphBuilder g, SDVariable output, EventShape shape) {
        SDVariable noise = g.input(new FunctionInput.NoiseInput("observation", shape, Noise.NORMAL, Renewal.DRAW));
        return shown(g, density(g, output, shape).sample(noise));
    }

    @Override
    public SDVariable statistic(SDVariable data) {
        return data;
    }

    /** Standardised columns have the mean 0, as the output bias at its start. */
    @Override
    public Map<String, double[]> initial(String outputBias, EventShape shape, double[] mean, double[] variance) {
        return standardization.values(mean, variance);
    }

    @Override
    public List<Parameter> buffers() {
        return standardization.buffers();
    }

    @Override
    public boolean isLikelihood() {
        return true;
    }

    @Override
    public boolean ofPixels() {
        return false;
    }
}
