package org.likelihood4j.inference;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.likelihood4j.inference.runtime.CompiledFunction;

/**
 * The compiled functions of an open model, for any number of threads. A program serves one thread at a time, so each call takes an
 * idle one or compiles another; as many calls run at once as there are processors, the others wait their turn, first come, first
 * served. All programs share the model's values, which nobody changes.
 */
final class ProgramPool implements FunctionRunner, AutoCloseable {
    /** Graphs are built by ND4J, which does not say that two threads may do so at once. */
    private static final Object COMPILER = new Object();

    private final TrainedModel trained;
    private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
    private final Map<ServedFunction, Deque<CompiledFunction>> idle = new EnumMap<>(ServedFunction.class);
    private boolean closed;
    private int running;

    ProgramPool(TrainedModel trained) {
        this.trained = trained;
    }

    /**
     * Runs a function's program.
     *
     * @throws IllegalStateException if this was closed
     */
    @Override
    public <T> T use(ServedFunction function, Function<CompiledFunction, T> body) {
        turns.acquireUninterruptibly();
        try {
            CompiledFunction program = take(function);
            try {
                program = program == null ? compile(function) : program;
                return body.apply(program);
            } finally {
                giveBack(function, program);
            }
        } finally {
            turns.release();
        }
    }

    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the model of run '" + trained.config().name() + "' was closed; open it again");
        }
    }

    private synchronized CompiledFunction take(ServedFunction function) {
        requireOpen();
        running++;
        Deque<CompiledFunction> programs = idle.get(function);
        return programs == null ? null : programs.poll();
    }

    private CompiledFunction compile(ServedFunction function) {
        synchronized (COMPILER) {
            return trained.compile(function);
        }
    }

    private synchronized void giveBack(ServedFunction function, CompiledFunction program) {
        running--;
        if (program != null) {
            idle.computeIfAbsent(function, any -> new ArrayDeque<>()).push(program);
        }
        freeIfDone();
    }

    /** Calls that are running come to their end; whoever is last frees the memory. */
    @Override
    public synchronized void close() {
        closed = true;
        freeIfDone();
    }

    private void freeIfDone() {
        if (!closed || running > 0) {
            return;
        }
        idle.values().forEach(programs -> programs.forEach(CompiledFunction::close));
        idle.clear();
    }
}
