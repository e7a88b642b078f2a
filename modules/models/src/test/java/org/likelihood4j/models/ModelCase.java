package org.likelihood4j.models;

import java.util.Map;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A small model that is tested.
 *
 * @param levels of the data's numbers: 0 to {@code levels - 1}
 * @param factory makes it for a type
 */
public record ModelCase(String name, int levels, Function<DataType, Model> factory) {
    Model model() {
        return factory.apply(DataType.DOUBLE);
    }

    /** Convolutions add up many numbers, which must not drive every tanh to its end. */
    Map<String, double[]> values() {
        return Functions.perturbed(model(), name.contains("multi-scale") ? 0.1 : 0.6, 3);
    }

    Map<String, INDArray> inputs(ModelFunction function, int rows) {
        return Functions.inputs(function, rows, levels, DataType.DOUBLE, 11);
    }

    Map<String, INDArray> run(ModelFunction function, int rows) {
        return Functions.run(function, values(), inputs(function, rows));
    }

    @Override
    public String toString() {
        return name;
    }
}
