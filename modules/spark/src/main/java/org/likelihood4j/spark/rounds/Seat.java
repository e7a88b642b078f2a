package org.likelihood4j.spark.rounds;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;
import org.apache.spark.SparkEnv;

/**
 * A worker's place in a barrier stage.
 *
 * @param context of its task
 * @param tasks of all workers by rank
 * @param executors theirs by rank, as Spark calls them
 * @param port by which others call its process
 */
record Seat(BarrierTaskContext context, List<Integer> tasks, List<String> executors, MeshPort port) {
    Seat {
        tasks = List.copyOf(tasks);
        executors = List.copyOf(executors);
    }

    /**
     * That of the task that calls.
     *
     * @param before the executors by rank in the round before; empty in the first one
     */
    static Seat taken(List<String> before) throws IOException {
        BarrierTaskContext context = BarrierTaskContext.get();
        List<String> executors = Arrays.stream(context.getTaskInfos())
                .map(BarrierTaskInfo::address)
                .toList();
        List<Integer> tasks = ranked(executors, before);
        // By which Spark's own transfers between executors call this machine.
        String host = SparkEnv.get().blockManager().blockManagerId().host();
        return new Seat(context, tasks, tasks.stream().map(executors::get).toList(), MeshPort.shared(host));
    }

    /**
     * The task of each rank. Spark puts tasks on executors in any order: a rank goes to where it was before, if it can, since the rows are there that it
     * needs.
     *
     * @param executors of the tasks
     * @param before of the ranks
     */
    static List<Integer> ranked(List<String> executors, List<String> before) {
        Integer[] tasks = new Integer[executors.size()];
        List<Integer> left =
                new ArrayList<>(IntStream.range(0, tasks.length).boxed().toList());
        for (int rank = 0; rank < Math.min(tasks.length, before.size()); rank++) {
            String executor = before.get(rank);
            tasks[rank] = left.stream()
                    .filter(task -> executors.get(task).equals(executor))
                    .findFirst()
                    .orElse(null);
            left.remove(tasks[rank]);
        }
        for (int rank = 0; rank < tasks.length; rank++) {
            tasks[rank] = tasks[rank] == null ? left.remove(0) : tasks[rank];
        }
        return List.of(tasks);
    }

    int rank() {
        return tasks.indexOf(context.partitionId());
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
                : inOrder(context.allGather(port.address()));
        // Calls of an attempt that failed must not be taken for this one's.
        UUID round = new UUID(
                secret.getMostSignificantBits(), secret.getLeastSignificantBits() + context.stageAttemptNumber());
        return new Mesh(port, round, rank(), addresses, patience);
    }

    private List<String> inOrder(String[] ofTasks) {
        return tasks.stream().map(task -> ofTasks[task]).toList();
    }
}
