package org.likelihood4j.inference.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Program;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.FunctionOutput;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.runs.statistics.LogMeanExp;
import org.likelihood4j.runs.statistics.Moments;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A model's function compiled for a number of rows; results come back as plain arrays, and native memory is freed. */
public final class CompiledFunction implements AutoCloseable {
    /** Receives the outputs for the real rows of one batch. */
    @FunctionalInterface
    public interface Rows {
        void accept(Batch batch, OutputValues outputs);
    }

    private final List<FunctionInput> inputs;
    private final List<String> names;
    private final DataType type;
    private final int rows;
    private final Program program;

    private CompiledFunction(List<FunctionInput> inputs, List<String> names, DataType type, int rows, Program program) {
        this.inputs = inputs;
        this.names = names;
        this.type = type;
        this.rows = rows;
        this.program = program;
    }

    /** Compiles all outputs that have rows: a scalar would mix padding into its mean. */
    public static CompiledFunction compile(Engine engine, ModelFunction function, ModelValues values, int rows) {
        List<String> outputs = function.outputs().stream()
                .filter(output -> !(output instanceof FunctionOutput.Scalar))
                .map(FunctionOutput::name)
                .toList();
        return compile(engine, function, outputs, values, rows);
    }

    /** Compiles some outputs. */
    public static CompiledFunction compile(
            Engine engine, ModelFunction function, List<String> outputs, ModelValues values, int rows) {
        return compile(engine, function, outputs, values.type(), rows, values.vectors());
    }

    /** The same for vectors that are bound as they are. */
    public static CompiledFunction compile(
            Engine engine,
            ModelFunction function,
            List<String> outputs,
            DataType type,
            int rows,
            FlatVector... vectors) {
        Computation computation =
                new Computation(function.graph(), InputArrays.declare(function.inputs(), type, rows), outputs);
        return new CompiledFunction(
                function.inputs(), List.copyOf(outputs), type, rows, engine.compile(computation, vectors));
    }

    /** Compiles all outputs and the gradients of the first one with respect to the others. */
    public static CompiledFunction compileGradient(
            Engine engine, ModelFunction function, ModelValues values, int rows) {
        List<String> outputs = function.outputNames();
        return compileGradient(
                engine, function, outputs.subList(1, outputs.size()), values.type(), rows, values.vectors());
    }

    /**
     * Compiles the first output, a scalar, and its gradients with respect to variables of the graph, whose values come out too.
     *
     * @param vectors that are bound as they are
     */
    public static CompiledFunction compileGradient(
            Engine engine,
            ModelFunction function,
            List<String> withRespectTo,
            DataType type,
            int rows,
            FlatVector... vectors) {
        List<String> outputs = new ArrayList<>();
        outputs.add(function.outputNames().get(0));
        outputs.addAll(withRespectTo);
        Computation computation =
                new Computation(function.graph(), InputArrays.declare(function.inputs(), type, rows), outputs);
        List<String> names = new ArrayList<>(outputs);
        withRespectTo.forEach(name -> names.add(OutputValues.gradientOf(name)));
        return new CompiledFunction(function.inputs(), names, type, rows, engine.compileGradient(computation, vectors));
    }

    /** Compiles all outputs, and the gradients of the first one, a scalar, with respect to inputs. */
    public static CompiledFunction compileInputGradient(
            Engine engine,
            ModelFunction function,
            List<String> withRespectTo,
            DataType type,
            int rows,
            FlatVector... vectors) {
        Computation computation = new Computation(
                function.graph(), InputArrays.declare(function.inputs(), type, rows), function.outputNames());
        List<String> names = new ArrayList<>(function.outputNames());
        withRespectTo.forEach(name -> names.add(OutputValues.gradientOf(name)));
        return new CompiledFunction(
                function.inputs(), names, type, rows, engine.compileGradient(computation, withRespectTo, vectors));
    }

    /** N: how many rows it computes at once. */
    public int rows() {
        return rows;
    }

    /** Runs one batch: the real rows of each output. */
    public OutputValues overBatch(Batch batch, NoiseKeys keys) {
        return run(InputArrays.of(inputs, type, batch, keys), batch.size());
    }

    /** Runs over a whole set in order; padded rows never reach {@code sink}. */
    public void overSet(Examples set, NoiseKeys keys, Rows sink) {
        for (int i = 0; i < Batches.covering(set, rows); i++) {
            Batch batch = Batches.evaluation(set, rows, i);
            sink.accept(batch, overBatch(batch, keys));
        }
    }

    /**
     * Runs a function of values, and of a condition where the model has one, on rows of them, no more than the program's: what is
     * missing is zeros.
     *
     * @param conditions columns for each row; ignored where there is no condition
     */
    public OutputValues overValues(List<double[]> values, List<double[]> conditions) {
        List<INDArray> arrays = new ArrayList<>();
        for (FunctionInput input : inputs) {
            arrays.add(padded(isTold(input) ? conditions : values, input.size()));
        }
        return run(arrays, values.size());
    }

    private static boolean isTold(FunctionInput input) {
        return input instanceof FunctionInput.Condition || input instanceof FunctionInput.Given;
    }

    private INDArray padded(List<double[]> values, int width) {
        double[] flat = new double[rows * width];
        for (int i = 0; i < values.size(); i++) {
            System.arraycopy(values.get(i), 0, flat, i * width, width);
        }
        return Nd4j.create(flat, new long[] {rows, width}, type);
    }

    /**
     * Draws from the model by its sampling function, whose inputs are noise, and a condition where the model has one: example i is
     * the same whatever is drawn beside it.
     *
     * @param first the number of the first example
     * @param count at most the program's rows
     * @param temperature scales the normal noise
     * @param conditions columns for each example; ignored where there is no condition
     */
    public double[] sample(int first, int count, double temperature, long seed, List<double[]> conditions) {
        long key = CounterRandom.key(seed, "sample");
        List<INDArray> arrays = new ArrayList<>();
        for (FunctionInput input : inputs) {
            if (isTold(input)) {
                arrays.add(padded(conditions, input.size()));
                continue;
            }
            FunctionInput.NoiseInput noise = (FunctionInput.NoiseInput) input;
            // Each input has noise of its own; the first one's is that of the seed alone.
            long own = arrays.isEmpty() ? key : CounterRandom.key(key, noise.name());
            INDArray array = InputArrays.noise(noise, type, rows, row -> CounterRandom.key(own, first + row));
            arrays.add(noise.distribution() == Noise.NORMAL ? array.muli(temperature) : array);
        }
        return run(arrays, count).only();
    }

    /** The inputs of one batch, of which only the noise that is renewed at every draw changes from run to run. */
    public final class Draws implements AutoCloseable {
        private final Batch batch;
        private List<INDArray> arrays;

        private Draws(Batch batch) {
            this.batch = batch;
        }

        /** The outputs of the real rows. */
        public OutputValues run(NoiseKeys keys) {
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

        /** For each real row the mean of exp of the one output over {@code count} draws, from draw {@code first} on. */
        public LogMeanExp[] logMeanExp(LongFunction<NoiseKeys> keys, long first, int count) {
            LogMeanExp[] means = LogMeanExp.array(batch.size());
            for (int draw = 0; draw < count; draw++) {
                double[] logWeights = run(keys.apply(first + draw)).only();
                for (int row = 0; row < means.length; row++) {
                    means[row].add(logWeights[row]);
                }
            }
            return means;
        }

        /** For each real row the moments of the one output over such draws. */
        public Moments[] moments(LongFunction<NoiseKeys> keys, long first, int count) {
            Moments[] moments = new Moments[batch.size()];
            Arrays.setAll(moments, row -> new Moments());
            for (int draw = 0; draw < count; draw++) {
                double[] values = run(keys.apply(first + draw)).only();
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

    /** Runs on rows for each input by name, as many as the program's. */
    public OutputValues overInputs(Map<String, double[][]> given) {
        List<INDArray> arrays = new ArrayList<>();
        for (FunctionInput input : inputs) {
            double[][] values = given.get(input.name());
            if (values == null || values.length != rows) {
                throw new IllegalArgumentException("input " + input.name() + " needs " + rows + " rows");
            }
            double[] flat = new double[rows * input.size()];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(values[row], 0, flat, row * input.size(), input.size());
            }
            arrays.add(Nd4j.create(flat, new long[] {rows, input.size()}, type));
        }
        return run(arrays, rows);
    }

    /** Runs on the given arrays, which are closed, and returns the first {@code wanted} rows of each output. */
    private OutputValues run(List<INDArray> arrays, int wanted) {
        OutputValues results = outputs(arrays, wanted);
        arrays.forEach(INDArray::close);
        return results;
    }

    /** Runs on the given arrays, which stay open, and returns the first {@code wanted} rows of each output. */
    public OutputValues outputs(List<INDArray> arrays, int wanted) {
        List<INDArray> outputs = program.run(arrays);
        Map<String, double[]> results = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            INDArray output = outputs.get(i);
            double[] all = output.dup('c').reshape(output.length()).toDoubleVector();
            // What has no rows, a scalar or a parameter's gradient, is whole.
            boolean ofRows = wanted < rows && output.length() % rows == 0;
            results.put(
                    names.get(i), ofRows ? Arrays.copyOf(all, wanted * Math.toIntExact(output.length() / rows)) : all);
        }
        outputs.forEach(INDArray::close);
        return new OutputValues(results);
    }

    @Override
    public void close() {
        program.close();
    }
}
