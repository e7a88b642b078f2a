package org.likelihood4j.models.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionOutput;
import org.nd4j.autodiff.samediff.SDVariable;

/** The outputs of a function that is being built, in order, each with its type. */
public final class Outputs {
    private final Map<String, FunctionOutput> types = new LinkedHashMap<>();
    private final Map<String, SDVariable> variables = new LinkedHashMap<>();

    /** One number of the whole batch. */
    public Outputs scalar(String name, SDVariable value) {
        return add(new FunctionOutput.Scalar(name), value);
    }

    /** {@code [N]}. */
    public Outputs perExample(String name, SDVariable value) {
        return add(new FunctionOutput.PerExample(name), value);
    }

    /** {@code [N, size]}. */
    public Outputs events(String name, EventShape shape, SDVariable value) {
        return add(new FunctionOutput.Events(name, shape), value);
    }

    /** {@code [M, C]}. */
    public Outputs matrix(String name, int columns, SDVariable value) {
        return add(new FunctionOutput.Matrix(name, columns), value);
    }

    private Outputs add(FunctionOutput type, SDVariable value) {
        if (types.putIfAbsent(type.name(), type) != null) {
            throw new IllegalArgumentException(
                    "outputs need distinct names, but there are two that are named " + type.name());
        }
        variables.put(type.name(), value);
        return this;
    }

    public boolean isEmpty() {
        return types.isEmpty();
    }

    /** In order. */
    void forEach(BiConsumer<FunctionOutput, SDVariable> action) {
        types.forEach((name, type) -> action.accept(type, variables.get(name)));
    }
}
