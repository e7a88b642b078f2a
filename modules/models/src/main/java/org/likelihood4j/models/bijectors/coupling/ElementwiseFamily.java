package org.likelihood4j.models.bijectors.coupling;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.PartReport;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A family of invertible maps of single numbers, by which a {@link Coupling} transforms each column
 * of x1 on its own: which map of the family a column gets is said by the conditioner's output at
 * x2, its parameters. And what the family does with x2 itself.
 *
 * <p>With parameters of 0 each map is the identity, so that a coupling whose conditioner starts at
 * 0 does too.
 */
public interface ElementwiseFamily {
    /**
     * How many parameters a column takes. A conditioner puts out {@code [N, parametersPerColumn *
     * D1]}: the first parameter of all D1 columns of x1, then the second, and so on.
     */
    int parametersPerColumn();

    /**
     * {@code y1 = f(x1; parameters)}, column by column.
     *
     * @param half the shape of x1
     * @param parameters what the conditioner puts out
     * @return y1 and {@code sum over the columns of log|f'(x1)|} {@code [N]}, nats
     */
    Bijector.Result forward(GraphBuilder g, EventShape half, SDVariable x1, SDVariable parameters);

    /** {@code x1 = f^-1(y1; parameters)}, and its own log-determinant. */
    Bijector.Result inverse(GraphBuilder g, EventShape half, SDVariable y1, SDVariable parameters);

    /**
     * The map of the conditioning half, {@code y2 = h(x2)}, with whatever it learns: the
     * conditioner sees x2, not y2. Empty where x2 stays what it is.
     *
     * @param path of the coupling, whose parameters' names begin with it
     * @param half the shape of x2
     */
    default Optional<Bijector> conditioningMap(ParameterPath path, EventShape half) {
        return Optional.empty();
    }

    /**
     * By how much one coupling may make a large number larger, or smaller, nats of log-scale: the bound of
     * |log f'| and |log h'| of every column whose map is affine. 0 where large numbers keep their size.
     */
    double logScaleBound();

    /** What a training is told of the maps of this family, in order. */
    List<PartReport> reports();

    /**
     * The values of a report.
     *
     * @param half the shape of what it is told of
     * @param values {@code [N, half]}
     */
    record Reported(PartReport report, EventShape half, SDVariable values) {}

    /**
     * The values of all reports, in their order.
     *
     * @param half the shape of x1
     * @param parameters of its columns
     */
    List<Reported> reported(EventShape half, SDVariable parameters);

    /** What a training is told of the conditioning half's map, in order. */
    default List<PartReport> conditioningReports() {
        return List.of();
    }

    /**
     * The values of these reports.
     *
     * @param path as {@link #conditioningMap} gets it
     * @param half the shape of x2
     */
    default List<Reported> conditioningReported(GraphBuilder g, ParameterPath path, EventShape half, SDVariable x2) {
        return List.of();
    }

    /** How many matrices of x1's size one coupling takes on its way through and back, beside the conditioner's. */
    default int arrays() {
        return 9;
    }
}
