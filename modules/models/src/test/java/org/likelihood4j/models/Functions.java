package org.likelihood4j.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a model's functions with values of the tests' choosing. */
public final class Functions {
    private Functions() {}

    /** Random values, far from the initial ones, for every parameter and buffer of a model. */
    public static Map<String, double[]> perturbed(Model model, double scale, long seed) {
        List<Parameter> tensors = new ArrayList<>();
        model.parameters().entries().forEach(entry -> tensors.add(entry.parameter()));
        model.buffers().entries().forEach(entry -> tensors.add(entry.parameter()));
        return BoundGraph.perturbed(tensors, scale, seed);
    }

    /** Random inputs of a function: each of the kind that it declares. */
    public static Map<String, INDArray> inputs(ModelFunction function, int rows, int levels, DataType type, long seed) {
        Map<String, INDArray> inputs = new LinkedHashMap<>();
        Random random = new Random(seed);
        for (FunctionInput input : function.inputs()) {
            double[][] values = new double[rows][input.size()];
            for (double[] row : values) {
                Arrays.setAll(row, i -> draw(input, levels, random));
            }
            boolean same = input instanceof FunctionInput.Weight;
            inputs.put(input.name(), array(same ? PlainMath.tile(values[0], rows) : values, type));
        }
        return inputs;
    }

    private static double draw(FunctionInput input, int levels, Random random) {
        if (input instanceof FunctionInput.Data || input instanceof FunctionInput.Given) {
            return random.nextInt(levels);
        } else if (input instanceof FunctionInput.Present) {
            return random.nextInt(4) == 0 ? 0 : 1;
        }
        boolean uniform = input instanceof FunctionInput.NoiseInput noise && noise.distribution() == Noise.UNIFORM;
        // In float32's grid, so that both types see the same numbers.
        return uniform ? random.nextFloat() : (float) random.nextGaussian();
    }

    /** Those of the inputs that a function declares. */
    public static Map<String, INDArray> declared(ModelFunction function, Map<String, INDArray> inputs) {
        Map<String, INDArray> declared = new LinkedHashMap<>();
        for (FunctionInput input : function.inputs()) {
            declared.put(input.name(), Objects.requireNonNull(inputs.get(input.name()), input.name()));
        }
        return declared;
    }

    /** Names of a model's parameters, in their order. */
    public static List<String> names(Model model) {
        return model.parameters().entries().stream()
                .map(entry -> entry.parameter().name())
                .toList();
    }

    public static INDArray array(double[][] values, DataType type) {
        return Nd4j.createFromArray(values).castTo(type);
    }

    public static INDArray array(double[][] values) {
        return Nd4j.createFromArray(values);
    }

    /** All outputs of a function. */
    public static Map<String, INDArray> run(
            ModelFunction function, Map<String, double[]> values, Map<String, INDArray> inputs) {
        return new BoundGraph(function.graph(), values).run(function.outputNames(), inputs);
    }

    /** The only output of a function. */
    public static INDArray only(ModelFunction function, Map<String, double[]> values, Map<String, INDArray> inputs) {
        if (function.outputs().size() != 1) {
            throw new AssertionError("one output expected, were " + function.outputNames());
        }
        return run(function, values, inputs).get(function.outputNames().get(0));
    }
}
