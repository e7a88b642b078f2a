package org.likelihood4j.score.program;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.files.Json;
import org.likelihood4j.score.files.Tensors;

/**
 * A function of an export, ready to run for any number of examples. Any number of threads may run it at once: each takes memory of its own, which is kept
 * for the next.
 */
public final class ExportProgram {
    /** Numbers of a run's memory that stay near the processor; more examples are computed one part after the other. */
    private static final int NEAR = 1 << 17;

    private static final int MOST_EXAMPLES = 64;
    private static final int MOST_KEPT = 64;

    private final List<Kernel> kernels;
    private final Map<String, Place> inputs;
    private final Map<String, Place> outputs = new LinkedHashMap<>();
    private final int each;
    private final int most;
    private final Deque<Memory> kept = new ArrayDeque<>();

    @SuppressWarnings("ArrayRecordComponent") // a run's own, never compared
    private record Memory(double[] numbers, Kernel.Scratch scratch, int examples) {}

    private final List<Value> values;
    private final Tensors tensors;
    private final Map<String, Integer> results;

    ExportProgram(List<Value> values, Tensors tensors, Map<String, Integer> results) {
        this.values = values;
        this.tensors = tensors;
        this.results = results;
        Compiler compiler = new Compiler(values, tensors, List.copyOf(results.values()));
        kernels = compiler.kernels();
        inputs = compiler.inputs();
        results.forEach((name, value) -> outputs.put(name, compiler.of(value)));
        each = compiler.memory();
        most = Math.max(1, Math.min(MOST_EXAMPLES, NEAR / Math.max(1, each)));
    }

    /**
     * Reads a function.
     *
     * @throws ExportException if it is none that can be run; one line
     */
    public static ExportProgram read(Json function, Tensors tensors) {
        List<Value> values = ProgramReader.read(function.get("values"));
        Map<String, Integer> results = new LinkedHashMap<>();
        function.get("outputs").entries().forEach((name, output) -> {
            int value = output.get("value").integer(0, values.size() - 1);
            if (!values.get(value).shape().isPerExample()) {
                throw output.unknown("a value of examples");
            }
            results.put(name, value);
        });
        if (results.isEmpty()) {
            throw function.unknown("a function with an output");
        }
        return new ExportProgram(values, tensors, results);
    }

    List<Value> values() {
        return values;
    }

    Tensors tensors() {
        return tensors;
    }

    /** The values of the outputs by their names. */
    Map<String, Integer> results() {
        return results;
    }

    /** Columns of the inputs by their names. */
    public Map<String, Integer> inputs() {
        Map<String, Integer> columns = new LinkedHashMap<>();
        inputs.forEach((name, place) -> columns.put(name, place.shape().size()));
        return columns;
    }

    /** The names of the outputs, in the order of the file. */
    public List<String> outputs() {
        return List.copyOf(outputs.keySet());
    }

    /** Numbers of an example of an output. */
    public int size(String output) {
        return output(output).shape().size();
    }

    private Place output(String name) {
        Place place = outputs.get(name);
        if (place == null) {
            throw new ExportException("the program has no output '" + name + "'");
        }
        return place;
    }

    /** Examples that are best computed at once. */
    public int most() {
        return most;
    }

    /** Fills an input's numbers for examples {@code from} and following, row after row. */
    @FunctionalInterface
    public interface Filler {
        void fill(String input, int from, int examples, double[] into, int at);
    }

    /** Takes an output's numbers for examples {@code from} and following. */
    @FunctionalInterface
    public interface Taker {
        void take(String output, int from, int examples, double[] numbers);
    }

    /**
     * Runs for some examples, in parts.
     *
     * @param wanted the outputs that are handed over
     */
    public void run(int examples, Filler filler, List<String> wanted, Taker taker) {
        Memory memory = take(Math.min(most, examples));
        try {
            for (int from = 0; from < examples; from += memory.examples()) {
                int n = Math.min(memory.examples(), examples - from);
                for (Map.Entry<String, Place> input : inputs.entrySet()) {
                    filler.fill(
                            input.getKey(),
                            from,
                            n,
                            memory.numbers(),
                            input.getValue().at(n));
                }
                for (Kernel kernel : kernels) {
                    kernel.run(memory.numbers(), memory.scratch(), n);
                }
                for (String output : wanted) {
                    taker.take(output, from, n, numbers(output(output), memory.numbers(), n));
                }
            }
        } finally {
            giveBack(memory);
        }
    }

    private static double[] numbers(Place place, double[] memory, int examples) {
        int rows = place.rows(examples);
        int columns = place.columns(examples);
        double[] numbers = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(
                    place.numbers(memory),
                    place.at(examples) + row * place.step(examples),
                    numbers,
                    row * columns,
                    columns);
        }
        return numbers;
    }

    private Memory take(int examples) {
        synchronized (kept) {
            Memory fitting = kept.stream()
                    .filter(memory -> memory.examples() >= examples)
                    .findFirst()
                    .orElse(null);
            if (fitting != null) {
                kept.remove(fitting);
                return fitting;
            }
        }
        return new Memory(new double[each * examples], Kernel.Scratch.of(kernels), examples);
    }

    private void giveBack(Memory memory) {
        synchronized (kept) {
            if (kept.size() < MOST_KEPT) {
                kept.push(memory);
            }
        }
    }
}
