package org.likelihood4j.models.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Gaussianization;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.rows.GivenColumns;
import org.likelihood4j.models.rows.RowColumns;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Rows of a table. Those of real numbers are only standardised, or each column made nearly normal: the
 * log-likelihood is exact, in the data's own units. Of whole numbers it is a bound, see {@link
 * RowColumns}.
 *
 * @param columns those of which the density is, at least 2
 * @param gaussianized whether a {@link Gaussianization} comes first
 * @param given those that the flow is told, and the columns among them
 */
public record RowData(RowColumns columns, HalfOrder halves, boolean gaussianized, Optional<GivenColumns> given)
        implements FlowData {
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

    /** Of columns that are all modelled. */
    public RowData(RowColumns columns, HalfOrder halves, boolean gaussianized) {
        this(columns, halves, gaussianized, Optional.empty());
    }

    /** Of the columns that are not told. */
    public RowData(GivenColumns given, HalfOrder halves, boolean gaussianized) {
        this(given.others(), halves, gaussianized, Optional.of(given));
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
        SDVariable stored = given.map(told -> told.ofOthers(told.stored(g)))
                .orElseGet(() -> g.input(new FunctionInput.Data("values", shape())));
        return columns.observe(g, stored);
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
    public boolean isOfPlainRows() {
        return given.isEmpty() && stages().isEmpty() && columns.discrete() == 0;
    }

    @Override
    public String densityOf() {
        return of() + (given.isPresent() ? ", given the columns of the condition" : "");
    }

    private String of() {
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
