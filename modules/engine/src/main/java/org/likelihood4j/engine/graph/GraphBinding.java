package org.likelihood4j.engine.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.FlatVector;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every engine does with a SameDiff graph first: its variables become views of vectors, and it is differentiated. */
public final class GraphBinding {
    private GraphBinding() {}

    /** The parameters first. */
    public static FlatVector[] all(FlatVector parameters, FlatVector... constants) {
        List<FlatVector> all = new ArrayList<>(List.of(parameters));
        all.addAll(List.of(constants));
        return all.toArray(FlatVector[]::new);
    }

    /** The gradient graph: the computation's outputs, then the gradients of the first one. */
    public static Computation differentiate(Computation computation, List<String> withRespectTo) {
        SameDiff graph = computation.graph();
        String loss = computation.outputs().get(0);
        graph.setLossVariables(loss);
        graph.createGradFunction(inputs(graph, withRespectTo));
        List<String> outputs = new ArrayList<>(computation.outputs());
        for (String name : withRespectTo) {
            SDVariable gradient = graph.hasVariable(name) ? graph.grad(name) : null;
            if (gradient == null) {
                throw new IllegalArgumentException(
                        name + " does not reach the loss " + loss + ", so it has no gradient");
            }
            outputs.add(gradient.name());
        }
        return new Computation(graph.getFunction("grad"), computation.inputs(), outputs);
    }

    /** Those whose gradients nobody makes who is not told to; null where there are none. */
    @SuppressWarnings("ReturnsNullCollection") // SameDiff's word for none
    private static String[] inputs(SameDiff graph, List<String> names) {
        String[] inputs = names.stream()
                .filter(name -> graph.hasVariable(name)
                        && graph.getVariable(name).getVariableType() == VariableType.PLACEHOLDER)
                .toArray(String[]::new);
        return inputs.length == 0 ? null : inputs;
    }

    /** Binds the variables and constants of a graph, before it is differentiated, to the slots of their names. */
    public static void bind(SameDiff graph, FlatVector... vectors) {
        // Without this each variable lives in a per-device copy, and views of a flat vector would not stay views. The
        // arrays that the graph already holds are its literal constants, which move over.
        SingleThreadArrayHolder variables = new SingleThreadArrayHolder();
        SingleThreadArrayHolder constants = new SingleThreadArrayHolder();
        graph.setArrayHolders(variables, constants, true);
        rebind(graph, vectors);
    }

    /** Binds a gradient graph, which has its arrays from its original. */
    public static void rebind(SameDiff graph, FlatVector... vectors) {
        for (FlatVector vector : vectors) {
            vector.views().forEach((name, view) -> {
                if (graph.hasVariable(name)) {
                    SDVariable variable = graph.getVariable(name);
                    VariableType kind = variable.getVariableType();
                    if (kind != VariableType.VARIABLE && kind != VariableType.CONSTANT) {
                        throw new IllegalArgumentException("cannot bind " + name + ": it is a " + kind);
                    }
                    requireFit(variable, view);
                    graph.associateArrayWithVariable(view, variable);
                }
            });
        }
    }

    /** Brings bound arrays up to date with what programs on a device have written to their vectors. */
    public static void refresh(FlatVector... vectors) {
        for (FlatVector vector : vectors) {
            vector.flat();
        }
    }

    /** SameDiff would cast an array of another type, so that it is no view any more, and accept one of another shape. */
    private static void requireFit(SDVariable variable, INDArray view) {
        long[] shape = variable.getShape();
        if (variable.dataType() != view.dataType() || (shape != null && !Arrays.equals(shape, view.shape()))) {
            throw new IllegalArgumentException("cannot bind " + variable.name() + ": the graph has "
                    + variable.dataType() + " " + Arrays.toString(shape) + ", the vector " + view.dataType() + " "
                    + Arrays.toString(view.shape()));
        }
    }
}
