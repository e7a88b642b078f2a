package org.likelihood4j.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.training.TinyRun;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Inputs that are written where another batch's were. */
class InputArraysTest {
    private static final Examples IMAGES =
            TinyRun.data(TinyRun.config(TinyRun.VAE)).train();

    private static final int ROWS = 5;

    private static final List<FunctionInput> INPUTS = List.of(
            new FunctionInput.Data("pixels", EventShape.row(IMAGES.shape().size())),
            new FunctionInput.NoiseInput("normal", EventShape.row(3), Noise.NORMAL, Renewal.DRAW),
            new FunctionInput.NoiseInput("uniform", EventShape.row(4), Noise.UNIFORM, Renewal.NEVER),
            new FunctionInput.Weight("weight"),
            new FunctionInput.Condition("class", 10));

    private static Batch batch(int first) {
        return Batches.of(IMAGES, new int[] {first, first + 1, first + 2, first + 3, first + 4}, ROWS);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void areTheSameBitsWhereverTheyAreWritten(DataType type) {
        NoiseKeys keys = NoiseKeys.training(1, 7);
        List<INDArray> expected = InputArrays.of(INPUTS, type, batch(9), keys, 0.3);
        List<INDArray> arrays = InputArrays.of(INPUTS, type, batch(2), NoiseKeys.training(1, 6), 0.7);
        for (int i = 0; i < arrays.size(); i++) {
            assertThat(arrays.get(i)).isNotEqualTo(expected.get(i));
        }
        InputArrays.fill(arrays, INPUTS, type, batch(9), keys, 0.3);
        for (int i = 0; i < arrays.size(); i++) {
            assertThat(arrays.get(i).dataType()).isEqualTo(type);
            assertThat(arrays.get(i).shape())
                    .containsExactly(ROWS, INPUTS.get(i).size());
            assertThat(arrays.get(i).reshape(-1).toDoubleVector())
                    .isEqualTo(expected.get(i).reshape(-1).toDoubleVector());
        }
    }
}
