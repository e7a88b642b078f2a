package org.likelihood4j.engine.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.likelihood4j.engine.cuda.toolkit.Cublas;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.cuda.toolkit.Driver;
import org.likelihood4j.engine.cuda.toolkit.KernelCompiler;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;

/**
 * One NVIDIA card: its queues of work, and kernels that are compiled for it.
 *
 * <p>All who use a card share its lanes. What is given to the first one is done in the order in which it was given, so that programs, updates and
 * copies over the same memory need no marks between them. Other lanes begin and end within a run.
 *
 * <p>Any number of threads use it, each for programs of its own. Whoever gives work to the card, makes something on it or captures, does so
 * {@link #locked}: nobody's work falls into another's graph, and cuBLAS sees one thread at a time. Results are waited for outside of that.
 */
public final class Card implements AutoCloseable {
    /** Of compute capability 7.5: the oldest that CUDA 13 compiles for. */
    private static final int OLDEST = 75;
    /** Of compute capability 8.0. */
    private static final int NARROW = 80;

    private static final String NEWER = "install a newer CUDA (12.8 for 10.0 and 12.0)";

    private final Toolkit toolkit;
    private final KernelCompiler compiler;
    private final Cubins cubins;
    private final String description;
    /** What kernels are compiled for. */
    private final int target;

    private final ReentrantLock lock = new ReentrantLock();
    private final CardResources resources = new CardResources(this);
    private final List<CardLane> lanes = new ArrayList<>();
    /** Which nobody waits for. */
    private final Deque<Pointer> marks = new ArrayDeque<>();

    private Pointer context;

    private Card(Toolkit toolkit, Path cubins, int device) {
        this.toolkit = toolkit;
        this.compiler = new KernelCompiler(toolkit.nvrtc());
        this.cubins = new Cubins(cubins);
        int capability = Toolkit.capability(toolkit.driver(), device);
        this.description = name(device) + " of compute capability " + capability / 10 + "." + capability % 10;
        this.target = target(capability);
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
            throw new CudaException(
                    "cuda: there is no card " + ordinal + " among " + number.getValue() + "; they are counted from 0");
        }
        Toolkit.check(driver, driver.cuDeviceGet(number, ordinal), "cuDeviceGet");
        Card card = new Card(toolkit, cubins, number.getValue());
        try {
            card.begin(number.getValue());
        } catch (RuntimeException e) {
            card.resources.closeAfter(e);
            throw e;
        }
        return card;
    }

    private void begin(int device) {
        PointerByReference made = new PointerByReference();
        check(driver().cuDevicePrimaryCtxRetain(made, device), "cuDevicePrimaryCtxRetain");
        context = resources.own(
                made.getValue(),
                each -> check(driver().cuDevicePrimaryCtxRelease_v2(device), "cuDevicePrimaryCtxRelease"));
        locked(() -> {
            for (int i = 0; i < Lanes.COUNT; i++) {
                lanes.add(new CardLane(resources));
            }
            // Whether cuBLAS can be used with this card is known before anybody reads data for it.
            try {
                lanes.get(0).prepareProducts();
            } catch (CudaException e) {
                throw e.isNoRoom()
                        ? new CudaException("cuda: the memory of " + description
                                + " is full: end the program that fills it, or use cpu")
                        : e;
            }
        });
    }

    private String name(int device) {
        byte[] text = new byte[256];
        check(driver().cuDeviceGetName(text, text.length, device), "cuDeviceGetName");
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    private int target(int capability) {
        if (capability < OLDEST) {
            throw new CudaException(
                    "cuda needs a card of compute capability 7.5 or newer, and there is " + description + ": use cpu");
        }
        return compiler.target(capability)
                .orElseThrow(() -> new CudaException("cuda: there is " + description + ", which NVRTC "
                        + compiler.version() + " does not know: " + NEWER));
    }

    /** What it is, and by which CUDA its kernels are compiled. */
    public String description() {
        return description + ", CUDA " + compiler.version();
    }

    /** Whether it has instructions for products of bfloat16s and of TF32. */
    boolean multipliesNarrow() {
        return target >= NARROW;
    }

    Driver driver() {
        return toolkit.driver();
    }

    Cublas cublas() {
        return toolkit.cublas();
    }

    void check(int status, String function) {
        Toolkit.check(driver(), status, function);
    }

    /** Throws if a call of cuBLAS failed. */
    void checkProduct(int status, String function) {
        if (status == Cublas.ALLOC_FAILED) {
            throw CudaException.noRoom(function);
        }
        if (status == Cublas.NOT_INITIALIZED) {
            throw new CudaException(
                    "cuda: " + function + ": cuBLAS cannot begin on " + description
                            + ": another program may fill the card, or the driver be older than cuBLAS; see to that, or use cpu");
        }
        if (status != 0) {
            throw new CudaException("cuda: " + function + ": cuBLAS's status " + status
                    + (Cublas.OLDER.contains(status)
                            ? ", as where it is older than " + description + ": " + NEWER
                            : ""));
        }
    }

    // ---- who uses it ------------------------------------------------------------------------------------------------

    /** Does what nobody else may come between, with this as the thread's card, which the driver asks for before all else. */
    <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            if (lock.getHoldCount() == 1) {
                enter();
            }
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** The same without a result. */
    void locked(Runnable work) {
        locked(() -> {
            work.run();
            return null;
        });
    }

    /** Makes something on the card, or nothing of it. */
    <T> T make(Function<CardResources, T> maker) {
        return locked(() -> {
            CardResources made = new CardResources(this);
            try {
                return maker.apply(made);
            } catch (RuntimeException | Error e) {
                made.closeAfter(e);
                throw e;
            }
        });
    }

    /** Gives back what nobody uses any more, when the card has done what it was given, and although that may fail. */
    void giveBack(Closers closers) {
        closers.add(this::drain);
        closers.add(this::enter);
        lock.lock();
        try {
            closers.close();
        } finally {
            lock.unlock();
        }
    }

    private void enter() {
        check(driver().cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }

    /** The queue that all work begins and ends in. */
    Pointer stream() {
        return lanes.get(0).stream();
    }

    CardLane lane(int number) {
        return lanes.get(number);
    }

    /** Bytes of its memory that nobody has. */
    long free() {
        LongByReference free = new LongByReference();
        memory(free, new LongByReference());
        return free.getValue();
    }

    /** Bytes of its memory, whoever has them. */
    long memory() {
        LongByReference all = new LongByReference();
        memory(new LongByReference(), all);
        return all.getValue();
    }

    private void memory(LongByReference free, LongByReference all) {
        locked(() -> check(driver().cuMemGetInfo_v2(free, all), "cuMemGetInfo"));
    }

    // ---- work -------------------------------------------------------------------------------------------------------

    /** Copies to the card in its order; memory that is not pinned is read at some time until then. */
    void upload(long to, Pointer from, long bytes) {
        check(driver().cuMemcpyHtoDAsync_v2(to, from, bytes, stream()), "cuMemcpyHtoD");
    }

    /** Copies to the card and waits until that is done; the card is locked. */
    void uploadNow(long to, Memory from, long bytes) {
        try {
            upload(to, from, bytes);
            drain();
        } finally {
            // Which else may be collected, and its memory given back, while the driver has not read it.
            Reference.reachabilityFence(from);
        }
    }

    /** Copies from the card in its order. */
    void download(Pointer to, long from, long bytes) {
        check(driver().cuMemcpyDtoHAsync_v2(to, from, bytes, stream()), "cuMemcpyDtoH");
    }

    /** Sets numbers of 32 bits to 0, in the card's order. */
    void clear(long to, long numbers) {
        if (numbers > 0) {
            check(driver().cuMemsetD32Async(to, 0, numbers, stream()), "cuMemsetD32");
        }
    }

    void launch(Pointer graph) {
        check(driver().cuGraphLaunch(graph, stream()), "cuGraphLaunch");
    }

    /** Marks what a stream has been given so far. */
    void record(Pointer event, Pointer stream) {
        check(driver().cuEventRecord(event, stream), "cuEventRecord");
    }

    /** Lets a stream go on only when another one has come to a mark. */
    void waitFor(Pointer event, Pointer stream) {
        check(driver().cuStreamWaitEvent(stream, event, 0), "cuStreamWaitEvent");
    }

    /** Waits for a mark; others may use the card meanwhile. */
    void await(Pointer event) {
        enter();
        check(driver().cuEventSynchronize(event), "cuEventSynchronize");
    }

    /** Waits until all is done that the card was given so far; others may use it meanwhile. */
    public void await() {
        Pointer mark = locked(() -> {
            Pointer event = marks.isEmpty() ? resources.event(false) : marks.pop();
            record(event, stream());
            return event;
        });
        await(mark);
        locked(() -> marks.push(mark));
    }

    /**
     * Waits until the card has nothing to do; it is locked, so that nobody gives it more until then. After a failure other lanes may have work
     * that the first one does not wait for.
     */
    void drain() {
        for (CardLane lane : lanes) {
            check(driver().cuStreamSynchronize(lane.stream()), "cuStreamSynchronize");
        }
    }

    // ---- kernels ----------------------------------------------------------------------------------------------------

    /** Machine code for the card, unless it has been compiled on this machine before; anybody may do so at any time. */
    byte[] compile(String text, String... options) {
        List<String> all = new ArrayList<>(List.of("--gpu-architecture=sm_" + target, "--std=c++17"));
        all.addAll(List.of(options));
        return cubins.code(compiler, text, all);
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

    /** Whoever has made something on it must have given it back. */
    @Override
    public void close() {
        resources.close();
    }
}
