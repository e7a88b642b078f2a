package org.likelihood4j.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Shuffle;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.StoredValues;
import org.likelihood4j.engine.InputSource;
import org.likelihood4j.engine.StepFeed;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.training.TinyRun;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a device is told to make against what the host hands over, to the last bit. */
class StepFeedsTest {
    private static final int BATCH = 6;
    private static final double WEIGHT = 0.3;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "model.likelihood={type: bernoulli, binarization: static}",
                "model.condition=label",
                "loss.kl.warmup={type: linear, epochs: 2}"
            })
    void areTheSameBits(String override) {
        RunConfig config = override.isEmpty() ? TinyRun.config(TinyRun.VAE) : TinyRun.config(TinyRun.VAE, override);
        agree(config);
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.FLOW})
    void ofAFlowAsWell(String flow) {
        agree(TinyRun.config(flow));
    }

    private static void agree(RunConfig config) {
        Splits data = TinyRun.data(config);
        List<FunctionInput> inputs =
                ModelBuilder.create(config, data.train().shape()).trainingLoss().inputs();
        StepFeeds feeds = new StepFeeds(inputs, config.seed());
        List<InputSource> sources = feeds.sources(data.train());
        int[] order = Shuffle.permutation(data.train().size(), config.seed(), 2);
        for (int index = 0; index < 2; index++) {
            long step = 40L + index;
            List<INDArray> expected = InputArrays.of(
                    inputs,
                    DataType.FLOAT,
                    Batches.training(data.train(), BATCH, order, index),
                    NoiseKeys.training(config.seed(), step),
                    WEIGHT);
            List<float[]> made = made(sources, feeds.step(order, index, BATCH, step, WEIGHT));
            for (int i = 0; i < inputs.size(); i++) {
                assertThat(made.get(i))
                        .as(inputs.get(i).name())
                        .containsExactly(expected.get(i)
                                .reshape(expected.get(i).length())
                                .toFloatVector());
            }
        }
    }

    /** As the sources' documentation has it. */
    private static List<float[]> made(List<InputSource> sources, StepFeed feed) {
        List<float[]> made = new ArrayList<>();
        int noises = 0;
        for (InputSource source : sources) {
            long key = source instanceof InputSource.Noise ? feed.keys()[noises++] : 0;
            List<float[]> rows = IntStream.range(0, BATCH)
                    .mapToObj(row -> row(source, feed, key, row))
                    .toList();
            float[] all = new float[BATCH * rows.get(0).length];
            for (int row = 0; row < BATCH; row++) {
                System.arraycopy(rows.get(row), 0, all, row * rows.get(row).length, rows.get(row).length);
            }
            made.add(all);
        }
        return made;
    }

    private static float[] row(InputSource source, StepFeed feed, long key, int row) {
        int example = feed.examples()[row];
        if (source instanceof InputSource.Pixels pixels) {
            // Of some examples, as a device reads them.
            int from = Math.max(0, example - 3);
            return Arrays.copyOfRange(
                    new StoredValues.Pixels(pixels.reader().read(from, example + 1)).floats(),
                    (example - from) * pixels.columns(),
                    (example - from + 1) * pixels.columns());
        }
        if (source instanceof InputSource.Numbers numbers) {
            return numbers.reader().read(example, example + 1);
        }
        if (source instanceof InputSource.Classes classes) {
            float[] values = new float[classes.columns()];
            values[(int) classes.reader().read(example, example + 1)[0]] = 1;
            return values;
        }
        if (source instanceof InputSource.Noise noise) {
            float[] values = new float[noise.columns()];
            long own = CounterRandom.key(key, noise.perExample() ? example : row);
            if (noise.normal()) {
                CounterRandom.fillNormal(own, values, 0, values.length);
            } else {
                CounterRandom.fillUniform(own, values, 0, values.length);
            }
            return values;
        }
        return new float[] {(float) feed.same()};
    }
}
