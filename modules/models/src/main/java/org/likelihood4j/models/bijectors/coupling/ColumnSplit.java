package org.likelihood4j.models.bijectors.coupling;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A split of a row by its columns. The conditioner sees x2 as it is. Halves that are runs of columns are cut out where they stand; for any other split the columns are
 * reordered first, which is a copy.
 */
public final class ColumnSplit implements Split {
    private final int[] transformed;
    private final int[] conditioning;
    /**
     * The columns of x in the concatenation of x1 and x2, and where each column of x stands there.
     */
    private final int[] order;

    private final int[] position;

    private final boolean contiguous;

    /**
     * A split by flags.
     *
     * @param conditions {@code conditions[i]} tells whether column i belongs to x2; both halves
     *     must have a column
     */
    public ColumnSplit(boolean... conditions) {
        transformed = IntStream.range(0, conditions.length)
                .filter(i -> !conditions[i])
                .toArray();
        conditioning =
                IntStream.range(0, conditions.length).filter(i -> conditions[i]).toArray();
        if (transformed.length == 0 || conditioning.length == 0) {
            throw new IllegalArgumentException("a split needs at least one column on each side, had "
                    + transformed.length + " transformed and " + conditioning.length + " conditioning");
        }
        order = IntStream.concat(IntStream.of(transformed), IntStream.of(conditioning))
                .toArray();
        position = new int[conditions.length];
        for (int i = 0; i < order.length; i++) {
            position[order[i]] = i;
        }
        contiguous = isRun(transformed) && isRun(conditioning);
    }

    /** The first {@code columns} of the row are transformed given the rest. */
    public static ColumnSplit transformFirst(EventShape.Row row, int columns) {
        return of(row, i -> i >= columns);
    }

    /**
     * The rest of the row, from column {@code columns} on, is transformed given the first {@code
     * columns}.
     */
    public static ColumnSplit transformRest(EventShape.Row row, int columns) {
        return of(row, i -> i < columns);
    }

    private static ColumnSplit of(EventShape.Row row, IntPredicate conditions) {
        boolean[] flags = new boolean[row.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = conditions.test(i);
        }
        return new ColumnSplit(flags);
    }

    private static boolean isRun(int[] indices) {
        return indices[indices.length - 1] - indices[0] == indices.length - 1;
    }

    @Override
    public EventShape.Row shape() {
        return EventShape.row(position.length);
    }

    @Override
    public EventShape.Row transformed() {
        return EventShape.row(transformed.length);
    }

    @Override
    public EventShape.Row conditioning() {
        return EventShape.row(conditioning.length);
    }

    @Override
    public EventShape.Row conditionerInput() {
        return conditioning();
    }

    @Override
    public EventShape.Row conditionerOutput(int parametersPerColumn) {
        return EventShape.row(Math.multiplyExact(parametersPerColumn, transformed.length));
    }

    @Override
    public SDVariable seen(Halves halves) {
        return halves.conditioning();
    }

    @Override
    public SDVariable parameters(SDVariable output, int parametersPerColumn) {
        return output;
    }

    @Override
    public Halves split(SDVariable x) {
        int first = contiguous ? transformed[0] : 0;
        int second = contiguous ? conditioning[0] : transformed.length;
        SDVariable ordered = contiguous ? x : StableOps.reorder(x, order);
        return new Halves(
                StableOps.columns(ordered, first, first + transformed.length),
                StableOps.columns(ordered, second, second + conditioning.length));
    }

    @Override
    public SDVariable join(SDVariable x1, SDVariable x2) {
        if (contiguous && transformed[0] > 0) {
            return x1.getSameDiff().concat(1, x2, x1);
        }
        SDVariable joined = x1.getSameDiff().concat(1, x1, x2);
        return contiguous ? joined : StableOps.reorder(joined, position);
    }
}
