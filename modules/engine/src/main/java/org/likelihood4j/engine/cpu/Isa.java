package org.likelihood4j.engine.cpu;

import org.bytedeco.dnnl.global.dnnl;

/** The instructions that oneDNN computes with on this machine. */
final class Isa {
    private static final boolean AVX512 = detect();

    private Isa() {}

    static boolean isAvx512() {
        return AVX512;
    }

    private static boolean detect() {
        try {
            return (dnnl.dnnl_get_effective_cpu_isa() & dnnl.dnnl_cpu_isa_avx512_core) == dnnl.dnnl_cpu_isa_avx512_core;
        } catch (LinkageError e) {
            // No oneDNN for this machine: then nothing depends on it.
            return false;
        }
    }
}
