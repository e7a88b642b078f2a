package org.likelihood4j.inference.kinds;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.likelihood4j.models.bijectors.coupling.Mixing;

/**
 * The lines of what comes before a flow's steps.
 *
 * @param size the columns of y
 */
record MixingLines(Mixing mixing, int size) {
    private static final String LOWER = "(places < transpose(places))";
    private static final String UPPER = "(transpose(places) < places)";

    private static String order(int step) {
        return "order" + step;
    }

    /** Those of a step; backwards they come behind it. */
    List<String> of(int step, boolean inverse) {
        return switch (mixing.kind()) {
            case NONE -> List.of();
            case PERMUTATION ->
                List.of(inverse ? "y = y[:, argsort(" + order(step) + ")]" : "y = y[:, " + order(step) + "]");
            case LU -> inverse ? unmixed(step) : mixed(step);
        };
    }

    private static String path(int step) {
        return "mixing" + step;
    }

    private static List<String> mixed(int step) {
        String factors = path(step) + "/factors";
        return List.of(
                "I = 1 - " + LOWER + " - " + UPPER,
                "l = bound * tanh(transpose(sum(" + factors + " * I)) / bound)",
                "y = y[:, " + order(step) + "] @ (" + factors + " * " + LOWER + " + I) @ (" + factors + " * " + UPPER
                        + " + I * exp(l)) + " + path(step) + "/bias",
                "logDet = logDet + sum(l)");
    }

    /** Triangles are inverted by products that end: (1 + M)^-1 = (1 - M)(1 + M M)(1 + M M M M) ... */
    private List<String> unmixed(int step) {
        String factors = path(step) + "/factors";
        int doublings = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
        return List.of(
                "I = 1 - " + LOWER + " - " + UPPER,
                "l = bound * tanh(transpose(sum(" + factors + " * I)) / bound)",
                "M = " + factors + " * " + LOWER,
                "N = " + factors + " * " + UPPER + " / transpose(exp(l))",
                "A = I - M",
                "B = I - N",
                "repeat " + doublings,
                "M = M @ M",
                "N = N @ N",
                "A = A @ (I + M)",
                "B = B @ (I + N)",
                "end",
                "y = (y - " + path(step) + "/bias) @ (B / exp(l)) @ A",
                "y = y[:, argsort(" + order(step) + ")]");
    }

    void constants(int steps, Map<String, Object> constants) {
        if (mixing.kind() == Mixing.Kind.NONE) {
            return;
        }
        for (int step = 0; step < steps; step++) {
            constants.put(order(step), Mixing.order(size, step));
        }
        if (mixing.kind() == Mixing.Kind.LU) {
            constants.put("places", IntStream.range(0, size).toArray());
        }
    }
}
