package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/** cuBLAS by direct calls: see {@link DirectDriver}. */
@SuppressWarnings("MemberName") // the library's own names
final class DirectCublas implements Cublas {
    private DirectCublas() {}

    /**
     * Binds all functions, of one library in a process.
     *
     * @throws UnsatisfiedLinkError if one is not there
     */
    static Cublas of(NativeLibrary library) {
        Native.register(DirectCublas.class, library);
        return new DirectCublas();
    }

    @Override
    public native int cublasCreate_v2(PointerByReference handle);

    @Override
    public native int cublasDestroy_v2(Pointer handle);

    @Override
    public native int cublasSetStream_v2(Pointer handle, Pointer stream);

    @Override
    public native int cublasSetWorkspace_v2(Pointer handle, Pointer workspace, long bytes);

    @Override
    public native int cublasSgemm_v2(
            Pointer handle,
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            Pointer alpha,
            Pointer a,
            int leadingA,
            Pointer b,
            int leadingB,
            Pointer beta,
            Pointer c,
            int leadingC);

    @Override
    public native int cublasGemmEx(
            Pointer handle,
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            Pointer alpha,
            Pointer a,
            int typeA,
            int leadingA,
            Pointer b,
            int typeB,
            int leadingB,
            Pointer beta,
            Pointer c,
            int typeC,
            int leadingC,
            int computeType,
            int algorithm);
}
