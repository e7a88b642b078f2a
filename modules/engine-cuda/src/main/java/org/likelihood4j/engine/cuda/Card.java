package org.likelihood4j.engine.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.likelihood4j.engine.cuda.toolkit.Cublas;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.cuda.toolkit.Driver;
import org.likelihood4j.engine.cuda.toolkit.KernelCompiler;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;

/** One NVIDIA card: its memory, its streams, and kernels that are compiled for it. A thread uses it after {@link #enter}. */
public final class Card implements AutoCloseable {
    /** Of compute capability 7.5: the oldest that CUDA 13 compiles for. */
    private static final int OLDEST = 75;

    private final Toolkit toolkit;
    private final KernelCompiler compiler;
    private final Cubins cubins;
    private final int device;
    private final Pointer context;
    private final String name;
    private final int architecture;
    private final int multiprocessors;

    private Card(Toolkit toolkit, Cubins cubins, int device, Pointer context) {
        this.toolkit = toolkit;
        this.compiler = new KernelCompiler(toolkit.nvrtc());
        this.cubins = cubins;
        this.device = device;
        this.context = context;
        byte[] text = new byte[256];
        check(driver().cuDeviceGetName(text, text.length, device), "cuDeviceGetName");
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        this.name = new String(text, 0, length, StandardCharsets.UTF_8);
        this.architecture = 10 * attribute(Driver.ATTRIBUTE_MAJOR) + attribute(Driver.ATTRIBUTE_MINOR);
        this.multiprocessors = attribute(Driver.ATTRIBUTE_MULTIPROCESSORS);
    }

    /**
     * Opens a machine's card.
     *
     * @param ordinal 0 for the first one
     * @param cubins the folder that compiled kernels are kept in
     * @throws CudaException that says in one line what is wrong with it
     */
    public static Card open(Toolkit toolkit, int ordinal, Path cubins) {
        Driver driver = toolkit.driver();
        IntByReference number = new IntByReference();
        Toolkit.check(driver, driver.cuDeviceGetCount(number), "cuDeviceGetCount");
        if (ordinal < 0 || ordinal >= number.getValue()) {
            throw new CudaException("device cuda: there is no card " + ordinal + " among " + number.getValue()
                    + "; they are counted from 0");
        }
        Toolkit.check(driver, driver.cuDeviceGet(number, ordinal), "cuDeviceGet");
        int device = number.getValue();
        PointerByReference context = new PointerByReference();
        Toolkit.check(driver, driver.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
        Card card = new Card(toolkit, new Cubins(cubins), device, context.getValue());
        try {
            card.requireKnown();
        } catch (CudaException e) {
            card.close();
            throw e;
        }
        card.enter();
        return card;
    }

    private void requireKnown() {
        if (architecture < OLDEST) {
            throw new CudaException(
                    "device cuda needs a card of compute capability 7.5 or newer, " + describe() + ": use device cpu");
        }
        if (Arrays.binarySearch(compiler.architectures(), architecture) < 0) {
            throw new CudaException("device cuda: " + describe() + ", which NVRTC " + compiler.version()
                    + " does not know: install a newer CUDA (12.8 for 10.0 and 12.0)");
        }
    }

    private String describe() {
        return name + " is of " + architecture / 10 + "." + architecture % 10;
    }

    private int attribute(int attribute) {
        IntByReference value = new IntByReference();
        check(driver().cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
        return value.getValue();
    }

    /** What its maker calls it. */
    public String name() {
        return name;
    }

    /** Its compute capability, such as 90. */
    public int architecture() {
        return architecture;
    }

    /** Of which each has some blocks at a time. */
    public int multiprocessors() {
        return multiprocessors;
    }

    Driver driver() {
        return toolkit.driver();
    }

    Cublas cublas() {
        return toolkit.cublas();
    }

    /** Makes it the calling thread's card, which the driver asks for before all else. */
    public void enter() {
        check(driver().cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }

    void check(int status, String function) {
        Toolkit.check(driver(), status, function);
    }

    /** Throws if a call of cuBLAS failed. */
    void checkProduct(int status, String function) {
        if (status != 0) {
            throw new CudaException(function + ": cuBLAS's status " + status);
        }
    }

    // ---- memory -----------------------------------------------------------------------------------------------------

    /** Some of the card's memory, filled with nothing in particular. */
    public long allocate(long bytes) {
        LongByReference address = new LongByReference();
        check(driver().cuMemAlloc_v2(address, Math.max(1, bytes)), "cuMemAlloc of " + bytes + " bytes");
        return address.getValue();
    }

    public void free(long address) {
        check(driver().cuMemFree_v2(address), "cuMemFree");
    }

    /** Memory of the host that the card reads and writes by itself, while the host goes on. */
    Pointer pin(long bytes) {
        PointerByReference memory = new PointerByReference();
        check(driver().cuMemHostAlloc(memory, Math.max(1, bytes), 0), "cuMemHostAlloc of " + bytes + " bytes");
        return memory.getValue();
    }

    void unpin(Pointer memory) {
        check(driver().cuMemFreeHost(memory), "cuMemFreeHost");
    }

    /** Copies to the card when the stream comes to it; memory that is not pinned perhaps before this returns. */
    void upload(long to, Pointer from, long bytes, Pointer stream) {
        check(driver().cuMemcpyHtoDAsync_v2(to, from, bytes, stream), "cuMemcpyHtoD");
    }

    /** Copies from the card when the stream comes to it; to memory that is not pinned perhaps before this returns. */
    void download(Pointer to, long from, long bytes, Pointer stream) {
        check(driver().cuMemcpyDtoHAsync_v2(to, from, bytes, stream), "cuMemcpyDtoH");
    }

    // ---- streams, events, graphs ------------------------------------------------------------------------------------

    /** A queue of work, done in its order. */
    Pointer stream() {
        PointerByReference stream = new PointerByReference();
        check(driver().cuStreamCreate(stream, Driver.NON_BLOCKING), "cuStreamCreate");
        return stream.getValue();
    }

    /** Waits until all that was given to a stream is done. */
    void await(Pointer stream) {
        check(driver().cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    /** A mark in a stream. */
    Pointer event(boolean timed) {
        PointerByReference event = new PointerByReference();
        check(driver().cuEventCreate(event, timed ? 0 : Driver.NO_TIMING), "cuEventCreate");
        return event.getValue();
    }

    void record(Pointer event, Pointer stream) {
        check(driver().cuEventRecord(event, stream), "cuEventRecord");
    }

    /** Lets a stream go on only when another one has come to a mark. */
    void waitFor(Pointer event, Pointer stream) {
        check(driver().cuStreamWaitEvent(stream, event, 0), "cuStreamWaitEvent");
    }

    /** What is given to a stream, and to those that it waits for, as one piece of work. */
    Pointer capture(Pointer stream, Runnable work) {
        check(driver().cuStreamBeginCapture_v2(stream, Driver.CAPTURE_THREAD_LOCAL), "cuStreamBeginCapture");
        PointerByReference graph = new PointerByReference();
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            int status = driver().cuStreamEndCapture(stream, graph);
            if (done) {
                check(status, "cuStreamEndCapture");
            }
        }
        PointerByReference executable = new PointerByReference();
        check(driver().cuGraphInstantiateWithFlags(executable, graph.getValue(), 0), "cuGraphInstantiate");
        check(driver().cuGraphDestroy(graph.getValue()), "cuGraphDestroy");
        return executable.getValue();
    }

    // ---- kernels ----------------------------------------------------------------------------------------------------

    /** Compiles kernels and loads them. */
    Pointer load(String text, String... options) {
        List<String> all = new ArrayList<>(List.of("--gpu-architecture=sm_" + architecture, "--std=c++17"));
        all.addAll(List.of(options));
        byte[] code = cubins.code(compiler, text, all);
        Memory image = new Memory(code.length);
        image.write(0, code, 0, code.length);
        PointerByReference module = new PointerByReference();
        check(driver().cuModuleLoadData(module, image), "cuModuleLoadData");
        return module.getValue();
    }

    Pointer function(Pointer module, String name) {
        PointerByReference function = new PointerByReference();
        check(driver().cuModuleGetFunction(function, module, name), "cuModuleGetFunction of " + name);
        return function.getValue();
    }

    /** What the driver is handed: where each argument is, and behind these places the arguments themselves. */
    static Memory parameters(long... arguments) {
        int count = arguments.length;
        Memory parameters = new Memory(2L * Long.BYTES * count);
        for (int i = 0; i < count; i++) {
            long place = (long) Long.BYTES * (count + i);
            parameters.setLong(place, arguments[i]);
            parameters.setPointer((long) Long.BYTES * i, parameters.share(place));
        }
        return parameters;
    }

    /** Gives a kernel to a stream; the arguments are copied before it returns. */
    void launch(Pointer function, int blocks, int threads, Pointer stream, Pointer parameters) {
        int status = driver().cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, stream, parameters, null);
        check(status, "cuLaunchKernel");
    }

    /** The memory on it must have been freed. */
    @Override
    public void close() {
        check(driver().cuDevicePrimaryCtxRelease_v2(device), "cuDevicePrimaryCtxRelease");
    }
}
