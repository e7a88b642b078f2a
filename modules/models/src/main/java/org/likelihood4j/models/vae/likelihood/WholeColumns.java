package org.likelihood4j.models.vae.likelihood;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.densities.DiscretizedLogistic;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.likelihood4j.models.rows.Support;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/** Whole numbers, standardised: discretised logistic distributions of which the decoder makes mean and scale. */
record WholeColumns(List<Support.Integers> supports, Standardization standardization) implements ColumnGroup {
    /** A logistic distribution of scale s has the standard deviation pi s / sqrt(3). */
    private static final double FIRST_LOG_SCALE = Math.log(RealColumns.FIRST_SIGMA * Math.sqrt(3) / Math.PI);
    /** Of a column that is the same in nearly all rows: its cells must not become endlessly wide. */
    private static final double SMALLEST_DEVIATION = 1e-4;

    WholeColumns(List<Support.Integers> supports) {
        this(
                supports,
                new Standardization(
                        ParameterPath.root().child("wholeStandardization"),
                        EventShape.row(supports.size()),
                        SMALLEST_DEVIATION));
    }

    @Override
    public int columns() {
        return supports.size();
    }

    @Override
    public int outputs() {
        return 2 * columns();
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
        Arrays.fill(bias, columns(), outputs(), FIRST_LOG_SCALE);
        return bias;
    }

    @Override
    public DiscretizedLogistic density(GraphBuilder g, SDVariable output) {
        SDVariable zeros = g.sameDiff().constant(Nd4j.zeros(g.type(), 1, columns()));
        SDVariable offset = standardization.forward(g, zeros).value();
        SDVariable step = standardization.forward(g, zeros.add(1)).value().sub(offset);
        List<DiscretizedLogistic.Ends> ends = supports.stream()
                .map(whole -> new DiscretizedLogistic.Ends(whole.low(), whole.high()))
                .toList();
        return new DiscretizedLogistic(
                g,
                new DiscretizedLogistic.Scale(ends, offset, step),
                StableOps.columns(output, 0, columns()),
                StableOps.columns(output, columns(), outputs()));
    }

    @Override
    public SDVariable middle(GraphBuilder g, SDVariable output) {
        DiscretizedLogistic density = density(g, output);
        return density.nearest(density.mean());
    }

    @Override
    public SDVariable shown(GraphBuilder g, SDVariable x) {
        return g.sameDiff().math().round(standardization.inverse(g, x).value()).add(MIDDLE);
    }
}
