package org.likelihood4j.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Shuffle;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.training.TinyRun;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The inputs of shards are rows of the whole batch's, data and noise alike. */
class StepInputsTest {
    private static final long STEP = 13;
    private static final int SHARDS = 4;

    private static RunConfig config(String binarization) {
        return TinyRun.config(
                TinyRun.VAE, "training.shards=" + SHARDS, "model.likelihood.binarization=" + binarization);
    }

    /** As a training does it whose batch is whole. */
    private static List<INDArray> whole(RunConfig config, ModelFunction loss, ModelValues values) {
        int rows = config.training().batch();
        var train = TinyRun.data(config).train();
        int perEpoch = train.size() / rows;
        int[] order = Shuffle.permutation(train.size(), config.seed(), STEP / perEpoch + 1);
        Batch batch = Batches.training(train, rows, order, (int) (STEP % perEpoch));
        return InputArrays.of(loss.inputs(), values.type(), batch, NoiseKeys.training(config.seed(), STEP), 1);
    }

    private static List<List<INDArray>> shards(StepInputs inputs, long step) {
        return IntStream.range(0, SHARDS)
                .mapToObj(shard -> inputs.shard(step, shard))
                .toList();
    }

    private static List<INDArray> together(List<List<INDArray>> shards) {
        List<INDArray> together = new ArrayList<>();
        for (int input = 0; input < shards.get(0).size(); input++) {
            int i = input;
            together.add(
                    Nd4j.concat(0, shards.stream().map(shard -> shard.get(i)).toArray(INDArray[]::new)));
        }
        return together;
    }

    @ParameterizedTest
    @ValueSource(strings = {"dynamic", "static"})
    void togetherTheyAreTheWholeBatch(String binarization) {
        RunConfig config = config(binarization);
        var train = TinyRun.data(config).train();
        ModelValues values =
                ModelValues.zeros(ModelBuilder.create(config, train.shape()), ModelBuilder.type(config.precision()));
        ModelFunction loss = values.model().trainingLoss();
        StepInputs inputs = new StepInputs(new StepPlan(config, train), loss, values);
        List<INDArray> whole = whole(config, loss, values);
        // The second time in the arrays of the first.
        for (int turn = 0; turn < 2; turn++) {
            List<List<INDArray>> shards = shards(inputs, STEP);
            assertThat(together(shards)).isEqualTo(whole);
            assertThat(inputs.shard(STEP, 1)).isEqualTo(shards.get(1));
            shards.forEach(inputs::release);
            shards(inputs, STEP + 1).forEach(inputs::release);
        }
        assertThat(inputs.whole(STEP)).isEqualTo(whole);
        requireDifferent(config, loss, values, whole, binarization);
    }

    /** What would be wrong: the row of the shard, or of fixed noise the row in the place of the example. */
    private static void requireDifferent(
            RunConfig config, ModelFunction loss, ModelValues values, List<INDArray> whole, String binarization) {
        StepPlan plan = new StepPlan(config, TinyRun.data(config).train());
        int rows = config.training().microBatch();
        Batch second = plan.rows(STEP, rows, rows);
        NoiseKeys rowOfTheShard = NoiseKeys.training(config.seed(), STEP);
        NoiseKeys fixedByRow = (input, batch, row) -> NoiseKeys.training(config.seed(), STEP, rows)
                .key(input, new Batch(batch.values(), batch.labels(), rowsOf(rows), batch.size()), row);
        for (int i = 0; i < loss.inputs().size(); i++) {
            if (!(loss.inputs().get(i) instanceof FunctionInput.NoiseInput noise)) {
                continue;
            }
            INDArray right = whole.get(i).get(NDArrayIndex.interval(rows, 2 * rows));
            boolean fixed = binarization.equals("static") && noise.renewal() == Renewal.NEVER;
            INDArray byRow = InputArrays.of(List.of(noise), values.type(), second, rowOfTheShard)
                    .get(0);
            assertThat(byRow.equals(right)).as(noise.name()).isEqualTo(fixed);
            INDArray byPlace = InputArrays.of(List.of(noise), values.type(), second, fixedByRow)
                    .get(0);
            assertThat(byPlace.equals(right)).as(noise.name()).isEqualTo(!fixed);
        }
    }

    private static int[] rowsOf(int count) {
        int[] rows = new int[count];
        Arrays.setAll(rows, i -> i);
        return rows;
    }

    @Test
    void thereIsNoiseOfBothKinds() {
        RunConfig config = config("static");
        assertThat(ModelBuilder.create(config, TinyRun.data(config).train().shape()).trainingLoss().inputs().stream()
                        .filter(FunctionInput.NoiseInput.class::isInstance)
                        .map(input -> ((FunctionInput.NoiseInput) input).renewal()))
                .contains(Renewal.NEVER, Renewal.DRAW);
    }
}
