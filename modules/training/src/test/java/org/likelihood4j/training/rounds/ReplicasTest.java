package org.likelihood4j.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.StepCompiler;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.CloseArrays;
import org.likelihood4j.training.TinyRun;
import org.nd4j.linalg.api.buffer.DataType;

/** What replicas become on their own, and their mean. */
class ReplicasTest {
    private static final int SHARDS = 4;

    @TempDir
    private Path runs;

    /** Ten steps an epoch. */
    private static RunConfig config(String... overrides) {
        List<String> all = new ArrayList<>(List.of("precision=float64", "training.shards=" + SHARDS));
        all.addAll(List.of(overrides));
        return TinyRun.config(TinyRun.VAE, all.toArray(String[]::new));
    }

    /** A program of its own for the rows of a shard, with what it is made of. */
    private record Replica(ModelValues values, StepInputs inputs, StepCheck check, TrainingProgram program)
            implements AutoCloseable {
        static Replica of(RunConfig config, StepPlan plan) {
            Examples train = TinyRun.data(config).train();
            Model model = ModelBuilder.create(config, train.shape());
            ModelValues values = ModelValues.initial(model, DataType.DOUBLE, config.seed());
            return new Replica(
                    values,
                    new StepInputs(plan, model.trainingLoss(), values),
                    new StepCheck(model.metrics(), config.training()),
                    StepCompiler.compile(config, model.trainingLoss(), values));
        }

        ShardSteps steps(StepPlan plan) {
            return new ShardSteps(plan, check, inputs, program);
        }

        List<FlatVector> state() {
            return StateBytes.changed(program);
        }

        @Override
        public void close() {
            program.close();
        }
    }

    private static double[] numbers(FlatVector vector) {
        return vector.flat().toDoubleVector();
    }

    private static double[] mean(List<Replica> replicas, int vector) {
        double[] mean = new double[numbers(replicas.get(0).state().get(vector)).length];
        for (Replica replica : replicas) {
            double[] own = numbers(replica.state().get(vector));
            for (int i = 0; i < mean.length; i++) {
                mean[i] += own[i] / replicas.size();
            }
        }
        return mean;
    }

    /** Of parameters, both moments of Adam and the average: against four programs that never heard of each other, and Java's own mean. */
    @Test
    void isTheMeanOfTrainingsOnTheirOwn() {
        RunConfig config = config(
                "training.local={steps: 3, after: 0}",
                "training.clipNorm=20",
                "training.emaDecay=0.9",
                "training.schedule.type=cosine",
                "training.warmupSteps=5");
        StepPlan plan = new StepPlan(config, TinyRun.data(config).train());
        List<Replica> alone = new ArrayList<>();
        for (int i = 0; i < SHARDS; i++) {
            alone.add(Replica.of(config, plan));
        }
        try (Replica together = Replica.of(config, plan);
                ShardSteps.Stretch stretch = together.steps(plan).stretch(0, 6, 2)) {
            for (long from = 0; from < 6; from += 3) {
                List<StepResult> block = stretch.take(0.5);
                assertThat(block).hasSize(3);
                for (int step = 0; step < 3; step++) {
                    double loss = 0;
                    double norm = 0;
                    for (int shard = 0; shard < SHARDS; shard++) {
                        Replica replica = alone.get(shard);
                        StepResult own = replica.program()
                                .step(
                                        0.5 * plan.learningRate(from + step),
                                        replica.inputs().shard(from + step, shard));
                        loss += own.loss() / SHARDS;
                        norm = Math.max(norm, own.gradientNorm());
                    }
                    assertThat(block.get(step).loss()).isCloseTo(loss, within(1e-12 * loss));
                    assertThat(block.get(step).gradientNorm()).isCloseTo(norm, within(1e-12 * norm));
                    assertThat(block.get(step).metrics().get(0))
                            .hasSize(config.training().batch());
                }
                assertThat(together.state()).hasSize(4);
                for (int vector = 0; vector < 4; vector++) {
                    double[] mean = mean(alone, vector);
                    double[] averaged = numbers(together.state().get(vector));
                    CloseArrays.assertClose(averaged, mean, 1e-13, "vector " + vector);
                    // They were not the same before: the next block begins with the mean.
                    for (Replica replica : alone) {
                        FlatVector own = replica.state().get(vector);
                        assertThat(numbers(own)).isNotEqualTo(averaged);
                        own.flat().assign(together.state().get(vector).flat());
                    }
                }
                assertThat(together.program().state().steps()).isEqualTo(from + 3);
            }
        } finally {
            alone.forEach(Replica::close);
        }
    }

    /** All that follows a gradient is linear in it: so the mean of single steps is the step of the mean, to rounding. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0.9, 0", "0.9, 1"})
    void afterEachStepOfStochasticDescentItIsTheStepTogether(double momentum, int after) throws IOException {
        String[] settings = {
            "training.optimizer={type: sgd, learningRate: 1e-3, weightDecay: 1e-2, momentum: " + momentum + "}",
            "training.emaDecay=0.9",
            "training.local=null"
        };
        RunDirectory together = TinyRun.train(runs, config(settings));
        settings[2] = "training.local={steps: 1, after: " + after + "}";
        RunDirectory alone = TinyRun.train(runs, config(settings));
        for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
            List<Tensor> expected = tensors(together, file);
            List<Tensor> found = tensors(alone, file);
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                CloseArrays.assertClose(
                        found.get(i).toDoubles(),
                        expected.get(i).toDoubles(),
                        1e-12,
                        expected.get(i).name());
            }
        }
    }

    private static List<Tensor> tensors(RunDirectory run, String file) throws IOException {
        return Safetensors.read(TinyRun.checkpoint(run, "last").resolve(file)).tensors();
    }

    /** A bound that each replica's first norm or only a later one is above, and a rate that leaves no finite loss. */
    @ParameterizedTest
    @CsvSource({"1e-3, 1e-9, 1", "1e30, 1e300, 3"})
    void whereOneCannotGoOnAllAreLeftWhereTheyBegan(double rate, double bound, int steps) {
        RunConfig config = config(
                "training.local={steps: 5, after: 0}",
                "training.optimizer={type: sgd, learningRate: " + rate + "}",
                "training.recovery={attempts: 1, factor: 0.5, maxGradientNorm: " + bound + "}");
        StepPlan plan = new StepPlan(config, TinyRun.data(config).train());
        try (Replica replica = Replica.of(config, plan);
                ShardSteps.Stretch stretch = replica.steps(plan).stretch(0, 10, 2)) {
            List<double[]> before =
                    replica.state().stream().map(ReplicasTest::numbers).toList();
            List<StepResult> results = stretch.take(1);
            assertThat(results).hasSize(steps);
            StepResult last = results.get(steps - 1);
            assertThat(replica.check().goesOn(last.gradientNorm())).isFalse();
            assertThat(Double.isFinite(last.gradientNorm())).isEqualTo(steps == 1);
            for (int vector = 0; vector < before.size(); vector++) {
                assertThat(numbers(replica.state().get(vector))).isEqualTo(before.get(vector));
            }
            assertThat(replica.program().state().steps()).isZero();
        }
    }

    @Test
    void blocksEndWithEpochsAndRoundsWithBlocks() {
        RunConfig config = config("training.local={steps: 4, after: 1}", "training.epochs=3");
        StepPlan plan = new StepPlan(config, TinyRun.data(config).train());
        assertThat(IntStream.range(8, 22).mapToObj(step -> plan.blockStart(step) + "-" + plan.blockEnd(step)))
                .containsExactly(
                        "8-9", "9-10", "10-14", "10-14", "10-14", "10-14", "14-18", "14-18", "14-18", "14-18", "18-20",
                        "18-20", "20-24", "20-24");
        assertThat(plan.blocksEnd(3, 7)).isEqualTo(7);
        assertThat(plan.blocksEnd(3, 10)).isEqualTo(10);
        assertThat(plan.blocksEnd(10, 12)).isEqualTo(14);
        assertThat(plan.blocksEnd(10, 17)).isEqualTo(14);
        assertThat(plan.blocksEnd(10, 18)).isEqualTo(18);
        assertThat(plan.blocksEnd(10, 20)).isEqualTo(20);
        // Where a training goes on whose blocks were others.
        assertThat(plan.blocksEnd(11, 12)).isEqualTo(14);
    }
}
