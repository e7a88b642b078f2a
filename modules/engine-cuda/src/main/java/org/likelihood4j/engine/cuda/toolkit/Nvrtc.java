package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

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
}
