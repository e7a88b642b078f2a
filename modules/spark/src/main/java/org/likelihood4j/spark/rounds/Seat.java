package org.likelihood4j.spark.rounds;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;
import org.apache.spark.SparkEnv;

/**
 * A worker's place in a barrier stage.
 *
 * @param context of its task
 * @param executors of all workers by rank, as Spark calls them
 * @param port by which others call its process
 */
record Seat(BarrierTaskContext context, List<String> executors, MeshPort port) {
    /** That of the task that calls. */
    static Seat taken() throws IOException {
        BarrierTaskContext context = BarrierTaskContext.get();
        List<String> executors = Arrays.stream(context.getTaskInfos())
                .map(BarrierTaskInfo::address)
                .toList();
        // By which Spark's own transfers between executors call this machine.
        String host = SparkEnv.get().blockManager().blockManagerId().host();
        return new Seat(context, executors, MeshPort.shared(host));
    }

    int rank() {
        return context.partitionId();
    }

    String executor() {
        return executors.get(rank());
    }

    /**
     * Connects the workers: all of them call this.
     *
     * @param secret of the attempt, which only they know
     * @param ports the processes' ports by their executors, as far as they are known: those of a new one all ask for, which takes a second
     */
    Mesh mesh(UUID secret, Map<String, String> ports, Mesh.Patience patience) throws IOException {
        List<String> addresses = executors.stream().allMatch(ports::containsKey)
                ? executors.stream().map(ports::get).toList()
                : List.of(context.allGather(port.address()));
        // Calls of an attempt that failed must not be taken for this one's.
        UUID round = new UUID(
                secret.getMostSignificantBits(), secret.getLeastSignificantBits() + context.stageAttemptNumber());
        return new Mesh(port, round, rank(), addresses, patience);
    }
}
