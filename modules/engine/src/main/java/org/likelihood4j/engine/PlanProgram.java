package org.likelihood4j.engine;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A plan that is bound to a device's memory. One thread at a time. */
public interface PlanProgram extends AutoCloseable {
    /** Copies an input to its place; the array is of the declared shape. */
    void setInput(String name, INDArray array);

    /**
     * Says where all inputs come from from now on. Sources are read only if there is room for what they have.
     *
     * @param inputs their names, in the order of the sources
     * @return whether {@link #setInputs} may be called; false where inputs are as near in the process's own memory, or there is no room
     */
    default boolean feed(List<String> inputs, List<InputSource> sources) {
        return false;
    }

    /** Makes all inputs from their sources. */
    default void setInputs(StepFeed feed) {
        throw new IllegalStateException("this program is not fed");
    }

    /** Runs all kernels once. */
    void run();

    /** Runs the kernels once and adds each one's nanoseconds to {@code times}. */
    void run(long[] times);

    /** Reads an output that has no place of the caller's. */
    void read(int output, float[] values);

    /** Copies such an output to an array of the caller's. */
    void read(int output, INDArray array);

    /** Frees its memory; bound vectors stay. */
    @Override
    void close();
}
