package org.likelihood4j.engine.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.function.Consumer;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.cuda.toolkit.Driver;

/** What somebody has made on a card, all of which is given back at once. Nothing is made there otherwise. */
final class CardResources implements AutoCloseable {
    private final Card card;
    private final Closers closers = new Closers();

    /** For who knows that the card does nothing of it any more when it is closed; others ask {@link Card#make}. */
    CardResources(Card card) {
        this.card = card;
    }

    Card card() {
        return card;
    }

    /** Something that was made, and how to give it back. */
    <T> T own(T made, Consumer<T> closer) {
        closers.add(() -> closer.accept(made));
        return made;
    }

    private Driver driver() {
        return card.driver();
    }

    /** Some of the card's memory, filled with nothing in particular. */
    long allocate(long bytes) {
        LongByReference address = new LongByReference();
        checkRoom(driver().cuMemAlloc_v2(address, Math.max(1, bytes)), "cuMemAlloc", "the card's memory", bytes);
        return own(address.getValue(), each -> card.check(driver().cuMemFree_v2(each), "cuMemFree"));
    }

    /** Memory of the host that the card reads and writes by itself, while the host goes on. */
    Pointer pin(long bytes) {
        PointerByReference memory = new PointerByReference();
        checkRoom(driver().cuMemHostAlloc(memory, Math.max(1, bytes), 0), "cuMemHostAlloc", "pinned memory", bytes);
        return own(memory.getValue(), each -> card.check(driver().cuMemFreeHost(each), "cuMemFreeHost"));
    }

    private void checkRoom(int status, String function, String where, long bytes) {
        if (status == Driver.OUT_OF_MEMORY) {
            throw CudaException.noRoom(where, bytes);
        }
        card.check(status, function);
    }

    /** A queue of work, done in its order. */
    Pointer stream() {
        PointerByReference stream = new PointerByReference();
        card.check(driver().cuStreamCreate(stream, Driver.NON_BLOCKING), "cuStreamCreate");
        return own(stream.getValue(), each -> card.check(driver().cuStreamDestroy_v2(each), "cuStreamDestroy"));
    }

    /** A mark in a stream. */
    Pointer event(boolean timed) {
        PointerByReference event = new PointerByReference();
        card.check(driver().cuEventCreate(event, timed ? 0 : Driver.NO_TIMING), "cuEventCreate");
        return own(event.getValue(), each -> card.check(driver().cuEventDestroy_v2(each), "cuEventDestroy"));
    }

    /** Loads kernels that are {@linkplain Card#compile compiled}. */
    Pointer module(byte[] code) {
        Memory image = new Memory(code.length);
        image.write(0, code, 0, code.length);
        PointerByReference module = new PointerByReference();
        card.check(driver().cuModuleLoadData(module, image), "cuModuleLoadData");
        return own(module.getValue(), each -> card.check(driver().cuModuleUnload(each), "cuModuleUnload"));
    }

    /** What is given to the first lane, and to those that begin and end there, as one piece of work. */
    Pointer graph(Runnable work) {
        Pointer stream = card.stream();
        card.check(driver().cuStreamBeginCapture_v2(stream, Driver.CAPTURE_THREAD_LOCAL), "cuStreamBeginCapture");
        PointerByReference captured = new PointerByReference();
        boolean done = false;
        try (Closers closer = new Closers()) {
            closer.add(() -> {
                if (captured.getValue() != null) {
                    card.check(driver().cuGraphDestroy(captured.getValue()), "cuGraphDestroy");
                }
            });
            try {
                work.run();
                done = true;
            } finally {
                int status = driver().cuStreamEndCapture(stream, captured);
                if (done) {
                    card.check(status, "cuStreamEndCapture");
                }
            }
            PointerByReference graph = new PointerByReference();
            card.check(driver().cuGraphInstantiateWithFlags(graph, captured.getValue(), 0), "cuGraphInstantiate");
            return own(graph.getValue(), each -> card.check(driver().cuGraphExecDestroy(each), "cuGraphExecDestroy"));
        }
    }

    /** Gives everything back when the card has done what it was given. */
    @Override
    public void close() {
        card.giveBack(closers);
    }

    /** The same after a failure, to which is added what fails now. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
