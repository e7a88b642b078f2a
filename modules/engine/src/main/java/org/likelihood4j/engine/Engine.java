package org.likelihood4j.engine;

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
     * Compiles a computation and gradients of its first output, a scalar, with respect to all its other outputs, which must
     * lie between trained variables of the graph and that scalar.
     *
     * @return a program that returns the computation's outputs, then the gradients in the outputs' order, each of its
     *     output's shape
     * @throws IllegalArgumentException if an output has no gradient
     */
    Program compileGradient(Computation computation, FlatVector... vectors);
}
