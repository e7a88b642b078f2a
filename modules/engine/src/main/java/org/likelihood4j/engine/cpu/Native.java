package org.likelihood4j.engine.cpu;

import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** How many threads native code computes with. OpenMP keeps that number for each thread that calls it. */
final class Native {
    private static final NativeOps OPS = NativeOpsHolder.getInstance().getDeviceNativeOps();

    private Native() {}

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
