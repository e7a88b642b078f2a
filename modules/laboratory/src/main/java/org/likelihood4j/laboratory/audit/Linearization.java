package org.likelihood4j.laboratory.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A function of one example at a point, as the chain of its operations' derivatives: its Jacobian by forward-mode automatic
 * differentiation, in plain Java and float64. Each column is the way of one unit vector through the chain; they go in groups, and
 * groups side by side on all cores.
 */
final class Linearization {
    /** Columns in a group: enough for long loops. */
    private static final int GROUP = 64;
    /** Of the heap, what all groups together may take. */
    private static final int SHARE = 3;

    /**
     * {@code value[to] += map value[from]}.
     *
     * @param from a value that is complete
     */
    private record Step(int from, int to, LinearMap map) {}

    private final List<Integer> sizes = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /** A new value of so many numbers, 0 before any step; the first one is the function's input. */
    int value(int size) {
        sizes.add(size);
        return sizes.size() - 1;
    }

    void step(int from, int to, LinearMap map) {
        steps.add(new Step(from, to, map));
    }

    /** Products that a whole Jacobian takes. */
    double products() {
        return (double) sizes.get(0)
                * steps.stream().mapToLong(step -> step.map().products()).sum();
    }

    /** {@code [output, input]}. */
    double[][] jacobian(int output) {
        int columns = sizes.get(0);
        int[] last = lastUses(output);
        int group = group(last);
        double[][] jacobian = new double[sizes.get(output)][columns];
        IntStream.iterate(0, first -> first < columns, first -> first + group)
                .parallel()
                .forEach(first -> columns(first, Math.min(group, columns - first), last, output, jacobian));
        return jacobian;
    }

    /** For each value the last step that reads it. */
    private int[] lastUses(int output) {
        int[] last = new int[sizes.size()];
        Arrays.fill(last, -1);
        for (int i = 0; i < steps.size(); i++) {
            last[steps.get(i).from()] = i;
        }
        last[output] = steps.size();
        return last;
    }

    /** As many columns as fit. */
    private int group(int... last) {
        long live = sizes.get(0);
        long most = live;
        boolean[] made = new boolean[sizes.size()];
        made[0] = true;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            live += made[step.to()] ? 0 : sizes.get(step.to());
            made[step.to()] = true;
            most = Math.max(most, live);
            live -= last[step.from()] == i ? sizes.get(step.from()) : 0;
        }
        long room =
                Runtime.getRuntime().maxMemory() / SHARE / Runtime.getRuntime().availableProcessors();
        return (int) Math.max(1, Math.min(GROUP, room / (most * Double.BYTES)));
    }

    private void columns(int first, int count, int[] last, int output, double[][] jacobian) {
        double[][] values = new double[sizes.size()][];
        values[0] = new double[sizes.get(0) * count];
        for (int k = 0; k < count; k++) {
            values[0][(first + k) * count + k] = 1;
        }
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (values[step.to()] == null) {
                values[step.to()] = new double[sizes.get(step.to()) * count];
            }
            step.map().add(values[step.from()], values[step.to()], count);
            if (last[step.from()] == i) {
                values[step.from()] = null;
            }
        }
        for (int row = 0; row < jacobian.length; row++) {
            System.arraycopy(values[output], row * count, jacobian[row], first, count);
        }
    }
}
