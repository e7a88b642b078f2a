package org.likelihood4j.engine.cuda.toolkit;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/** The driver by direct calls, each of which takes some tenths of a microsecond; by an interface of JNA's a launch would take several. */
@SuppressWarnings("MemberName") // the library's own names
final class DirectDriver implements Driver {
    private DirectDriver() {}

    /**
     * Binds all functions, of one library in a process.
     *
     * @throws UnsatisfiedLinkError if one is not there
     */
    static Driver of(NativeLibrary library) {
        Native.register(DirectDriver.class, library);
        return new DirectDriver();
    }

    @Override
    public native int cuInit(int flags);

    @Override
    public native int cuDriverGetVersion(IntByReference version);

    @Override
    public native int cuGetErrorString(int status, PointerByReference text);

    @Override
    public native int cuDeviceGetCount(IntByReference count);

    @Override
    public native int cuDeviceGet(IntByReference device, int ordinal);

    @Override
    public native int cuDeviceGetName(byte[] name, int length, int device);

    @Override
    public native int cuDeviceGetAttribute(IntByReference value, int attribute, int device);

    @Override
    public native int cuDevicePrimaryCtxRetain(PointerByReference context, int device);

    @Override
    public native int cuDevicePrimaryCtxRelease_v2(int device);

    @Override
    public native int cuCtxSetCurrent(Pointer context);

    @Override
    public native int cuMemGetInfo_v2(LongByReference free, LongByReference all);

    @Override
    public native int cuMemAlloc_v2(LongByReference address, long bytes);

    @Override
    public native int cuMemFree_v2(long address);

    @Override
    public native int cuMemHostAlloc(PointerByReference memory, long bytes, int flags);

    @Override
    public native int cuMemFreeHost(Pointer memory);

    @Override
    public native int cuMemcpyHtoDAsync_v2(long to, Pointer from, long bytes, Pointer stream);

    @Override
    public native int cuMemcpyDtoHAsync_v2(Pointer to, long from, long bytes, Pointer stream);

    @Override
    public native int cuMemsetD32Async(long to, int value, long count, Pointer stream);

    @Override
    public native int cuStreamCreate(PointerByReference stream, int flags);

    @Override
    public native int cuStreamDestroy_v2(Pointer stream);

    @Override
    public native int cuStreamSynchronize(Pointer stream);

    @Override
    public native int cuStreamWaitEvent(Pointer stream, Pointer event, int flags);

    @Override
    public native int cuStreamBeginCapture_v2(Pointer stream, int mode);

    @Override
    public native int cuStreamEndCapture(Pointer stream, PointerByReference graph);

    @Override
    public native int cuEventCreate(PointerByReference event, int flags);

    @Override
    public native int cuEventDestroy_v2(Pointer event);

    @Override
    public native int cuEventRecord(Pointer event, Pointer stream);

    @Override
    public native int cuEventSynchronize(Pointer event);

    @Override
    public native int cuEventElapsedTime(FloatByReference milliseconds, Pointer from, Pointer to);

    @Override
    public native int cuGraphInstantiateWithFlags(PointerByReference executable, Pointer graph, long flags);

    @Override
    public native int cuGraphLaunch(Pointer executable, Pointer stream);

    @Override
    public native int cuGraphDestroy(Pointer graph);

    @Override
    public native int cuGraphExecDestroy(Pointer executable);

    @Override
    public native int cuModuleLoadData(PointerByReference module, Pointer image);

    @Override
    public native int cuModuleUnload(Pointer module);

    @Override
    public native int cuModuleGetFunction(PointerByReference function, Pointer module, String name);

    @Override
    public native int cuLaunchKernel(
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
