package org.likelihood4j.inference.arrays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ArrayExamplesTest {
    private static final ImageShape SQUARE = new ImageShape(1, 16, 16);
    private static final VectorShape PAIR = VectorShape.numbered(2);

    /** Every pixel value once. */
    private static INDArray all() {
        return Nd4j.arange(256).reshape(1, 256);
    }

    private static void assertEveryPixelOnce(INDArray data) {
        Examples examples = ArrayExamples.of(data, SQUARE);
        assertThat(examples.size()).isEqualTo(1);
        for (int i = 0; i < 256; i++) {
            assertThat(examples.values(0)[i]).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void intensitiesAreUndoneExactly(DataType type) {
        assertEveryPixelOnce(all().castTo(type).div(255));
        // What a flow draws: (pixel + u)/256 with u from 0 to just below 1.
        assertEveryPixelOnce(all().castTo(type).div(256));
        assertEveryPixelOnce(all().castTo(type).add(0.999).div(256).reshape(1, 1, 16, 16));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"UBYTE", "INT", "LONG", "SHORT"})
    void integersArePixels(DataType type) {
        assertEveryPixelOnce(all().castTo(type));
    }

    @Test
    void anyOrderAndAnyViewOfTheArrayWillDo() {
        INDArray data = Nd4j.rand(DataType.FLOAT, 5, 256);
        Examples plain = ArrayExamples.of(data, SQUARE);
        assertThat(ArrayExamples.of(data.dup('f'), SQUARE).sha256()).isEqualTo(plain.sha256());
        assertThat(ArrayExamples.of(data.reshape(5, 1, 16, 16), SQUARE).sha256())
                .isEqualTo(plain.sha256());
        INDArray wider = Nd4j.concat(1, data, Nd4j.ones(DataType.FLOAT, 5, 3));
        INDArray view = wider.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 256));
        assertThat(ArrayExamples.of(view, SQUARE).sha256()).isEqualTo(plain.sha256());
    }

    @Test
    void pixelsOfIntensitiesAreCut() {
        INDArray intensities = Nd4j.createFromArray(-0.1, 0, 0.5, 0.999, 1, 1.2).reshape(1, 6);
        INDArray pixels = ArrayExamples.pixels(intensities);
        assertThat(pixels.dataType()).isEqualTo(DataType.UINT8);
        assertThat(pixels.reshape(6).toIntVector()).containsExactly(0, 0, 128, 255, 255, 255);
        refused("NaN", () -> ArrayExamples.pixels(Nd4j.createFromArray(0, Double.NaN)));
    }

    @Test
    void rowsAreTakenAsTheyAre() {
        Examples rows = ArrayExamples.of(Nd4j.createFromArray(new double[][] {{-3, 1e10}, {0.5, 7}}), PAIR);
        assertThat(rows.values(0)).containsExactly(-3, 1e10);
        assertThat(rows.values(1)).containsExactly(0.5, 7);
    }

    @Test
    void whatDoesNotFitIsRefusedInOneLine() {
        refused("its shape is [2, 255], expected [N, 1, 16, 16] or [N, 256]", Nd4j.zeros(2, 255), SQUARE);
        refused("its shape is [2, 16, 16]", Nd4j.zeros(2, 16, 16), SQUARE);
        refused("its shape is [2], expected [N, 2]", Nd4j.zeros(2), PAIR);
        refused("its shape is []", Nd4j.scalar(1.0), PAIR);
        refused("its type is BOOL", Nd4j.zeros(1, 256).castTo(DataType.BOOL), SQUARE);
        refused(
                "image 1 has the value 254.0 at position 3; floating-point numbers must be intensities in [0, 1]",
                Nd4j.zeros(2, 256).putScalar(1, 3, 254),
                SQUARE);
        refused("the value -0.5", Nd4j.zeros(1, 256).putScalar(0, 0, -0.5), SQUARE);
        refused("the value NaN", Nd4j.zeros(1, 256).putScalar(0, 0, Double.NaN), SQUARE);
        refused("the value Infinity", Nd4j.zeros(1, 256).putScalar(0, 0, Double.POSITIVE_INFINITY), SQUARE);
        refused(
                "the value 256.0 at position 7; integers must be pixels 0 to 255",
                Nd4j.zeros(DataType.INT32, 1, 256).putScalar(0, 7, 256),
                SQUARE);
        refused("row 1, column 'x2' is NaN", Nd4j.zeros(2, 2).putScalar(1, 1, Double.NaN), PAIR);
        refused("2 examples, but 3 labels", () -> ArrayExamples.of(Nd4j.zeros(2, 2), new int[3], PAIR));
    }

    private static void refused(String message, INDArray data, ExampleShape shape) {
        refused(message, () -> ArrayExamples.of(data, shape));
    }

    private static void refused(String message, ThrowingCallable call) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(call)
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }
}
