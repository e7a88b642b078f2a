package org.likelihood4j.training.rounds;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.engine.StepResult;

/**
 * What a worker has to say of a round; worker 0 has the state after it follow.
 *
 * @param rank of the worker
 * @param checksum of all that its updates have changed, which must be the same on all workers
 * @param steps of each step what its own shards report
 */
record Answer(int rank, long checksum, List<ShardResults> steps) {
    Answer {
        steps = List.copyOf(steps);
    }

    byte[] head() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(rank);
            out.writeLong(checksum);
            out.writeInt(steps.size());
            for (ShardResults step : steps) {
                out.writeDouble(step.gradientNorm());
                out.writeInt(step.shards().size());
                for (StepResult shard : step.shards()) {
                    out.writeDouble(shard.loss());
                    out.writeInt(shard.metrics().size());
                    for (double[] metric : shard.metrics()) {
                        out.writeInt(metric.length);
                        for (double value : metric) {
                            out.writeDouble(value);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Leaves the state to be read, if there is one. */
    static Answer read(ByteBuffer bytes) {
        int rank = bytes.getInt();
        long checksum = bytes.getLong();
        List<ShardResults> steps = new ArrayList<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            double norm = bytes.getDouble();
            List<StepResult> shards = new ArrayList<>();
            for (int more = bytes.getInt(); more > 0; more--) {
                shards.add(shard(bytes));
            }
            steps.add(new ShardResults(shards, norm));
        }
        return new Answer(rank, checksum, steps);
    }

    private static StepResult shard(ByteBuffer bytes) {
        double loss = bytes.getDouble();
        List<double[]> metrics = new ArrayList<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            double[] values = new double[bytes.getInt()];
            for (int i = 0; i < values.length; i++) {
                values[i] = bytes.getDouble();
            }
            metrics.add(values);
        }
        return new StepResult(loss, Double.NaN, metrics);
    }
}
