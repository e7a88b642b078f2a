package org.likelihood4j.engine;

import java.util.List;

/** Turns SameDiff graphs into programs. {@link Engines} has them. */
public interface Engine {
    /**
     * Compiles a computation without gradients.
     *
     * @param computation graph, inputs and outputs
     * @param vectors every VARIABLE and CONSTANT of the graph that has a slot of its name here is bound to that slot, so
     *     in-place changes of the vectors are seen by the next run
     */
    Program compile(Computation computation, FlatVector... vectors);

    /**
     * Compiles a training step. The first output of the computation is the scalar loss that is minimised; the others are
     * per-example metrics {@code [N]}.
     *
     * @param parameters what is trained: every slot must reach the loss
     * @param constants bound and left alone
     * @throws IllegalArgumentException if a parameter has no gradient
     */
    TrainingProgram compileTraining(
            Computation computation, FlatVector parameters, UpdateRule rule, FlatVector... constants);

    /**
     * Compiles a computation and gradients of its first output, a scalar.
     *
     * @param withRespectTo inputs, or what lies between trained variables of the graph and that scalar
     * @return a program that returns the computation's outputs, then the gradients in their order, each of its variable's shape
     * @throws IllegalArgumentException if one has no gradient
     */
    Program compileGradient(Computation computation, List<String> withRespectTo, FlatVector... vectors);

    /** The same with respect to all other outputs. */
    default Program compileGradient(Computation computation, FlatVector... vectors) {
        List<String> outputs = computation.outputs();
        return compileGradient(computation, outputs.subList(1, outputs.size()), vectors);
    }
}
