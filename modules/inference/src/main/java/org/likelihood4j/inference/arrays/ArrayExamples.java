package org.likelihood4j.inference.arrays;

import java.util.Arrays;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Examples out of arrays, whose first axis counts the examples.
 *
 * <pre>
 * images  [N, C, H, W] or [N, C * H * W]. The array's type says what its numbers are:
 *         integers are pixels 0 to 255; floating-point numbers are intensities in [0, 1], pixel = min(floor(256 v), 255)
 * rows    [N, D], finite numbers in the data's own units
 * </pre>
 *
 * <p>{@code floor(256 v)} undoes both {@code v = pixel/255} (what image readers scale to) and {@code v = (pixel + u)/256}, u in
 * [0, 1) (what a flow draws).
 */
public final class ArrayExamples {
    /** Numbers that are looked at at once: as doubles they take eight times the room of pixels. */
    private static final int CHUNK = 1 << 20;

    private static final int LEVELS = 256;

    private ArrayExamples() {}

    /**
     * Copies examples that have no classes: their labels are 0.
     *
     * @param data is only read
     * @throws DataException if the array's shape or type does not fit, or a number is out of its range or not finite
     */
    public static Examples of(INDArray data, ExampleShape shape) {
        return of(data, new int[count(data, shape)], shape).withoutLabels();
    }

    /**
     * Copies examples.
     *
     * @param data is only read
     * @param labels one class number of at least 0 for each example
     * @throws DataException as {@link #of(INDArray, ExampleShape)}; also if there are more or fewer labels than examples
     */
    public static Examples of(INDArray data, int[] labels, ExampleShape shape) {
        int count = count(data, shape);
        if (labels.length != count) {
            throw new DataException("array: " + count + " examples, but " + labels.length + " labels");
        }
        if (shape instanceof ImageShape image) {
            byte[] pixels = new byte[count * shape.size()];
            boolean integers = data.dataType().isIntType();
            read(data, shape.size(), (at, value) -> pixels[at] = pixel(value, integers, at, shape.size()));
            return new ImageSet(image, pixels, labels);
        }
        double[] values = new double[count * shape.size()];
        read(data, shape.size(), (at, value) -> values[at] = value);
        return new Table((VectorShape) shape, values, labels);
    }

    /**
     * Pixels {@code floor(256 v)}, cut to 0 ... 255, of intensities that a model has made and that may lie a little outside [0, 1]:
     * what {@code sample} writes into its pictures.
     *
     * @return of type UINT8 and the same shape
     * @throws DataException if an intensity is NaN
     */
    public static INDArray pixels(INDArray intensities) {
        double[] values = intensities.dup('c').reshape(intensities.length()).toDoubleVector();
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                throw new DataException("array: intensity " + i + " is NaN, which no pixel can show");
            }
            values[i] = Math.max(0, Math.min(LEVELS - 1, Math.floor(values[i] * LEVELS)));
        }
        return Nd4j.create(values, intensities.shape(), 'c').castTo(DataType.UINT8);
    }

    /** How many examples an array of a fitting shape and type holds. */
    private static int count(INDArray data, ExampleShape shape) {
        String expected = shape instanceof ImageShape image
                ? "[N, " + image.channels() + ", " + image.height() + ", " + image.width() + "] or [N, " + image.size()
                        + "]"
                : "[N, " + shape.size() + "]";
        long[] given = data.shape();
        long[] flat = {given.length == 0 ? 0 : given[0], shape.size()};
        long[] full = shape instanceof ImageShape image
                ? new long[] {flat[0], image.channels(), image.height(), image.width()}
                : flat;
        if (given.length == 0 || !(Arrays.equals(given, flat) || Arrays.equals(given, full))) {
            throw new DataException("array: its shape is " + Arrays.toString(given) + ", expected " + expected);
        }
        if (!data.dataType().isNumerical() || data.dataType() == DataType.BOOL) {
            throw new DataException("array: its type is " + data.dataType()
                    + ", expected a floating-point type or integers; castTo(DataType.FLOAT) makes it one");
        }
        if (given[0] == 0) {
            throw new DataException("array: it holds no " + shape.noun());
        }
        // Arrays of Java hold no more.
        if (given[0] > Integer.MAX_VALUE / shape.size()) {
            throw new DataException("array: " + given[0] + " " + shape.noun() + " of " + shape.size()
                    + " numbers are too many for one set; give it fewer at once");
        }
        return (int) given[0];
    }

    private static byte pixel(double value, boolean integers, int at, int size) {
        double most = integers ? LEVELS - 1 : 1;
        if (!(value >= 0 && value <= most)) {
            throw new DataException(
                    "array: image " + at / size + " has the value " + value + " at position " + at % size
                            + (integers
                                    ? "; integers must be pixels 0 to 255"
                                    : "; floating-point numbers must be intensities in [0, 1]: divide pixels by 255, or give"
                                            + " them as integers"));
        }
        return (byte) (integers ? value : Math.min(LEVELS - 1, Math.floor(value * LEVELS)));
    }

    /** Receives one number and its place, counted in C order. */
    @FunctionalInterface
    private interface Sink {
        void accept(int at, double value);
    }

    private static void read(INDArray data, int size, Sink sink) {
        long count = data.size(0);
        long rows = Math.max(1, CHUNK / size);
        int at = 0;
        for (long from = 0; from < count; from += rows) {
            INDArray some = data.get(NDArrayIndex.interval(from, Math.min(count, from + rows)));
            for (double value : some.dup('c').reshape(some.length()).toDoubleVector()) {
                sink.accept(at++, value);
            }
        }
    }
}
