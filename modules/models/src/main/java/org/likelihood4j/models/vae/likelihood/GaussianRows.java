package org.likelihood4j.models.vae.likelihood;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.rows.RowColumns;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Rows of a table: on the real line, standardised, {@code x ~ N(output, sigma^2)}, independent columns.
 * Log-densities are those of the stored rows in their own units, for which the log-determinants of
 * both ways are added; of whole numbers they are bounds, see {@link RowColumns}.
 *
 * @param columns the D columns
 * @param standardization of the columns on the real line; its buffers become part of the model
 * @param sigma in standard deviations of a column; where it is learned, the first one
 */
public record GaussianRows(RowColumns columns, Standardization standardization, double sigma, LearnedSigma learned)
        implements Likelihood {
    /** Of real numbers. */
    public GaussianRows(Standardization standardization, double sigma, LearnedSigma learned) {
        this(RowColumns.ofNumbers(standardization.inputShape().size()), standardization, sigma, learned);
    }

    /** With a sigma that is not learned. */
    public GaussianRows(Standardization standardization, double sigma) {
        this(standardization, sigma, LearnedSigma.NONE);
    }

    public GaussianRows {
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException("sigma must be above 0 and finite, was " + sigma);
        }
    }

    @Override
    public SDVariable observe(GraphBuilder g, SDVariable data, EventShape shape) {
        return standardization.forward(g, onLine(g, data)).value();
    }

    private SDVariable onLine(GraphBuilder g, SDVariable data) {
        SDVariable v = columns.observe(g, data);
        return columns.realLine().map(line -> line.forward(g, v).value()).orElse(v);
    }

    private Bijector.Result inverse(GraphBuilder g, SDVariable x) {
        Bijector.Result own = standardization.inverse(g, x);
        if (columns.realLine().isEmpty()) {
            return own;
        }
        Bijector.Result line = columns.realLine().get().inverse(g, own.value());
        return new Bijector.Result(line.value(), own.logDet().add(line.logDet()));
    }

    @Override
    public Density density(GraphBuilder g, SDVariable output, EventShape shape) {
        return new OwnUnits(
                learned.around(g, shape, output, sigma), x -> inverse(g, x).logDet());
    }

    /** A density of standardised rows, whose log counts in the rows' own units. */
    private record OwnUnits(Density standardized, UnaryOperator<SDVariable> inverseLogDet) implements Density {
        @Override
        public EventShape shape() {
            return standardized.shape();
        }

        @Override
        public SDVariable logProb(SDVariable x) {
            return standardized.logProb(x).sub(inverseLogDet.apply(x));
        }

        @Override
        public SDVariable sample(SDVariable noise) {
            return standardized.sample(noise);
        }
    }

    @Override
    public SDVariable shown(GraphBuilder g, SDVariable x) {
        return inverse(g, x).value();
    }

    @Override
    public SDVariable mean(GraphBuilder g, SDVariable output, EventShape shape) {
        return shown(g, learned.mean(output, shape));
    }

    /** A draw of p(x|z): the mean alone would not have the model's density. */
    @Override
    public SDVariable draw(GraphBuilder g, SDVariable output, EventShape shape) {
        SDVariable noise = g.input(new FunctionInput.NoiseInput("observation", shape, Noise.NORMAL, Renewal.DRAW));
        return shown(g, density(g, output, shape).sample(noise));
    }

    @Override
    public SDVariable statistic(GraphBuilder g, SDVariable data) {
        return onLine(g, data);
    }

    /** Standardised columns have the mean 0, as the output bias at its start. */
    @Override
    public Map<String, double[]> initial(String outputBias, EventShape shape, double[] mean, double[] variance) {
        Map<String, double[]> values = new LinkedHashMap<>(standardization.values(mean, variance));
        if (learned != LearnedSigma.NONE) {
            values.put(outputBias, learned.outputBias(new double[mean.length], sigma));
        }
        return values;
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
    public List<Parameter> buffers() {
        return standardization.buffers();
    }

    @Override
    public String measure() {
        return columns.discrete() == 0 ? "" : "the density of dequantised columns in their own units";
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
