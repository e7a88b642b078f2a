package org.likelihood4j.data.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;

/**
 * The content of an array file as it was read: numbers of one type, in C order (the last dimension runs fastest) unless it is
 * Fortran's.
 *
 * @param dimensions each at least 1; the first one counts the examples
 * @param fortran whether the first dimension runs fastest
 * @param bytes as many as dimensions and type say
 */
@SuppressWarnings("ArrayRecordComponent") // on its way from a reader to a set
public record NumberArray(int[] dimensions, ElementType type, ByteOrder order, boolean fortran, byte[] bytes) {
    int size() {
        return bytes.length / type.width();
    }

    /**
     * The same array with some of its examples, which are read from where the first one begins.
     *
     * @param rows their numbers, ascending
     * @throws DataException if there are fewer, or they cannot be had without the others
     */
    NumberArray readRows(Path file, InputStream in, int[] rows) throws IOException {
        if (fortran) {
            throw new DataException(
                    file + ": is in Fortran's order, in which an example's numbers lie far apart; to read"
                            + " it in shards save np.ascontiguousarray(x)");
        } else if (dimensions.length > 2 && type != ElementType.UINT8 && type != ElementType.BOOL) {
            throw new DataException(file + ": holds pixels of which only all together tell what white is; to read it in"
                    + " shards save them with .astype('uint8')");
        } else if (rows[rows.length - 1] >= dimensions[0]) {
            throw new DataException(
                    file + ": holds " + dimensions[0] + " examples, fewer than there were; is it another file?");
        }
        int length = type.width();
        for (int d = 1; d < dimensions.length; d++) {
            length *= dimensions[d];
        }
        byte[] some = new byte[rows.length * length];
        int at = 0;
        for (int i = 0; i < rows.length; i++) {
            in.skipNBytes((rows[i] - at) * (long) length);
            if (in.readNBytes(some, i * length, length) < length) {
                throw new DataException(file + ": is cut short: example " + rows[i] + " is not there");
            }
            at = rows[i] + 1;
        }
        int[] others = dimensions.clone();
        others[0] = rows.length;
        return new NumberArray(others, type, order, false, some);
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
     * What one example is: a row of {@code [N, D]} numbers, or an image of {@code [N, H, W]}, {@code [N, C, H, W]} or {@code [N, H, W,
     * C]} numbers with 1 or 3 channels. Where both of the last could be, channels come first.
     *
     * @throws DataException if it is neither
     */
    static ExampleShape shape(Path file, int[] dimensions) {
        if (dimensions.length == 2) {
            if (dimensions[1] > VectorShape.MOST_COLUMNS) {
                throw new DataException(file + ": holds " + describe(dimensions) + " numbers; rows may have at most "
                        + VectorShape.MOST_COLUMNS + " columns; images are N x height x width");
            }
            return VectorShape.numbered(dimensions[1]);
        } else if (dimensions.length == 3) {
            return new ImageShape(1, dimensions[1], dimensions[2]);
        } else if (dimensions.length == 4 && isChannels(dimensions[1])) {
            return new ImageShape(dimensions[1], dimensions[2], dimensions[3]);
        } else if (dimensions.length == 4 && isChannels(dimensions[3])) {
            return new ImageShape(dimensions[3], dimensions[1], dimensions[2]);
        }
        throw new DataException(file + ": holds " + describe(dimensions)
                + " numbers; expected rows of numbers (N x D), or images (N x height x width, or with 1 or 3 channels N x"
                + " channels x height x width or N x height x width x channels)");
    }

    private static boolean isChannels(int extent) {
        return extent == 1 || extent == 3;
    }

    /** The examples. */
    public Examples examples(Path file, int[] labels) {
        ExampleShape shape = shape(file, dimensions);
        if (shape instanceof ImageShape images) {
            return ImageSet.owning(images, pixels(file, images), labels);
        }
        try {
            return Table.owning((VectorShape) shape, numbers(), labels);
        } catch (DataException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
    }

    /** As unsigned bytes, channels first. */
    private byte[] pixels(Path file, ImageShape shape) {
        boolean channelsLast = dimensions.length == 4 && !isChannels(dimensions[1]);
        if (type == ElementType.UINT8 && !fortran && !channelsLast) {
            return bytes;
        }
        double scale = scale(file);
        ByteBuffer buffer = buffer();
        int[] strides = strides();
        int channel = dimensions.length == 3 ? 0 : channelsLast ? strides[3] : strides[1];
        int row = strides[channelsLast || dimensions.length == 3 ? 1 : 2];
        int column = strides[channelsLast || dimensions.length == 3 ? 2 : 3];
        byte[] pixels = new byte[size()];
        int at = 0;
        for (int n = 0; n < dimensions[0]; n++) {
            for (int c = 0; c < shape.channels(); c++) {
                for (int y = 0; y < shape.height(); y++) {
                    for (int x = 0; x < shape.width(); x++) {
                        int place = n * strides[0] + c * channel + y * row + x * column;
                        pixels[at++] = (byte) Math.rint(scale * stored(buffer, place));
                    }
                }
            }
        }
        return pixels;
    }

    private int[] strides() {
        int[] strides = new int[dimensions.length];
        int stride = 1;
        for (int i = 0; i < strides.length; i++) {
            int d = fortran ? i : strides.length - 1 - i;
            strides[d] = stride;
            stride *= dimensions[d];
        }
        return strides;
    }

    /**
     * What makes pixels of the numbers, without rounding any: 255 for intensities in [0, 1], 1 for whole numbers from 0 to 255.
     *
     * @throws DataException if they are neither
     */
    private double scale(Path file) {
        if (type == ElementType.UINT8 || type == ElementType.BOOL) {
            return type == ElementType.BOOL ? 255 : 1;
        }
        // What storing a 255th rounds off, in pixels.
        double rounding = type == ElementType.FLOAT16 ? 0.1 : 1e-3;
        ByteBuffer buffer = buffer();
        boolean intensities = !type.isWhole();
        boolean whole = true;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < size(); i++) {
            double value = stored(buffer, i);
            if (!Double.isFinite(value)) {
                throw new DataException(file + ": number " + i + " is " + value + ", which is not finite");
            }
            least = Math.min(least, value);
            most = Math.max(most, value);
            whole &= value == Math.rint(value);
            intensities &= Math.abs(255 * value - Math.rint(255 * value)) < rounding;
        }
        if (least >= 0 && most <= 1 && intensities) {
            return 255;
        } else if (least >= 0 && most <= 255 && whole) {
            return 1;
        }
        String advice = least >= 0 && most <= 1
                ? "np.round(255 * x)"
                : least >= -1 && most <= 1 ? "np.round(127.5 * (x + 1))" : "x, scaled to 0 to 255,";
        throw new DataException(file + ": holds " + describe(dimensions) + " numbers from " + least + " to " + most
                + ", which are no pixels: whole numbers from 0 to 255, or multiples of 1/255 from 0 to 1; save "
                + advice
                + " with .astype('uint8'), or rows of numbers as N x D");
    }

    /** Labels, one for each example. */
    public int[] labels(Path file) {
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
