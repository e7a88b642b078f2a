package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Arrays;

/** NVIDIA's compiler of kernels, {@code libnvrtc.so}, as nvrtc.h declares it. Each function returns a status, 0 for success. */
public interface Nvrtc extends Library {
    String nvrtcGetErrorString(int status);

    int nvrtcVersion(IntByReference major, IntByReference minor);

    int nvrtcGetNumSupportedArchs(IntByReference count);

    int nvrtcGetSupportedArchs(int[] architectures);

    int nvrtcCreateProgram(
            PointerByReference program, String text, String name, int headers, Pointer texts, Pointer names);

    int nvrtcCompileProgram(Pointer program, int count, String[] options);

    int nvrtcGetProgramLogSize(Pointer program, LongByReference size);

    int nvrtcGetProgramLog(Pointer program, Pointer log);

    int nvrtcGetCUBINSize(Pointer program, LongByReference size);

    int nvrtcGetCUBIN(Pointer program, Pointer code);

    int nvrtcDestroyProgram(PointerByReference program);

    /** Such as 13.0. */
    default String version() {
        IntByReference major = new IntByReference();
        IntByReference minor = new IntByReference();
        check(nvrtcVersion(major, minor), "nvrtcVersion");
        return major.getValue() + "." + minor.getValue();
    }

    /** The compute capabilities that it compiles for, such as 90, in order. */
    default int[] architectures() {
        IntByReference count = new IntByReference();
        check(nvrtcGetNumSupportedArchs(count), "nvrtcGetNumSupportedArchs");
        int[] architectures = new int[count.getValue()];
        check(nvrtcGetSupportedArchs(architectures), "nvrtcGetSupportedArchs");
        Arrays.sort(architectures);
        return architectures;
    }

    /**
     * Machine code of a text. Never PTX, which the driver would compile: drivers refuse that of a newer NVRTC, as Colab's has one,
     * and run its machine code.
     *
     * @param options one of which names an architecture, such as {@code --gpu-architecture=sm_90}
     * @throws CudaException with the compiler's messages, if it refuses
     */
    default byte[] compile(String text, String... options) {
        PointerByReference program = new PointerByReference();
        check(nvrtcCreateProgram(program, text, "kernels.cu", 0, null, null), "nvrtcCreateProgram");
        try {
            int status = nvrtcCompileProgram(program.getValue(), options.length, options);
            LongByReference size = new LongByReference();
            if (status != 0) {
                check(nvrtcGetProgramLogSize(program.getValue(), size), "nvrtcGetProgramLogSize");
                Memory log = new Memory(size.getValue());
                check(nvrtcGetProgramLog(program.getValue(), log), "nvrtcGetProgramLog");
                throw new CudaException("NVRTC refuses a kernel: " + log.getString(0).strip());
            }
            check(nvrtcGetCUBINSize(program.getValue(), size), "nvrtcGetCUBINSize");
            Memory code = new Memory(size.getValue());
            check(nvrtcGetCUBIN(program.getValue(), code), "nvrtcGetCUBIN");
            return code.getByteArray(0, Math.toIntExact(size.getValue()));
        } finally {
            nvrtcDestroyProgram(program);
        }
    }

    private void check(int status, String function) {
        if (status != 0) {
            throw new CudaException(function + ": " + nvrtcGetErrorString(status));
        }
    }
}
