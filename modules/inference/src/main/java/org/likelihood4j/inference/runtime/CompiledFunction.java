package org.likelihood4j.inference.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.random.CounterRandom;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Program;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.runs.statistics.LogMeanExp;
import org.likelihood4j.runs.statistics.Moments;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A model's function compiled for a number of rows; results come back as plain arrays, and native memory is freed. */
public final class CompiledFunction implements AutoCloseable {
    /** Receives the real rows of one batch: for each output its values, row after row. */
    @FunctionalInterface
    public interface Rows {
        void accept(Batch batch, List<double[]> outputs);
    }

    private final List<FunctionInput> inputs;
    private final DataType type;
    private final int rows;
    private final Program program;

    private CompiledFunction(List<FunctionInput> inputs, DataType type, int rows, Program program) {
        this.inputs = inputs;
        this.type = type;
        this.rows = rows;
        this.program = program;
    }

    /**
     * Compiles all outputs but those named in {@code except} (a scalar loss would mix padding into its mean).
     */
    public static CompiledFunction compile(
            Engine engine, ModelFunction function, ModelValues values, int rows, String... except) {
        List<String> outputs = new ArrayList<>(function.outputNames());
        outputs.removeAll(List.of(except));
        Computation computation =
                new Computation(function.graph(), InputArrays.declare(function.inputs(), values.type(), rows), outputs);
        return new CompiledFunction(
                function.inputs(), values.type(), rows, engine.compile(computation, values.vectors()));
    }

    /** Compiles all outputs and the gradients of the first one with respect to the others, which follow them. */
    public static CompiledFunction compileGradient(
            Engine engine, ModelFunction function, ModelValues values, int rows) {
        Computation computation = new Computation(
                function.graph(), InputArrays.declare(function.inputs(), values.type(), rows), function.outputNames());
        return new CompiledFunction(
                function.inputs(), values.type(), rows, engine.compileGradient(computation, values.vectors()));
    }

    /** N: how many rows it computes at once. */
    public int rows() {
        return rows;
    }

    /** Runs one batch: the real rows of each output. Of a scalar output nothing is returned. */
    public List<double[]> overBatch(Batch batch, NoiseKeys keys) {
        return run(InputArrays.of(inputs, type, batch, keys), batch.size());
    }

    /** Runs over a whole set in order; padded rows never reach {@code sink}. */
    public void overSet(Examples set, NoiseKeys keys, Rows sink) {
        for (int i = 0; i < Batches.covering(set, rows); i++) {
            Batch batch = Batches.evaluation(set, rows, i);
            sink.accept(batch, overBatch(batch, keys));
        }
    }

    /** Runs a function of one input on rows of values, no more than the program's: what is missing is zeros. */
    public List<double[]> overValues(List<double[]> values) {
        int width = inputs.get(0).size();
        double[] flat = new double[rows * width];
        for (int i = 0; i < values.size(); i++) {
            System.arraycopy(values.get(i), 0, flat, i * width, width);
        }
        return run(List.of(Nd4j.create(flat, new long[] {rows, width}, type)), values.size());
    }

    /**
     * Draws from the model by its sampling function, whose inputs are all noise: example i is the same whatever is drawn beside it.
     *
     * @param first the number of the first example
     * @param count at most the program's rows
     * @param temperature scales the normal noise
     */
    public double[] sample(int first, int count, double temperature, long seed) {
        long key = CounterRandom.key(seed, "sample");
        List<INDArray> arrays = new ArrayList<>();
        for (FunctionInput input : inputs) {
            FunctionInput.NoiseInput noise = (FunctionInput.NoiseInput) input;
            // Each input has noise of its own; the first one's is that of the seed alone.
            long own = arrays.isEmpty() ? key : CounterRandom.key(key, noise.name());
            INDArray array = InputArrays.noise(noise, type, rows, row -> CounterRandom.key(own, first + row));
            arrays.add(noise.distribution() == Noise.NORMAL ? array.muli(temperature) : array);
        }
        return run(arrays, count).get(0);
    }

    /** The inputs of one batch, of which only the noise that is renewed at every draw changes from run to run. */
    public final class Draws implements AutoCloseable {
        private final Batch batch;
        private List<INDArray> arrays;

        private Draws(Batch batch) {
            this.batch = batch;
        }

        /** The outputs of the real rows. */
        List<double[]> run(NoiseKeys keys) {
            if (arrays == null) {
                arrays = new ArrayList<>(InputArrays.of(inputs, type, batch, keys));
            } else {
                for (int i = 0; i < arrays.size(); i++) {
                    if (inputs.get(i) instanceof FunctionInput.NoiseInput noise && noise.renewal() == Renewal.DRAW) {
                        arrays.get(i).close();
                        arrays.set(i, InputArrays.noise(noise, type, rows, row -> keys.key(noise, batch, row)));
                    }
                }
            }
            return outputs(arrays, batch.size());
        }

        public Batch batch() {
            return batch;
        }

        /** For each real row the mean of exp of the first output over {@code count} draws, from draw {@code first} on. */
        public LogMeanExp[] logMeanExp(LongFunction<NoiseKeys> keys, long first, int count) {
            LogMeanExp[] means = LogMeanExp.array(batch.size());
            for (int draw = 0; draw < count; draw++) {
                double[] logWeights = run(keys.apply(first + draw)).get(0);
                for (int row = 0; row < means.length; row++) {
                    means[row].add(logWeights[row]);
                }
            }
            return means;
        }

        /** For each real row the moments of the first output over such draws. */
        public Moments[] moments(LongFunction<NoiseKeys> keys, long first, int count) {
            Moments[] moments = new Moments[batch.size()];
            Arrays.setAll(moments, row -> new Moments());
            for (int draw = 0; draw < count; draw++) {
                double[] values = run(keys.apply(first + draw)).get(0);
                for (int row = 0; row < moments.length; row++) {
                    moments[row].add(values[row]);
                }
            }
            return moments;
        }

        @Override
        public void close() {
            if (arrays != null) {
                arrays.forEach(INDArray::close);
            }
        }
    }

    /** Several draws of the same batch. */
    public Draws draws(Batch batch) {
        return new Draws(batch);
    }

    /** Several draws of each batch of a set, in order. */
    public void overDraws(Examples set, Consumer<Draws> sink) {
        for (int i = 0; i < Batches.covering(set, rows); i++) {
            try (Draws draws = draws(Batches.evaluation(set, rows, i))) {
                sink.accept(draws);
            }
        }
    }

    /** Runs on the given arrays, which are closed, and returns the first {@code wanted} rows of each output. */
    List<double[]> run(List<INDArray> arrays, int wanted) {
        List<double[]> results = outputs(arrays, wanted);
        arrays.forEach(INDArray::close);
        return results;
    }

    /** Runs on the given arrays, which stay open, and returns the first {@code wanted} rows of each output. */
    public List<double[]> outputs(List<INDArray> arrays, int wanted) {
        List<INDArray> outputs = program.run(arrays);
        List<double[]> results = new ArrayList<>(outputs.size());
        for (INDArray output : outputs) {
            int perRow = Math.toIntExact(output.length() / rows);
            double[] all = output.dup('c').reshape(output.length()).toDoubleVector();
            results.add(Arrays.copyOf(all, wanted * perRow));
        }
        outputs.forEach(INDArray::close);
        return results;
    }

    @Override
    public void close() {
        program.close();
    }
}
