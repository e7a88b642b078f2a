package org.likelihood4j.engine;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled computation over bound vectors. One thread at a time. */
public interface Program extends AutoCloseable {
    /**
     * Runs once.
     *
     * @param inputs in the declared order, of the declared types and shapes; only read
     * @return the outputs in the declared order; fresh arrays that belong to the caller, who may close them
     * @throws IllegalArgumentException if an input's type or shape differs from the declared one
     */
    List<INDArray> run(List<INDArray> inputs);

    /** Frees what the program holds; the bound vectors stay. */
    @Override
    void close();
}
