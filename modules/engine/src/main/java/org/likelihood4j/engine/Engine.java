package org.likelihood4j.engine;

/** Turns SameDiff graphs into programs. */
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

    /**
     * The engine that compiles each graph to one static program: what trainings use. Where no device holds ND4J's arrays, as with its
     * CUDA backend, it is {@link #reference}, whose operations are all ND4J's.
     */
    static Engine compiled() {
        return Devices.best().<Engine>map(CompiledEngine::new).orElseGet(ReferenceEngine::new);
    }

    /** The engine that runs SameDiff's own session: simple, correct, the oracle that faster ones are held against. */
    static Engine reference() {
        return new ReferenceEngine();
    }
}
