package org.likelihood4j.laboratory.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.Program;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A function with values for its parameters; arrays go in and come out by name, as float64 whatever it computes in. */
final class Compiled implements AutoCloseable {
    private final List<FunctionInput> inputs;
    private final DataType type;
    private final int rows;
    private final List<String> names;
    private final Program program;

    private Compiled(List<FunctionInput> inputs, DataType type, int rows, List<String> names, Program program) {
        this.inputs = inputs;
        this.type = type;
        this.rows = rows;
        this.names = names;
        this.program = program;
    }

    /**
     * A float64 function, for its outputs.
     *
     * @param values of parameters and buffers by name, row by row
     */
    static Compiled of(ModelFunction function, Map<String, double[]> values, int rows) {
        return outputs(function, DataType.DOUBLE, rows, vectors(function.graph(), values));
    }

    /** A model's function, for its outputs. */
    static Compiled of(ModelFunction function, ModelValues values, int rows) {
        return outputs(function, values.type(), rows, vectors(values));
    }

    private static Compiled outputs(ModelFunction function, DataType type, int rows, FlatVector... vectors) {
        Computation computation =
                new Computation(function.graph(), declare(function.inputs(), type, rows), function.outputNames());
        Program program = Engines.reference().compile(computation, vectors);
        return new Compiled(function.inputs(), type, rows, function.outputNames(), program);
    }

    /**
     * A float64 function, for the gradients of its first output, a scalar, with respect to variables of its graph. Its own value
     * comes out too.
     */
    static Compiled gradient(
            ModelFunction function, List<String> withRespectTo, Map<String, double[]> values, int rows) {
        return gradient(function, withRespectTo, DataType.DOUBLE, rows, vectors(function.graph(), values));
    }

    /** The same for vectors that are bound as they are. */
    static Compiled gradient(
            ModelFunction function, List<String> withRespectTo, DataType type, int rows, FlatVector... vectors) {
        List<String> outputs = new ArrayList<>();
        outputs.add(function.outputNames().get(0));
        outputs.addAll(withRespectTo);
        Computation computation = new Computation(function.graph(), declare(function.inputs(), type, rows), outputs);
        // The values come first, then the gradients: under the same name the later one stays.
        List<String> names = new ArrayList<>(outputs);
        names.addAll(withRespectTo);
        Program program = Engines.reference().compileGradient(computation, vectors);
        return new Compiled(function.inputs(), type, rows, names, program);
    }

    static FlatVector[] vectors(ModelValues values) {
        return values.buffers() == null
                ? new FlatVector[] {values.parameters()}
                : new FlatVector[] {values.parameters(), values.buffers()};
    }

    /** All outputs (or gradients, and the scalar itself) by name, each in row-major order. */
    Map<String, double[]> run(Map<String, double[][]> given) {
        List<INDArray> arrays = new ArrayList<>();
        for (FunctionInput input : inputs) {
            double[][] values = given.get(input.name());
            if (values == null || values.length != rows) {
                throw new IllegalArgumentException("input " + input.name() + " needs " + rows + " rows");
            }
            arrays.add(array(Matrices.flat(values), type, rows, input.size()));
        }
        List<INDArray> outputs = program.run(arrays);
        Map<String, double[]> results = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            results.put(names.get(i), outputs.get(i).dup('c').data().asDouble());
        }
        arrays.forEach(INDArray::close);
        outputs.forEach(INDArray::close);
        return results;
    }

    /** Compiles, runs once and closes. */
    static Map<String, double[]> run(
            ModelFunction function, Map<String, double[]> values, Map<String, double[][]> inputs) {
        try (Compiled compiled = of(function, values, rows(inputs))) {
            return compiled.run(inputs);
        }
    }

    /** Compiles, differentiates once and closes. */
    static Map<String, double[]> gradient(
            ModelFunction function,
            List<String> withRespectTo,
            Map<String, double[]> values,
            Map<String, double[][]> inputs) {
        try (Compiled compiled = gradient(function, withRespectTo, values, rows(inputs))) {
            return compiled.run(inputs);
        }
    }

    private static int rows(Map<String, double[][]> inputs) {
        return inputs.isEmpty() ? 1 : inputs.values().iterator().next().length;
    }

    private static INDArray array(double[] values, DataType type, int rows, int columns) {
        long[] shape = {rows, columns};
        if (type == DataType.DOUBLE) {
            return Nd4j.create(values, shape, 'c');
        }
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) values[i];
        }
        return Nd4j.create(rounded, shape, 'c');
    }

    private static List<Input> declare(List<FunctionInput> inputs, DataType type, int rows) {
        return inputs.stream()
                .map(input -> new Input(input.name(), type, List.of((long) rows, (long) input.size())))
                .toList();
    }

    /** The values of those variables that the graph has. */
    private static FlatVector[] vectors(SameDiff graph, Map<String, double[]> values) {
        List<Slot> slots = new ArrayList<>();
        long offset = 0;
        for (Map.Entry<String, double[]> value : values.entrySet()) {
            if (graph.hasVariable(value.getKey())) {
                SDVariable variable = graph.getVariable(value.getKey());
                List<Long> shape = new ArrayList<>();
                for (long size : variable.getShape()) {
                    shape.add(size);
                }
                slots.add(new Slot(value.getKey(), shape, offset, false));
                offset += value.getValue().length;
            }
        }
        if (slots.isEmpty()) {
            return new FlatVector[0];
        }
        FlatVector vector = FlatVector.zeros(slots, DataType.DOUBLE);
        for (Slot slot : slots) {
            INDArray view = vector.view(slot.name());
            view.assign(Nd4j.create(values.get(slot.name()), view.shape(), 'c'));
        }
        return new FlatVector[] {vector};
    }

    @Override
    public void close() {
        program.close();
    }
}
