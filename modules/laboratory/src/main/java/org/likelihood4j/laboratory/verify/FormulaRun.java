package org.likelihood4j.laboratory.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Functions as they are checked: run by the reference engine, formulas in float64 with values for their parameters by name. */
public final class FormulaRun {
    private FormulaRun() {}

    /**
     * A formula, for all outputs.
     *
     * @param values of parameters and buffers by name, row by row
     */
    static CompiledFunction of(ModelFunction function, Map<String, double[]> values, int rows) {
        return of(function, DataType.DOUBLE, rows, vectors(function.graph(), values));
    }

    /** A model's function, for all outputs. */
    public static CompiledFunction of(ModelFunction function, ModelValues values, int rows) {
        return of(function, values.type(), rows, values.vectors());
    }

    private static CompiledFunction of(ModelFunction function, DataType type, int rows, FlatVector... vectors) {
        return CompiledFunction.compile(Engines.reference(), function, function.outputNames(), type, rows, vectors);
    }

    /** A formula, for the gradients of its first output, a scalar, with respect to variables of its graph. */
    static CompiledFunction gradient(
            ModelFunction function, List<String> withRespectTo, Map<String, double[]> values, int rows) {
        return gradient(function, withRespectTo, rows, vectors(function.graph(), values));
    }

    /** The same for float64 vectors that are bound as they are. */
    static CompiledFunction gradient(
            ModelFunction function, List<String> withRespectTo, int rows, FlatVector... vectors) {
        return CompiledFunction.compileGradient(
                Engines.reference(), function, withRespectTo, DataType.DOUBLE, rows, vectors);
    }

    /**
     * Computes a formula in float64: compiles it, runs it once and closes it.
     *
     * @param values of parameters and buffers by name, row by row; others may be among them
     * @param inputs rows for each input by name, of all inputs as many
     * @return all outputs
     */
    public static OutputValues run(
            ModelFunction function, Map<String, double[]> values, Map<String, double[][]> inputs) {
        try (CompiledFunction compiled = of(function, values, rows(inputs))) {
            return compiled.overInputs(inputs);
        }
    }

    /**
     * Differentiates a formula's first output, a scalar, in float64.
     *
     * @param withRespectTo inputs, parameters or other variables of its graph
     * @param values as of {@link #run}
     * @param inputs as of {@link #run}
     * @return the gradient with respect to each, by its name
     */
    public static Map<String, double[]> gradients(
            ModelFunction function,
            List<String> withRespectTo,
            Map<String, double[]> values,
            Map<String, double[][]> inputs) {
        try (CompiledFunction compiled = gradient(function, withRespectTo, values, rows(inputs))) {
            OutputValues results = compiled.overInputs(inputs);
            Map<String, double[]> gradients = new LinkedHashMap<>();
            withRespectTo.forEach(name -> gradients.put(name, results.gradient(name)));
            return gradients;
        }
    }

    private static int rows(Map<String, double[][]> inputs) {
        return inputs.isEmpty() ? 1 : inputs.values().iterator().next().length;
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
}
