package org.likelihood4j.laboratory.audit;

import java.util.ArrayList;
import java.util.Collections;
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

    /** Whether nothing passes by this value: whatever follows depends on the input through it alone. */
    boolean isWaist(int value) {
        return steps.stream().noneMatch(step -> step.from() < value && step.to() > value);
    }

    /**
     * {@code d to / d from}, {@code [to, from]}.
     *
     * @param from the input or a waist
     * @param to a value behind it
     */
    double[][] jacobian(int from, int to) {
        List<Step> between = steps.stream()
                .filter(step -> step.from() >= from && step.to() <= to)
                .toList();
        Way way = new Way(between, lastUses(between, to), from, to);
        int columns = sizes.get(from);
        int group = group(way);
        double[][] jacobian = new double[sizes.get(to)][columns];
        IntStream.iterate(0, first -> first < columns, first -> first + group)
                .parallel()
                .forEach(first -> columns(way, first, Math.min(group, columns - first), jacobian));
        return jacobian;
    }

    /**
     * From a value to a later one.
     *
     * @param last for each value the last of these steps that reads it
     */
    private record Way(List<Step> steps, List<Integer> last, int from, int to) {
        boolean ends(int step) {
            return last.get(steps.get(step).from()) == step;
        }
    }

    private List<Integer> lastUses(List<Step> between, int to) {
        List<Integer> last = new ArrayList<>(Collections.nCopies(sizes.size(), -1));
        for (int i = 0; i < between.size(); i++) {
            last.set(between.get(i).from(), i);
        }
        last.set(to, between.size());
        return List.copyOf(last);
    }

    /** As many columns as fit. */
    private int group(Way way) {
        long live = sizes.get(way.from());
        long most = live;
        boolean[] made = new boolean[sizes.size()];
        made[way.from()] = true;
        for (int i = 0; i < way.steps().size(); i++) {
            Step step = way.steps().get(i);
            live += made[step.to()] ? 0 : sizes.get(step.to());
            made[step.to()] = true;
            most = Math.max(most, live);
            live -= way.ends(i) ? sizes.get(step.from()) : 0;
        }
        long room =
                Runtime.getRuntime().maxMemory() / SHARE / Runtime.getRuntime().availableProcessors();
        return (int) Math.max(1, Math.min(GROUP, room / (most * Double.BYTES)));
    }

    private void columns(Way way, int first, int count, double[][] jacobian) {
        double[][] values = new double[sizes.size()][];
        values[way.from()] = new double[sizes.get(way.from()) * count];
        for (int k = 0; k < count; k++) {
            values[way.from()][(first + k) * count + k] = 1;
        }
        for (int i = 0; i < way.steps().size(); i++) {
            Step step = way.steps().get(i);
            if (values[step.to()] == null) {
                values[step.to()] = new double[sizes.get(step.to()) * count];
            }
            step.map().add(values[step.from()], values[step.to()], count);
            if (way.ends(i)) {
                values[step.from()] = null;
            }
        }
        for (int row = 0; row < jacobian.length; row++) {
            System.arraycopy(values[way.to()], row * count, jacobian[row], first, count);
        }
    }
}
