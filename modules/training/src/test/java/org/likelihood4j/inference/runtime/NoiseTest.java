package org.likelihood4j.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.FunctionInput.NoiseInput;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.training.TinyRun;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which noise is fresh, and which is not: the promise of {@link Renewal}. */
class NoiseTest {
    private static final Examples IMAGES =
            TinyRun.data(TinyRun.config(TinyRun.VAE)).train();

    private static NoiseInput input(Renewal renewal) {
        return new NoiseInput("eps", EventShape.row(3), Noise.NORMAL, renewal);
    }

    /** Rows that hold the given images. */
    private static Batch batch(int... indices) {
        int[] order = new int[IMAGES.size()];
        System.arraycopy(indices, 0, order, 0, indices.length);
        return Batches.training(IMAGES, indices.length, order, 0);
    }

    private static long key(NoiseKeys keys, Renewal renewal, Batch batch, int row) {
        return keys.key(input(renewal), batch, row);
    }

    @ParameterizedTest
    @EnumSource(
            value = Renewal.class,
            names = {"DRAW", "EPOCH"})
    void trainingNoiseIsFreshAtEveryStepAndRow(Renewal renewal) {
        Batch batch = batch(7, 7, 9);
        List<Long> keys = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
            for (int row = 0; row < 3; row++) {
                keys.add(key(NoiseKeys.training(1, step), renewal, batch, row));
            }
        }
        keys.add(key(NoiseKeys.training(2, 0), renewal, batch, 0));
        keys.add(NoiseKeys.training(1, 0)
                .key(new NoiseInput("other", EventShape.row(3), Noise.NORMAL, renewal), batch, 0));
        assertThat(keys).doesNotHaveDuplicates();
        assertThat(key(NoiseKeys.training(1, 2), renewal, batch, 1)).isEqualTo(keys.get(2 * 3 + 1));
    }

    @Test
    void fixedNoiseFollowsTheImageWhereverItTurnsUp() {
        long key = key(NoiseKeys.training(1, 0), Renewal.NEVER, batch(4, 7), 1);
        assertThat(key(NoiseKeys.training(1, 99), Renewal.NEVER, batch(7, 4, 5), 0))
                .isEqualTo(key);
        // Evaluating on the training set sees the same images, under any evaluation seed and draw.
        assertThat(key(NoiseKeys.evaluation(1, 50, "train", 3), Renewal.NEVER, batch(1, 2, 7), 2))
                .isEqualTo(key);
        assertThat(key(NoiseKeys.training(1, 0), Renewal.NEVER, batch(4, 7), 0)).isNotEqualTo(key);
        assertThat(key(NoiseKeys.training(2, 0), Renewal.NEVER, batch(4, 7), 1)).isNotEqualTo(key);
        assertThat(key(NoiseKeys.evaluation(1, 50, "test", 3), Renewal.NEVER, batch(7), 0))
                .isNotEqualTo(key);
    }

    @Test
    void evaluationRenewsDrawNoiseOnly() {
        List<Long> draws = new ArrayList<>();
        List<Long> epochs = new ArrayList<>();
        for (long draw = 0; draw < 5; draw++) {
            for (int image : new int[] {3, 4}) {
                draws.add(key(NoiseKeys.evaluation(1, 1, "test", draw), Renewal.DRAW, batch(9, image), 1));
                epochs.add(key(NoiseKeys.evaluation(1, 1, "test", draw), Renewal.EPOCH, batch(image), 0));
            }
        }
        assertThat(draws).doesNotHaveDuplicates();
        assertThat(epochs).hasSize(10);
        assertThat(epochs.stream().distinct()).hasSize(2);
        assertThat(epochs.get(0)).isNotEqualTo(epochs.get(1));
        draws.add(key(NoiseKeys.evaluation(1, 2, "test", 0), Renewal.DRAW, batch(3), 0));
        draws.add(key(NoiseKeys.evaluation(1, 1, "validation", 0), Renewal.DRAW, batch(3), 0));
        assertThat(draws).doesNotHaveDuplicates();
        // The place in the batch does not matter: that is what makes the batch size irrelevant.
        assertThat(key(NoiseKeys.evaluation(1, 1, "test", 2), Renewal.DRAW, batch(1, 2, 8, 4), 3))
                .isEqualTo(draws.get(5));
    }

    /** The comparison of the two KLs: new z for each seed and epoch, at the images and posteriors of the validation. */
    @Test
    void theTwoKlsMeetAtFreshNoise() {
        List<Long> keys = new ArrayList<>();
        for (long seed = 1; seed <= 3; seed++) {
            for (long epoch = 1; epoch <= 3; epoch++) {
                for (int image : new int[] {3, 4}) {
                    keys.add(key(NoiseKeys.agreement(seed, 1, "validation", epoch), Renewal.DRAW, batch(image), 0));
                }
            }
        }
        keys.add(key(NoiseKeys.evaluation(1, 1, "validation", 0), Renewal.DRAW, batch(3), 0));
        keys.add(key(NoiseKeys.evaluation(1, 1, "validation", 1), Renewal.DRAW, batch(3), 0));
        assertThat(keys).doesNotHaveDuplicates();
        // A pure function of the seed, the image and the epoch, wherever the image stands in a batch.
        assertThat(key(NoiseKeys.agreement(1, 1, "validation", 2), Renewal.DRAW, batch(9, 4), 1))
                .isEqualTo(keys.get(3));
        for (Renewal shown : List.of(Renewal.EPOCH, Renewal.NEVER)) {
            assertThat(key(NoiseKeys.agreement(1, 1, "validation", 2), shown, batch(9, 4), 1))
                    .isEqualTo(key(NoiseKeys.evaluation(1, 1, "validation", 0), shown, batch(4), 0));
        }
    }

    @Test
    void theArraysHoldThePixelsAndTheNoiseOfEachRow() {
        List<FunctionInput> inputs = List.of(
                new FunctionInput.Data("pixels", EventShape.row(784)),
                input(Renewal.DRAW),
                uniform("u", Renewal.NEVER));
        Batch batch = batch(5, 6);
        List<INDArray> arrays = InputArrays.of(inputs, DataType.FLOAT, batch, NoiseKeys.training(1, 0));
        List<INDArray> doubles = InputArrays.of(inputs, DataType.DOUBLE, batch, NoiseKeys.training(1, 0));
        assertThat(arrays.get(0).shape()).containsExactly(2, 784);
        for (int j = 0; j < 784; j++) {
            assertThat(arrays.get(0).getDouble(1, j)).isEqualTo(IMAGES.values(6)[j]);
            assertThat(doubles.get(0).getDouble(1, j)).isEqualTo(IMAGES.values(6)[j]);
        }
        for (int i = 1; i <= 2; i++) {
            assertThat(doubles.get(i).dataType()).isEqualTo(DataType.DOUBLE);
            assertThat(arrays.get(i).dataType()).isEqualTo(DataType.FLOAT);
            for (int j = 0; j < 3; j++) {
                double value = doubles.get(i).getDouble(1, j);
                assertThat(arrays.get(i).getDouble(1, j)).isCloseTo(value, within(1e-6));
                assertThat(value).isNotEqualTo(doubles.get(i).getDouble(0, j));
            }
        }
    }

    private static NoiseInput uniform(String name, Renewal renewal) {
        return new NoiseInput(name, EventShape.row(3), Noise.UNIFORM, renewal);
    }

    @Test
    void theNoiseHasItsDistribution() {
        INDArray normal = InputArrays.noise(
                new NoiseInput("a", EventShape.row(100), Noise.NORMAL, Renewal.DRAW), DataType.DOUBLE, 200, r -> r);
        INDArray uniform = InputArrays.noise(
                new NoiseInput("a", EventShape.row(100), Noise.UNIFORM, Renewal.DRAW), DataType.DOUBLE, 200, r -> r);
        // 20,000 values: the mean is within five standard errors.
        assertThat(normal.meanNumber().doubleValue()).isCloseTo(0, within(0.036));
        assertThat(normal.stdNumber().doubleValue()).isCloseTo(1, within(0.026));
        assertThat(uniform.meanNumber().doubleValue()).isCloseTo(0.5, within(0.0103));
        assertThat(uniform.stdNumber().doubleValue()).isCloseTo(Math.sqrt(1 / 12.0), within(0.006));
        assertThat(uniform.minNumber().doubleValue()).isNotNegative();
        assertThat(uniform.maxNumber().doubleValue()).isLessThan(1);
    }

    /** What the model is shown, by way of its own graph. */
    private static List<double[]> seen(RunConfig config, NoiseKeys keys) {
        Model model = ModelBuilder.create(config, IMAGES.shape());
        ModelValues values = ModelValues.initial(model, DataType.FLOAT, 1);
        List<double[]> seen = new ArrayList<>();
        try (CompiledFunction program =
                CompiledFunction.compile(Engines.reference(), model.reconstruct(), values, 10)) {
            program.overSet(IMAGES.slice(0, 10), keys, (batch, outputs) -> seen.add(outputs.get(0)));
        }
        return seen;
    }

    @Test
    void staticBinarisationShowsTheSameImagesEachTimeAndDynamicDoesNot() {
        RunConfig fixed = TinyRun.config(TinyRun.VAE, "model.likelihood.binarization=static");
        List<double[]> first = seen(fixed, NoiseKeys.training(1, 0));
        assertThat(first.get(0)).contains(0, 1).hasSize(7840);
        assertThat(first.get(0)).containsOnly(0, 1);
        assertThat(seen(fixed, NoiseKeys.training(1, 17)).get(0)).isEqualTo(first.get(0));
        assertThat(seen(fixed, NoiseKeys.evaluation(1, 5, "train", 3)).get(0)).isEqualTo(first.get(0));

        RunConfig dynamic = TinyRun.config(TinyRun.VAE);
        double[] once = seen(dynamic, NoiseKeys.training(1, 0)).get(0);
        assertThat(seen(dynamic, NoiseKeys.training(1, 1)).get(0)).isNotEqualTo(once);
        double[] evaluated =
                seen(dynamic, NoiseKeys.evaluation(1, 5, "test", 0)).get(0);
        assertThat(seen(dynamic, NoiseKeys.evaluation(1, 5, "test", 1)).get(0)).isEqualTo(evaluated);
    }
}
