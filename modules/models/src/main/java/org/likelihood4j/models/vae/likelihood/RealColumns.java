package org.likelihood4j.models.vae.likelihood;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.likelihood4j.models.rows.RealLine;
import org.nd4j.autodiff.samediff.SDVariable;

/** Real numbers, on the real line and standardised: Gaussians of which the decoder makes mean and variance. */
record RealColumns(RealLine line, Standardization standardization) implements ColumnGroup {
    /** The first standard deviation, in that of a column. */
    static final double FIRST_SIGMA = 0.5;

    RealColumns(RealLine line) {
        this(line, Standardization.ofData(line.shape()));
    }

    @Override
    public int columns() {
        return line.shape().size();
    }

    @Override
    public int outputs() {
        return 2 * columns();
    }

    @Override
    public SDVariable statistic(GraphBuilder g, SDVariable cells) {
        return line.forward(g, cells).value();
    }

    @Override
    public SDVariable standardized(GraphBuilder g, SDVariable statistic) {
        return standardization.forward(g, statistic).value();
    }

    @Override
    public List<Parameter> buffers() {
        return standardization.buffers();
    }

    @Override
    public Map<String, double[]> buffers(double[] mean, double[] variance) {
        return standardization.values(mean, variance);
    }

    @Override
    public double[] bias(double[] mean) {
        double[] bias = new double[outputs()];
        Arrays.fill(bias, columns(), outputs(), 2 * Math.log(FIRST_SIGMA));
        return bias;
    }

    @Override
    public Optional<SDVariable> neutral(GraphBuilder g) {
        return Optional.of(line.inside(g));
    }

    @Override
    public DiagonalGaussian density(GraphBuilder g, SDVariable output) {
        SDVariable logVariance = LearnedSigma.bounded(StableOps.columns(output, columns(), outputs()));
        return new DiagonalGaussian(g, line.shape(), middle(g, output), logVariance);
    }

    @Override
    public SDVariable middle(GraphBuilder g, SDVariable output) {
        return StableOps.columns(output, 0, columns());
    }

    @Override
    public Optional<SDVariable> logSlopes(GraphBuilder g, SDVariable x) {
        SDVariable onLine = standardization.inverse(g, x).value();
        return Optional.of(line.logSlopes(g, onLine).add(standardization.logScale(g)));
    }

    @Override
    public SDVariable shown(GraphBuilder g, SDVariable x) {
        return line.inverse(g, standardization.inverse(g, x).value()).value();
    }
}
