package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.Set;

/**
 * NVIDIA's products of matrices, {@code libcublas.so}, as cublas_v2.h declares them: by columns. Each function returns a status,
 * 0 for success.
 */
@SuppressWarnings("MemberName") // the library's own names
public interface Cublas {
    /** {@code CUBLAS_STATUS_NOT_INITIALIZED}. */
    int NOT_INITIALIZED = 1;
    /** {@code CUBLAS_STATUS_ALLOC_FAILED}. */
    int ALLOC_FAILED = 3;
    /**
     * What an older cuBLAS answers on a card that it does not know: {@code CUBLAS_STATUS_ARCH_MISMATCH}, {@code
     * CUBLAS_STATUS_EXECUTION_FAILED} as it finds no code for it, and {@code CUBLAS_STATUS_NOT_SUPPORTED}.
     */
    Set<Integer> OLDER = Set.of(8, 13, 15);
    /** {@code CUDA_R_32F}. */
    int FLOAT32 = 0;
    /** {@code CUDA_R_16BF}. */
    int BFLOAT16 = 14;
    /** {@code CUBLAS_COMPUTE_32F}. */
    int COMPUTE_FLOAT32 = 68;
    /** {@code CUBLAS_COMPUTE_32F_FAST_TF32}. */
    int COMPUTE_TF32 = 77;
    /** {@code CUBLAS_GEMM_DEFAULT}. */
    int DEFAULT_ALGORITHM = -1;

    int cublasCreate_v2(PointerByReference handle);

    int cublasDestroy_v2(Pointer handle);

    int cublasSetStream_v2(Pointer handle, Pointer stream);

    int cublasSetWorkspace_v2(Pointer handle, Pointer workspace, long bytes);

    int cublasSgemm_v2(
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

    int cublasGemmEx(
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
