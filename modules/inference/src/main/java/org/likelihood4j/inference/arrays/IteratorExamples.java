package org.likelihood4j.inference.arrays;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.StoredValues;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Examples out of any {@link DataSetIterator}, read to its end into memory: features as {@link ArrayExamples} takes arrays, after
 * the iterator's own preprocessor.
 *
 * <p>Labels become class numbers: of {@code [N, classes]} the column of the largest value, of {@code [N, 1]} the number itself;
 * without labels they are 0. Masks have no meaning here and are not looked at.
 */
public final class IteratorExamples {
    private IteratorExamples() {}

    /**
     * Reads all examples, from the beginning where the iterator can be reset.
     *
     * @param shape of one example; features may be flat
     * @throws DataException if the iterator gives nothing, or features or labels that do not fit; says in which of its batches
     */
    public static Examples read(DataSetIterator iterator, ExampleShape shape) {
        if (iterator.resetSupported()) {
            iterator.reset();
        }
        List<Examples> parts = new ArrayList<>();
        while (iterator.hasNext()) {
            DataSet next = iterator.next();
            try {
                parts.add(ArrayExamples.of(next.getFeatures(), labels(next), shape));
            } catch (DataException e) {
                throw new DataException("iterator: batch " + parts.size() + ": " + e.getMessage(), e);
            }
        }
        if (parts.isEmpty()) {
            throw new DataException(
                    "iterator: it has no batch to give" + (iterator.resetSupported() ? "" : " (any more)"));
        }
        return joined(parts, shape);
    }

    private static int[] labels(DataSet batch) {
        INDArray labels = batch.getLabels();
        int count = Math.toIntExact(batch.getFeatures().size(0));
        if (labels == null || labels.isEmpty()) {
            return new int[count];
        }
        if (labels.rank() > 2 || labels.length() % count != 0) {
            throw new DataException("labels of the shape " + Arrays.toString(labels.shape()) + " for " + count
                    + " examples, expected [N, classes] or [N, 1]");
        }
        int classes = Math.toIntExact(labels.length() / count);
        double[] values = labels.dup('c').reshape(labels.length()).toDoubleVector();
        return IntStream.range(0, count)
                .map(i -> classes == 1 ? whole(values[i], i) : largest(values, i * classes, classes))
                .toArray();
    }

    private static int whole(double value, int example) {
        if (value < 0 || value > Integer.MAX_VALUE || value != Math.rint(value)) {
            throw new DataException(
                    "example " + example + " has the label " + value + ", expected a class number 0, 1, 2, ...");
        }
        return (int) value;
    }

    private static int largest(double[] values, int from, int classes) {
        int best = 0;
        for (int i = 0; i < classes; i++) {
            if (!Double.isFinite(values[from + i])) {
                throw new DataException("example " + from / classes + " has the label " + values[from + i]);
            }
            best = values[from + i] > values[from + best] ? i : best;
        }
        return best;
    }

    private static Examples joined(List<Examples> parts, ExampleShape shape) {
        int[] labels = parts.stream()
                .flatMapToInt(part -> IntStream.range(0, part.size()).map(part::label))
                .toArray();
        if ((long) labels.length * shape.size() > Integer.MAX_VALUE - Long.BYTES) {
            throw new DataException("iterator: " + labels.length + " " + shape.noun() + " of " + shape.size()
                    + " numbers are too many for one set");
        }
        if (shape instanceof ImageShape image) {
            ByteArrayOutputStream pixels = new ByteArrayOutputStream();
            parts.forEach(part -> pixels.writeBytes(((StoredValues.Pixels) all(part)).bytes()));
            return new ImageSet(image, pixels.toByteArray(), labels);
        }
        double[] values = parts.stream()
                .flatMapToDouble(part -> Arrays.stream(all(part).doubles()))
                .toArray();
        return new Table((VectorShape) shape, values, labels);
    }

    private static StoredValues all(Examples part) {
        return part.gather(IntStream.range(0, part.size()).toArray());
    }
}
