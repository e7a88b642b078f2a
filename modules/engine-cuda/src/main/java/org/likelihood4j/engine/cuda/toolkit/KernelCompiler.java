package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Arrays;
import java.util.OptionalInt;

/** Makes machine code of kernels, by NVRTC. */
public record KernelCompiler(Nvrtc nvrtc) {
    /** Such as 13.0. */
    public String version() {
        IntByReference major = new IntByReference();
        IntByReference minor = new IntByReference();
        check(nvrtc.nvrtcVersion(major, minor), "nvrtcVersion");
        return major.getValue() + "." + minor.getValue();
    }

    /** The compute capabilities that it compiles for, such as 90, in order. */
    public int[] architectures() {
        IntByReference count = new IntByReference();
        check(nvrtc.nvrtcGetNumSupportedArchs(count), "nvrtcGetNumSupportedArchs");
        int[] architectures = new int[count.getValue()];
        check(nvrtc.nvrtcGetSupportedArchs(architectures), "nvrtcGetSupportedArchs");
        Arrays.sort(architectures);
        return architectures;
    }

    /** The newest of them whose machine code a card runs: of the same major version, and none newer than the card's. */
    public OptionalInt target(int capability) {
        return Arrays.stream(architectures())
                .filter(known -> known / 10 == capability / 10 && known <= capability)
                .max();
    }

    /**
     * Machine code of a text. Never PTX, which the driver would compile: drivers refuse that of a newer NVRTC, as Colab's has one,
     * and run its machine code.
     *
     * @param options one of which names an architecture, such as {@code --gpu-architecture=sm_90}
     * @throws CudaException with the compiler's messages, if it refuses
     */
    public byte[] compile(String text, String... options) {
        PointerByReference program = new PointerByReference();
        check(nvrtc.nvrtcCreateProgram(program, text, "kernels.cu", 0, null, null), "nvrtcCreateProgram");
        try {
            int status = nvrtc.nvrtcCompileProgram(program.getValue(), options.length, options);
            LongByReference size = new LongByReference();
            if (status != 0) {
                check(nvrtc.nvrtcGetProgramLogSize(program.getValue(), size), "nvrtcGetProgramLogSize");
                Memory log = new Memory(size.getValue());
                check(nvrtc.nvrtcGetProgramLog(program.getValue(), log), "nvrtcGetProgramLog");
                throw new CudaException("cuda: NVRTC refuses a kernel, " + nvrtc.nvrtcGetErrorString(status) + ": "
                        + log.getString(0).strip());
            }
            check(nvrtc.nvrtcGetCUBINSize(program.getValue(), size), "nvrtcGetCUBINSize");
            Memory code = new Memory(size.getValue());
            check(nvrtc.nvrtcGetCUBIN(program.getValue(), code), "nvrtcGetCUBIN");
            return code.getByteArray(0, Math.toIntExact(size.getValue()));
        } finally {
            nvrtc.nvrtcDestroyProgram(program);
        }
    }

    private void check(int status, String function) {
        if (status != 0) {
            throw new CudaException("cuda: " + function + ": " + nvrtc.nvrtcGetErrorString(status));
        }
    }
}
