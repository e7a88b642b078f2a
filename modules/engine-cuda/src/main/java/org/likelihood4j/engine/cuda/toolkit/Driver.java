package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * What is called of NVIDIA's driver, {@code libcuda.so.1}, as cuda.h declares it. Each function returns a status, 0 for success.
 * Addresses on the card are numbers, handles are pointers, sizes are bytes.
 */
@SuppressWarnings("MemberName") // the library's own names
public interface Driver {
    /** A stream that waits for no other one. */
    int NON_BLOCKING = 1;
    /** An event that does not say when it was. */
    int NO_TIMING = 2;
    /** Other threads may call what cannot be captured meanwhile. */
    int CAPTURE_THREAD_LOCAL = 1;

    /** The status of a memory that is at an end. */
    int OUT_OF_MEMORY = 2;

    int ATTRIBUTE_MAJOR = 75;
    int ATTRIBUTE_MINOR = 76;

    int cuInit(int flags);

    int cuDriverGetVersion(IntByReference version);

    int cuGetErrorString(int status, PointerByReference text);

    int cuDeviceGetCount(IntByReference count);

    int cuDeviceGet(IntByReference device, int ordinal);

    int cuDeviceGetName(byte[] name, int length, int device);

    int cuDeviceGetAttribute(IntByReference value, int attribute, int device);

    int cuDevicePrimaryCtxRetain(PointerByReference context, int device);

    int cuDevicePrimaryCtxRelease_v2(int device);

    int cuCtxSetCurrent(Pointer context);

    int cuMemGetInfo_v2(LongByReference free, LongByReference all);

    int cuMemAlloc_v2(LongByReference address, long bytes);

    int cuMemFree_v2(long address);

    int cuMemHostAlloc(PointerByReference memory, long bytes, int flags);

    int cuMemFreeHost(Pointer memory);

    int cuMemcpyHtoDAsync_v2(long to, Pointer from, long bytes, Pointer stream);

    int cuMemcpyDtoHAsync_v2(Pointer to, long from, long bytes, Pointer stream);

    int cuMemsetD32Async(long to, int value, long count, Pointer stream);

    int cuStreamCreate(PointerByReference stream, int flags);

    int cuStreamDestroy_v2(Pointer stream);

    int cuStreamSynchronize(Pointer stream);

    int cuStreamWaitEvent(Pointer stream, Pointer event, int flags);

    int cuStreamBeginCapture_v2(Pointer stream, int mode);

    int cuStreamEndCapture(Pointer stream, PointerByReference graph);

    int cuEventCreate(PointerByReference event, int flags);

    int cuEventDestroy_v2(Pointer event);

    int cuEventRecord(Pointer event, Pointer stream);

    int cuEventSynchronize(Pointer event);

    int cuEventElapsedTime(FloatByReference milliseconds, Pointer from, Pointer to);

    int cuGraphInstantiateWithFlags(PointerByReference executable, Pointer graph, long flags);

    int cuGraphLaunch(Pointer executable, Pointer stream);

    int cuGraphDestroy(Pointer graph);

    int cuGraphExecDestroy(Pointer executable);

    int cuModuleLoadData(PointerByReference module, Pointer image);

    int cuModuleUnload(Pointer module);

    int cuModuleGetFunction(PointerByReference function, Pointer module, String name);

    int cuLaunchKernel(
            Pointer function,
            int gridX,
            int gridY,
            int gridZ,
            int blockX,
            int blockY,
            int blockZ,
            int sharedBytes,
            Pointer stream,
            Pointer parameters,
            Pointer extra);
}
