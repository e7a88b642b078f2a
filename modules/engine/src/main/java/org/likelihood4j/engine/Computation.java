package org.likelihood4j.engine;

import java.util.List;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * What is compiled: a graph, its inputs with their exact shapes, and the names of the outputs that are wanted.
 *
 * @param graph defines and, for training, differentiates the computation; owned by the engine from then on
 * @param inputs in the order in which arrays are handed to a run
 * @param outputs in the order in which a run returns them
 */
public record Computation(SameDiff graph, List<Input> inputs, List<String> outputs) {
    public Computation {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        for (String output : outputs) {
            if (!graph.hasVariable(output)) {
                throw new IllegalArgumentException("the graph has no output named " + output);
            }
        }
        for (Input input : inputs) {
            if (!graph.hasVariable(input.name())) {
                throw new IllegalArgumentException("the graph has no input named " + input.name());
            }
        }
    }
}
