package org.likelihood4j.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.models.Metric;
import org.likelihood4j.training.ScriptedProgram;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What all workers must do alike: the mean gradient on each, and no update on any where one shard of one has a bad number. */
class ShardedStepTest {
    private static final int SHARDS = 8;

    /** Of shard s the gradient is (2^s, -s), the loss s and the metric -s, unless it is a bad one. */
    private static final class Shards extends ScriptedProgram {
        private final FlatVector gradient;
        private final int bad;
        private final double loss;
        private final double metric;
        private int updates;

        Shards(DataType type, int bad, double loss, double metric) {
            this.gradient = FlatVector.zeros(List.of(new Slot("both", List.of(2L), 0, false)), type);
            this.bad = bad;
            this.loss = loss;
            this.metric = metric;
        }

        @Override
        public StepResult evaluate(List<INDArray> inputs) {
            int shard = inputs.get(0).getInt(0);
            gradient.flat().putScalar(0, 1 << shard).putScalar(1, -shard);
            return new StepResult(
                    shard == bad ? loss : shard, 1, List.of(new double[] {0, shard == bad ? metric : -shard}));
        }

        @Override
        public double update(double learningRate) {
            updates++;
            return gradient.flat().norm2Number().doubleValue();
        }

        @Override
        public FlatVector gradient() {
            return gradient;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT, -1, 0, 0, true",
        "DOUBLE, -1, 0, 0, true",
        "FLOAT, 5, Infinity, 0, false",
        "FLOAT, 5, 1, NaN, false",
        "DOUBLE, 0, 1, -Infinity, false",
        "DOUBLE, 7, NaN, 1, false"
    })
    void allWorkersDoTheSame(DataType type, int bad, double loss, double metric, boolean updates) throws Exception {
        StepCheck check = new StepCheck(List.of(new Metric("metric", "nats", true, "of a test")), (Double) null);
        for (int workers = 1; workers <= SHARDS; workers *= 2) {
            int own = SHARDS / workers;
            ThreadSum sum = new ThreadSum(workers);
            List<Shards> programs = new ArrayList<>();
            List<Future<ShardResults>> results = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(workers);
            for (int worker = 0; worker < workers; worker++) {
                int rank = worker;
                Shards program = new Shards(type, bad, loss, metric);
                programs.add(program);
                List<List<INDArray>> inputs = IntStream.range(rank * own, (rank + 1) * own)
                        .mapToObj(shard -> List.of(Nd4j.createFromArray(new float[] {shard})))
                        .toList();
                results.add(threads.submit(
                        () -> new ShardedStep(program, check, SHARDS, own).take(0.1, inputs, sum.of(rank))));
            }
            List<ShardResults> parts = new ArrayList<>();
            for (int rank = 0; rank < workers; rank++) {
                parts.add(results.get(rank).get());
                assertThat(programs.get(rank).updates).isEqualTo(updates ? 1 : 0);
                // (2^8 - 1)/8 and -28/8
                assertThat(programs.get(rank).gradient().flat().toDoubleVector())
                        .containsExactly(31.875, -3.5);
                double norm = parts.get(rank).gradientNorm();
                assertThat(Double.isFinite(norm)).isEqualTo(updates);
            }
            threads.shutdown();
            StepResult whole = ShardResults.whole(parts);
            if (updates) {
                assertThat(whole.loss()).isEqualTo(3.5);
                assertThat(whole.metrics().get(0))
                        .containsExactly(0, 0, 0, -1, 0, -2, 0, -3, 0, -4, 0, -5, 0, -6, 0, -7);
            } else {
                assertThat(check.notFinite(whole)).isEqualTo(Double.isFinite(metric) ? "loss" : "metric");
            }
        }
    }
}
