package org.likelihood4j.spark.rounds;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/**
 * What rounds cost beside the steps themselves, measured with vectors of nothing: a job with the state there and back, and the sum of a
 * step's gradients.
 *
 * @param parameters of the model, float32
 * @param roundMillis the median time of a round without steps: the parameters, two moments and the gradient go to all workers and come back from
 *     one
 * @param sumMillis the median time of one sum
 */
public record RoundCosts(int parameters, int workers, double roundMillis, double sumMillis) {
    /** The parameters, Adam's moments, the gradient. */
    private static final int VECTORS = 4;

    private static final int WARM_UP = 5;
    private static final int SUMS = 50;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(int rank, String executor, String port, byte[] state, double[] nanos)
            implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /**
     * Measures.
     *
     * @param workers as many as a power of two
     * @param rounds of which the median is told
     */
    public static RoundCosts measure(JavaSparkContext spark, int parameters, int workers, int rounds) {
        JavaRDD<Integer> slots =
                spark.parallelize(IntStream.range(0, workers).boxed().toList(), workers);
        byte[] state = new byte[VECTORS * Float.BYTES * parameters];
        Map<String, String> ports = new HashMap<>();
        List<Double> jobs = new ArrayList<>();
        double[] sums = {};
        for (int i = 0; i < WARM_UP + rounds; i++) {
            // The sums are measured in a job of their own, the first.
            int taken = i == 0 ? SUMS : 0;
            long started = System.nanoTime();
            Broadcast<byte[]> sent = spark.broadcast(state);
            List<Answer> answers = new ArrayList<>(
                    Barrier.map(slots, task(sent, parameters, taken, UUID.randomUUID(), Map.copyOf(ports)))
                            .collect());
            sent.destroy();
            if (i >= WARM_UP) {
                jobs.add((System.nanoTime() - started) / 1e6);
            }
            answers.sort(Comparator.comparingInt(Answer::rank));
            answers.forEach(answer -> ports.put(answer.executor(), answer.port()));
            sums = i == 0 ? answers.get(0).nanos() : sums;
        }
        // Of the first half the JIT compiler has a part.
        double[] late = Arrays.copyOfRange(sums, sums.length / 2, sums.length);
        return new RoundCosts(
                parameters,
                workers,
                median(jobs.stream().mapToDouble(Double::doubleValue).toArray()),
                median(late) / 1e6);
    }

    private static FlatMapFunction<Iterator<Integer>, Answer> task(
            Broadcast<byte[]> sent, int parameters, int taken, UUID round, Map<String, String> ports) {
        return slot -> {
            Seat seat = Seat.taken(List.of());
            byte[] state = sent.value();
            double[] nanos;
            try (Mesh mesh = seat.mesh(round, ports, Mesh.Patience.USUAL)) {
                nanos = sums(mesh, parameters, taken);
            }
            return Collections.singletonList(new Answer(
                            seat.rank(),
                            seat.executor(),
                            seat.port().address(),
                            seat.rank() == 0 ? state : new byte[0],
                            nanos))
                    .iterator();
        };
    }

    private static double[] sums(Mesh mesh, int parameters, int taken) throws IOException {
        float[] vector = new float[parameters];
        double[] nanos = new double[taken];
        for (int i = 0; i < taken; i++) {
            long started = System.nanoTime();
            mesh.sum(vector);
            nanos[i] = System.nanoTime() - started;
        }
        return nanos;
    }

    private static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
