package org.likelihood4j.spark.rounds;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.likelihood4j.data.Splits;
import org.likelihood4j.spark.Natives;
import org.likelihood4j.training.rounds.ShardWorker;

/**
 * The workers of this process, which stay from round to round: data and compiled programs, nothing that a round's result depends on. One for
 * each task that runs at the same time; those of another training are closed when a new one begins.
 */
final class ResidentWorkers {
    private static final Deque<ShardWorker> IDLE = new ArrayDeque<>();
    private static WorkerSetup current;
    private static Splits data;

    private ResidentWorkers() {}

    /**
     * An idle worker, or a new one. That takes seconds, and others wait, which would only do the same. It is made by a thread of its own:
     * a task is interrupted when another one's executor is lost, and native code whose loading is cut off is never loaded again.
     */
    static ShardWorker take(WorkerSetup setup) throws IOException {
        CompletableFuture<ShardWorker> made = CompletableFuture.supplyAsync(() -> made(setup));
        try {
            return made.get();
        } catch (InterruptedException e) {
            CompletableFuture<Void> unused = made.thenAccept(worker -> giveBack(setup, worker));
            Thread.currentThread().interrupt();
            throw new IOException("the round was given up", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException(e.getCause().toString(), e.getCause());
        }
    }

    private static synchronized ShardWorker made(WorkerSetup setup) {
        if (!setup.equals(current)) {
            Natives.prepare();
            current = null;
            data = null;
            while (!IDLE.isEmpty()) {
                IDLE.pop().close();
            }
            data = setup.data();
            current = setup;
        }
        ShardWorker worker = IDLE.poll();
        return worker == null ? ShardWorker.open(setup.config(), data) : worker;
    }

    static synchronized void giveBack(WorkerSetup setup, ShardWorker worker) {
        if (setup.equals(current)) {
            IDLE.push(worker);
        } else {
            worker.close();
        }
    }
}
