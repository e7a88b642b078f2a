package org.likelihood4j.models.bijectors;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.likelihood4j.models.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A split of D columns into the conditioning half x2 and the transformed half x1 of a coupling. Contiguous halves are
 * slices; any other split reorders the columns first, which is a copy.
 */
public final class Mask {
    private final int[] transformed;
    private final int[] conditioning;
    /** The columns of x in the concatenation of x1 and x2, and where each column of x stands there. */
    private final int[] order;

    private final int[] position;

    private final boolean contiguous;

    /**
     * A mask from flags.
     *
     * @param conditions {@code conditions[i]} tells whether column i belongs to x2; both halves must have a column
     */
    public Mask(boolean... conditions) {
        transformed = IntStream.range(0, conditions.length)
                .filter(i -> !conditions[i])
                .toArray();
        conditioning =
                IntStream.range(0, conditions.length).filter(i -> conditions[i]).toArray();
        if (transformed.length == 0 || conditioning.length == 0) {
            throw new IllegalArgumentException("a mask needs at least one column on each side, had "
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

    /** The first {@code split} of {@code dimension} columns are transformed given the rest. */
    public static Mask transformFirst(int dimension, int split) {
        return of(dimension, i -> i >= split);
    }

    /** The columns from {@code split} on are transformed given the first {@code split}. */
    public static Mask transformRest(int dimension, int split) {
        return of(dimension, i -> i < split);
    }

    private static Mask of(int dimension, IntPredicate conditions) {
        boolean[] flags = new boolean[dimension];
        for (int i = 0; i < dimension; i++) {
            flags[i] = conditions.test(i);
        }
        return new Mask(flags);
    }

    private static boolean isRun(int[] indices) {
        return indices[indices.length - 1] - indices[0] == indices.length - 1;
    }

    public int dimension() {
        return position.length;
    }

    public int transformedCount() {
        return transformed.length;
    }

    public int conditioningCount() {
        return conditioning.length;
    }

    /** x1 and x2. */
    record Halves(SDVariable transformed, SDVariable conditioning) {}

    Halves split(GraphBuilder g, SDVariable x) {
        int first = contiguous ? transformed[0] : 0;
        int second = contiguous ? conditioning[0] : transformed.length;
        SDVariable ordered = contiguous ? x : g.reorder(x, order);
        return new Halves(
                g.columns(ordered, first, first + transformed.length),
                g.columns(ordered, second, second + conditioning.length));
    }

    /** The inverse of the split. */
    SDVariable join(GraphBuilder g, SDVariable x1, SDVariable x2) {
        if (contiguous) {
            return transformed[0] == 0
                    ? g.sameDiff().concat(1, x1, x2)
                    : g.sameDiff().concat(1, x2, x1);
        }
        return g.reorder(g.sameDiff().concat(1, x1, x2), position);
    }
}
