package org.likelihood4j.engine.cpu;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** How many threads native code computes with. OpenMP keeps that number for each thread that calls it. */
final class Native {
    private static final NativeOps OPS = load();

    private Native() {}

    /** By way of Nd4j, whose backend names the library: without it, NativeOpsHolder knows none. */
    private static NativeOps load() {
        Nd4j.getExecutioner();
        return NativeOpsHolder.getInstance().getDeviceNativeOps();
    }

    /** Loads the library, so that it fails here if it must fail. */
    static void require() {
        OPS.ompGetMaxThreads();
    }

    /** From now on, where this thread calls: says how many it were. */
    static int computeWithOneThread() {
        int before = OPS.ompGetMaxThreads();
        OPS.setOmpNumThreads(1);
        return before;
    }

    static void computeWith(int threads) {
        OPS.setOmpNumThreads(threads);
    }
}
