package org.likelihood4j.spark.rounds;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.likelihood4j.spark.Natives;
import org.likelihood4j.training.rounds.ShardWorker;
import org.likelihood4j.training.rounds.WorkerData;

/**
 * The workers of this process, which stay from round to round: data and compiled programs, nothing that a round's result depends on. One for
 * each task that runs at the same time; those of another training are closed when a new one begins.
 */
final class ResidentWorkers {
    private static final List<ShardWorker> IDLE = new ArrayList<>();
    private static WorkerSetup current;
    private static WorkerData data;

    private ResidentWorkers() {}

    /**
     * An idle worker, best one that has its rows already, or a new one. That takes seconds, and others wait, which would only do the same. It is made by a thread of its own:
     * a task is interrupted when another one's executor is lost, and native code whose loading is cut off is never loaded again.
     */
    static ShardWorker take(WorkerSetup setup, int rank, int workers) throws IOException {
        CompletableFuture<ShardWorker> made = CompletableFuture.supplyAsync(() -> ready(setup, rank, workers));
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

    private static ShardWorker ready(WorkerSetup setup, int rank, int workers) {
        ShardWorker worker = made(setup, rank, workers);
        try {
            worker.prepare(rank, workers);
            return worker;
        } catch (RuntimeException | OutOfMemoryError e) {
            giveBack(setup, worker);
            throw e;
        }
    }

    private static synchronized ShardWorker made(WorkerSetup setup, int rank, int workers) {
        if (!setup.equals(current)) {
            Natives.prepare();
            current = null;
            data = null;
            IDLE.forEach(ShardWorker::close);
            IDLE.clear();
            data = setup.data();
            current = setup;
        }
        if (IDLE.isEmpty()) {
            return ShardWorker.open(setup.config(), data);
        }
        ShardWorker worker = IDLE.stream()
                .filter(idle -> idle.isReadyFor(rank, workers))
                .findFirst()
                .orElse(IDLE.get(0));
        IDLE.remove(worker);
        return worker;
    }

    static synchronized void giveBack(WorkerSetup setup, ShardWorker worker) {
        if (setup.equals(current)) {
            IDLE.add(worker);
        } else {
            worker.close();
        }
    }
}
