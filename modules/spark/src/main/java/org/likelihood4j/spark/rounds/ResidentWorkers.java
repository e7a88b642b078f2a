package org.likelihood4j.spark.rounds;

import java.util.ArrayDeque;
import java.util.Deque;
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

    /** An idle worker, or a new one: that takes seconds, and others wait, which would only do the same. */
    static synchronized ShardWorker take(WorkerSetup setup) {
        if (!setup.equals(current)) {
            Natives.prepare();
            current = null;
            IDLE.forEach(ShardWorker::close);
            IDLE.clear();
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
