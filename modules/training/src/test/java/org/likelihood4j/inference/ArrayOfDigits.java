package org.likelihood4j.inference;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Digits as arrays. */
final class ArrayOfDigits {
    private ArrayOfDigits() {}

    /** The first images of a set, as integers {@code [count, 1, 28, 28]}. */
    static INDArray pixels(Examples set, int count) {
        int[] pixels = IntStream.range(0, count)
                .flatMap(i -> Arrays.stream(set.values(i)).mapToInt(pixel -> (int) pixel))
                .toArray();
        return Nd4j.createFromArray(pixels).castTo(DataType.UINT8).reshape(count, 1, 28, 28);
    }
}
