package org.likelihood4j.models.bijectors.coupling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.LuLinear;
import org.likelihood4j.models.bijectors.Permutation;

/**
 * What comes before each step of a flow of a row, so that all columns see each other.
 *
 * @param kind of it
 * @param logScaleBound of the log-scales of {@link Kind#LU}; of the others any
 */
public record Mixing(Kind kind, double logScaleBound) {
    /** What it is. */
    public enum Kind {
        /** Nothing: halves take turns, or the order is turned. */
        NONE,
        /** A fixed permutation, another one for each step. */
        PERMUTATION,
        /** The same, and a learned linear map: {@link LuLinear}. */
        LU
    }

    /** Nothing. */
    public static final Mixing NONE = new Mixing(Kind.NONE, 0);

    /** By how much one of them scales at most, nats; for what L and U do besides there is no bound. */
    public double totalLogScale(int steps) {
        return kind == Kind.LU ? steps * logScaleBound : 0;
    }

    /**
     * The one before a step; empty if there is none.
     *
     * @param path of the step's flow
     * @param step its number, from 0, which says which permutation it is
     */
    Optional<Bijector> before(ParameterPath path, EventShape.Row row, int step) {
        return switch (kind) {
            case NONE -> Optional.empty();
            case PERMUTATION -> Optional.of(new Permutation(row, order(row.size(), step)));
            case LU ->
                Optional.of(new LuLinear(path.child("mixing", step), row, logScaleBound, order(row.size(), step)));
        };
    }

    /** The permutation of a step, always the same: Java says what {@code Random} makes of a seed. */
    public static int[] order(int size, int step) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(order, new Random(step));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
