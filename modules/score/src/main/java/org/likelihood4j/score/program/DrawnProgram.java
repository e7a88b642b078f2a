package org.likelihood4j.score.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.likelihood4j.score.files.Tensors;

/**
 * A function for many draws of each example's noise: what does not depend on what is drawn, such as an encoder, is computed once an example, and only the rest for
 * each draw.
 */
public final class DrawnProgram {
    /** Of inputs of the second part that are results of the first one, before their numbers. */
    private static final String RESULT = "#";

    private final ExportProgram once;
    private final ExportProgram everyDraw;

    private DrawnProgram(ExportProgram once, ExportProgram everyDraw) {
        this.once = once;
        this.everyDraw = everyDraw;
    }

    /**
     * Divides a function.
     *
     * @param renewed the inputs that each draw has anew
     * @return empty where nothing is gained: no product or convolution is of the examples alone
     */
    public static Optional<DrawnProgram> of(ExportProgram program, Set<String> renewed) {
        List<Value> values = program.values();
        Tensors tensors = program.tensors();
        Map<String, Integer> outputs = program.results();
        Division division = new Division(values, renewed);
        if (!division.pays()) {
            return Optional.empty();
        }
        Map<String, Integer> results = new LinkedHashMap<>();
        Part each = division.part(List.copyOf(outputs.values()), results);
        Map<String, Integer> named = new LinkedHashMap<>();
        outputs.forEach((name, value) -> named.put(name, each.numbers().get(value)));
        Part first = new Division(values, Set.of()).part(List.copyOf(results.values()), new HashMap<>());
        Map<String, Integer> handed = new LinkedHashMap<>();
        results.forEach((name, value) -> handed.put(name, first.numbers().get(value)));
        return Optional.of(new DrawnProgram(
                new ExportProgram(first.values(), tensors, handed), new ExportProgram(each.values(), tensors, named)));
    }

    /** Some values of a program as one of their own, and the new numbers of the old ones. */
    private record Part(List<Value> values, Map<Integer, Integer> numbers) {}

    private static final class Division {
        private final List<Value> values;
        /** Of each value whether it depends on examples, and whether it does on what is drawn. */
        private final boolean[] ofExamples;

        private final boolean[] drawn;
        private final boolean some;

        Division(List<Value> values, Set<String> renewed) {
            this.values = values;
            this.some = !renewed.isEmpty();
            ofExamples = new boolean[values.size()];
            drawn = new boolean[values.size()];
            for (int i = 0; i < values.size(); i++) {
                Value value = values.get(i);
                boolean input = value.operation() instanceof Operation.Input;
                ofExamples[i] = input
                        || value.inputs().stream().anyMatch(of -> ofExamples[of])
                        || value.shape().isPerExample();
                drawn[i] = (value.operation() instanceof Operation.Input named && renewed.contains(named.name()))
                        || value.inputs().stream().anyMatch(of -> drawn[of])
                        || !standsTogether(value);
            }
        }

        /** Whether what an example has follows each other, so that it can be handed over, with nothing of another one in between. */
        private boolean standsTogether(Value value) {
            Shape shape = value.shape();
            if (shape.columns().perExample() && !shape.rows().isOne()) {
                return false;
            }
            if (value.operation() instanceof Operation.Repeat repeat && shape.isPerExample()) {
                Extent rows = values.get(value.inputs().get(0)).shape().rows();
                return rows.perExample()
                        && !repeat.each().perExample()
                        && shape.rows().equals(rows.times(repeat.each().size()));
            }
            if (value.operation() instanceof Operation.Reduce reduce && reduce.over() == Operation.Over.GROUPS) {
                Extent rows = values.get(value.inputs().get(0)).shape().rows();
                return rows.equals(shape.rows().times(reduce.each().size()));
            }
            return true;
        }

        boolean pays() {
            for (int i = 0; i < values.size(); i++) {
                Operation operation = values.get(i).operation();
                boolean costly = operation instanceof Operation.Product || operation instanceof Operation.Convolution;
                if (costly && ofExamples[i] && !drawn[i]) {
                    return true;
                }
            }
            return false;
        }

        /**
         * All that some values need.
         *
         * @param results is given what they need of the examples alone, by the names of the inputs that stand for it
         */
        Part part(List<Integer> wanted, Map<String, Integer> results) {
            boolean[] needed = new boolean[values.size()];
            wanted.forEach(value -> needed[value] = true);
            for (int i = values.size() - 1; i >= 0; i--) {
                if (needed[i] && !isHanded(i)) {
                    values.get(i).inputs().forEach(of -> needed[of] = true);
                }
            }
            List<Value> own = new ArrayList<>();
            Map<Integer, Integer> numbers = new HashMap<>();
            for (int i = 0; i < values.size(); i++) {
                if (needed[i]) {
                    Value value = values.get(i);
                    if (isHanded(i)) {
                        results.put(RESULT + i, i);
                        own.add(new Value(new Operation.Input(RESULT + i), List.of(), value.shape()));
                    } else {
                        own.add(new Value(
                                value.operation(),
                                value.inputs().stream().map(numbers::get).toList(),
                                value.shape()));
                    }
                    numbers.put(i, own.size() - 1);
                }
            }
            return new Part(own, numbers);
        }

        private boolean isHanded(int i) {
            return some && ofExamples[i] && !drawn[i];
        }
    }

    /** Fills an input's numbers for an example, and draws {@code from} and following of it. */
    @FunctionalInterface
    public interface Filler {
        void fill(String input, int example, int from, int draws, double[] into, int at);
    }

    /** Takes an output's numbers of an example, for draws {@code from} and following. */
    @FunctionalInterface
    public interface Taker {
        void take(int example, int from, int draws, double[] numbers);
    }

    /**
     * Runs each example for some draws.
     *
     * @param examples filler of what is of the examples
     * @param draws filler of what is drawn
     */
    public void run(int count, int each, ExportProgram.Filler examples, Filler draws, String output, Taker taker) {
        List<String> handed = once.outputs();
        for (int start = 0; start < count; start += once.most()) {
            int from = start;
            int some = Math.min(once.most(), count - start);
            Map<String, double[]> results = new HashMap<>();
            once.run(
                    some,
                    (input, first, n, into, at) -> examples.fill(input, from + first, n, into, at),
                    handed,
                    (name, first, n, numbers) -> results.put(name, numbers));
            for (int i = 0; i < some; i++) {
                int example = i;
                everyDraw.run(
                        each,
                        (input, first, n, into, at) -> {
                            if (results.containsKey(input)) {
                                repeat(results.get(input), example, some, n, into, at);
                            } else {
                                draws.fill(input, from + example, first, n, into, at);
                            }
                        },
                        List.of(output),
                        (name, first, n, numbers) -> taker.take(from + example, first, n, numbers));
            }
        }
    }

    /** An example's share of a result, for each draw. */
    private static void repeat(double[] result, int example, int examples, int draws, double[] into, int at) {
        int size = result.length / examples;
        for (int draw = 0; draw < draws; draw++) {
            System.arraycopy(result, example * size, into, at + draw * size, size);
        }
    }
}
