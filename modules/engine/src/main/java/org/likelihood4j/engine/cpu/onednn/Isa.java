package org.likelihood4j.engine.cpu.onednn;

import org.bytedeco.dnnl.global.dnnl;

/** Whether oneDNN is there, and the instructions that it computes with on this machine. */
public final class Isa {
    private static final int NONE = -1;
    private static final int EFFECTIVE = detect();

    private Isa() {}

    /** False where no native build of it is on the class path, as for macOS on ARM, of which there is none. */
    public static boolean hasOneDnn() {
        return EFFECTIVE != NONE;
    }

    public static boolean isAvx512() {
        return hasOneDnn() && (EFFECTIVE & dnnl.dnnl_cpu_isa_avx512_core) == dnnl.dnnl_cpu_isa_avx512_core;
    }

    /** Whether products of bfloat16s have instructions of their own: AVX512_BF16 or AMX. */
    public static boolean hasBfloat16() {
        return hasOneDnn() && (EFFECTIVE & dnnl.dnnl_cpu_isa_avx512_core_bf16) == dnnl.dnnl_cpu_isa_avx512_core_bf16;
    }

    private static int detect() {
        try {
            return dnnl.dnnl_get_effective_cpu_isa();
        } catch (LinkageError e) {
            return NONE;
        }
    }
}
