package org.likelihood4j.models.flow;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Gaussianization;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.rows.RowColumns;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Rows of a table. Those of real numbers are only standardised, or each column made nearly normal: the
 * log-likelihood is exact, in the data's own units. Of whole numbers it is a bound, see {@link
 * RowColumns}.
 *
 * @param columns at least 2
 * @param gaussianized whether a {@link Gaussianization} comes first
 */
public record RowData(RowColumns columns, HalfOrder halves, boolean gaussianized) implements FlowData {
    /**
     * n values are at most sqrt(n) standard deviations from their mean; 10^8 rows do not fit in a
     * Java array.
     */
    private static final double LARGEST_LOG_SCORE = Math.log(1e4);

    public RowData {
        int size = columns.supports().size();
        if (size < 2) {
            throw new IllegalArgumentException("a flow needs rows of at least 2 numbers, had " + size);
        }
    }

    /** Of real numbers, only standardised. */
    public RowData(EventShape.Row shape, HalfOrder halves) {
        this(RowColumns.ofNumbers(shape.size()), halves, false);
    }

    @Override
    public EventShape.Row shape() {
        return columns.shape();
    }

    @Override
    public SDVariable observe(GraphBuilder g) {
        return columns.observe(g, g.input(new FunctionInput.Data("values", shape())));
    }

    @Override
    public List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        columns.realLine()
                .ifPresent(line ->
                        stages.add(new Stage("columns", "log-det of the columns' ways to the real line", line)));
        if (gaussianized) {
            stages.add(new Stage(
                    "marginals",
                    "log-det of each column's way to a normal one",
                    new Gaussianization(ParameterPath.root().child("marginals"), shape())));
        }
        return stages;
    }

    @Override
    public int unitStages() {
        return 0;
    }

    @Override
    public double standardizationFloor() {
        return Standardization.SMALLEST;
    }

    @Override
    public double largestLogInput() {
        return LARGEST_LOG_SCORE;
    }

    @Override
    public boolean storesIntegers() {
        return false;
    }

    @Override
    public String densityOf() {
        int discrete = columns.discrete();
        if (discrete == 0) {
            return "the data in their own units";
        }
        return discrete == columns.supports().size()
                ? "the dequantised data, at most the log of their probability"
                : "the dequantised data in their own units, at most the log of the whole numbers' probability times the"
                        + " others' density";
    }
}
