package org.likelihood4j.models.flow;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Rows of real numbers, which are only standardised: the log-likelihood is exact, in the data's own
 * units.
 *
 * @param shape of at least 2 numbers
 */
public record RowData(EventShape.Row shape, HalfOrder halves) implements FlowData {
    /**
     * n values are at most sqrt(n) standard deviations from their mean; 10^8 rows do not fit in a
     * Java array.
     */
    private static final double LARGEST_LOG_SCORE = Math.log(1e4);

    public RowData {
        if (shape.size() < 2) {
            throw new IllegalArgumentException("a flow needs rows of at least 2 numbers, had " + shape.size());
        }
    }

    @Override
    public SDVariable observe(GraphBuilder g) {
        return g.input(new FunctionInput.Data("values", shape));
    }

    @Override
    public List<Stage> stages() {
        return List.of();
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
        return "the data in their own units";
    }
}
