package org.likelihood4j.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Where a plan's outside places are. */
public interface PlanBindings {
    /** The float32 vector that holds a named slot, and the slot's first element. */
    Slice vector(String name);

    /** The values of a constant, in C order. */
    double[] literal(String name);

    /** Where an output is wanted. */
    Slice destination(int output);

    /** The prepared operation of a library kernel. */
    Operation operation(String name);

    /** Elements of a vector from an offset on. */
    record Slice(Storage storage, long offset) {}

    /** An operation that no kernel does, on arrays in the process's own memory. */
    interface Operation {
        /** The shape of what it reads or writes. */
        long[] shape(int index, boolean input);

        /** Sets what it reads or writes from now on. */
        void bind(int index, boolean input, INDArray array);

        /** Runs it on its arrays. */
        void run();
    }
}
