package org.likelihood4j.models;

import java.util.List;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * One named function of a model over its parameter layout: a graph with declared inputs and
 * outputs, for any batch size N. Variables of the graph are named as in the layout; whoever runs it
 * binds them.
 */
public record ModelFunction(SameDiff graph, List<FunctionInput> inputs, List<FunctionOutput> outputs) {
    public ModelFunction {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** In the order of the outputs. */
    public List<String> outputNames() {
        return outputs.stream().map(FunctionOutput::name).toList();
    }
}
