package org.likelihood4j.engine.cpu;

import org.nd4j.linalg.factory.Nd4j;

/** The process's own memory. */
public final class Host {
    private static final String CPU = "CpuBackend";

    private Host() {}

    /** Whether ND4J's arrays are there, where the kernels of this package find them: not with its CUDA backend. */
    public static boolean holdsArrays() {
        return Nd4j.getBackend().getClass().getSimpleName().equals(CPU);
    }
}
