package org.likelihood4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The content of an array file as it was read: numbers of one type, in C order (the last dimension runs fastest) unless it is
 * Fortran's.
 *
 * @param dimensions each at least 1; the first one counts the examples
 * @param fortran whether the first dimension runs fastest
 * @param bytes as many as dimensions and type say
 */
@SuppressWarnings("ArrayRecordComponent") // on its way from a reader to a set
record NumberArray(int[] dimensions, ElementType type, ByteOrder order, boolean fortran, byte[] bytes) {
    int size() {
        return bytes.length / type.width();
    }

    /** Number {@code i} as it is stored. */
    private double stored(ByteBuffer buffer, int i) {
        return type.get(buffer, i * type.width());
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).order(order);
    }

    /** All numbers in C order. */
    double[] numbers() {
        ByteBuffer buffer = buffer();
        double[] numbers = new double[size()];
        if (!fortran) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = stored(buffer, i);
            }
            return numbers;
        }
        int[] index = new int[dimensions.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[cOrder(index)] = stored(buffer, i);
            for (int d = 0; d < index.length && ++index[d] == dimensions[d]; d++) {
                index[d] = 0;
            }
        }
        return numbers;
    }

    private int cOrder(int[] index) {
        int at = 0;
        for (int d = 0; d < index.length; d++) {
            at = at * dimensions[d] + index[d];
        }
        return at;
    }

    /**
     * What one example is: an image of {@code [N, H, W]} or {@code [N, C, H, W]} unsigned bytes with 1 or 3 channels, or a row of
     * {@code [N, D]} numbers of any type.
     *
     * @throws DataException if it is neither
     */
    static ExampleShape shape(Path file, int[] dimensions, ElementType type) {
        if (dimensions.length == 2) {
            return VectorShape.numbered(dimensions[1]);
        }
        boolean grey = dimensions.length == 3;
        if (type == ElementType.UINT8
                && (grey || (dimensions.length == 4 && (dimensions[1] == 1 || dimensions[1] == 3)))) {
            return grey
                    ? new ImageShape(1, dimensions[1], dimensions[2])
                    : new ImageShape(dimensions[1], dimensions[2], dimensions[3]);
        }
        throw new DataException(file + ": holds " + describe(dimensions) + " numbers of type "
                + type.name().toLowerCase(java.util.Locale.ROOT)
                + "; expected rows of numbers (N x D), or images of unsigned bytes (N x height x width, or N x channels x"
                + " height x width with 1 or 3 channels)");
    }

    /** The examples. */
    Examples examples(Path file, int[] labels) {
        ExampleShape shape = shape(file, dimensions, type);
        if (shape instanceof ImageShape images) {
            byte[] pixels = bytes;
            if (fortran) {
                double[] numbers = numbers();
                pixels = new byte[numbers.length];
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = (byte) (int) numbers[i];
                }
            }
            return ImageSet.owning(images, pixels, labels);
        }
        try {
            return Table.owning((VectorShape) shape, numbers(), labels);
        } catch (DataException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
    }

    /** Labels, one for each example. */
    int[] labels(Path file) {
        if (dimensions.length != 1) {
            throw new DataException(
                    file + ": holds " + describe(dimensions) + " numbers; expected labels, in one dimension");
        }
        double[] numbers = numbers();
        int[] labels = new int[numbers.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (int) numbers[i];
            if (labels[i] < 0 || labels[i] != numbers[i]) {
                throw new DataException(
                        file + ": label " + i + " is " + numbers[i] + "; expected a whole number of at least 0");
            }
        }
        return labels;
    }

    /** As people write it: {@code 60000x28x28}. */
    static String describe(int[] dimensions) {
        StringBuilder text = new StringBuilder();
        for (int extent : dimensions) {
            text.append(text.isEmpty() ? "" : "x").append(extent);
        }
        return text.toString();
    }
}
