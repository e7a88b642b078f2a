package org.likelihood4j.data;

import java.nio.file.Path;
import java.util.Arrays;

/** A source that can be read in part: some training examples alone. */
public interface PartialSource extends ExampleSource {
    /**
     * All examples as {@link #load} has them, to the bit, but those that are trained on in a temporary file, if that can
     * be: for more of them than memory holds.
     *
     * @param folder for the file, on a disk that has room for it
     * @throws DataException as {@link #load}, if the disk has no room, or rows would have to be left out
     */
    default Splits stream(Path folder, ProgressListener progress) {
        return load(progress);
    }

    /**
     * The row of each training example, counted from 0 in what it is read from.
     *
     * @param sizes of all data, of which no row was left out
     */
    int[] trainingRows(SplitSizes sizes);

    /**
     * Reads some rows; no others are held at any time.
     *
     * @param rows ascending
     * @param sizes of all data
     * @return the rows as training examples, in that order; their places need not be those of all
     * @throws DataException if they cannot be read, or have labels that all data have not
     */
    Examples readRows(int[] rows, SplitSizes sizes, ProgressListener progress);

    /**
     * Reads the training examples of neighbouring shards.
     *
     * @param shards of all training examples
     * @param first the first shard
     * @param count how many
     */
    default PartialExamples readShards(
            SplitSizes sizes, Shards shards, int first, int count, ProgressListener progress) {
        HeapNeed.checkOrder(describe(), (long) sizes.train() + sizes.validation() + sizes.test());
        int[] rows = trainingRows(sizes);
        int from = shards.from(first);
        int[] numbers = Arrays.copyOfRange(PartialExamples.sorted(rows), from, shards.from(first + count));
        int[] wanted = Arrays.stream(numbers).map(i -> rows[i]).toArray();
        return new PartialExamples(sizes.train(), from, numbers, wanted, readRows(wanted, sizes, progress));
    }

    /**
     * Makes sure that parts of the data can be read alone.
     *
     * @param data all of them, as they were read
     * @throws DataException if rows were left out of them, whose number decides which are trained on, or the files are
     *     of a form that cannot be read in part; says so in one line
     */
    default void requireParts(Splits data) {
        SplitSizes sizes = SplitSizes.of(data);
        int[] rows = trainingRows(sizes);
        for (int i = 0; i < rows.length; i++) {
            if (data.train().place(i) != rows[i]) {
                throw leftOut(data.train().shape());
            }
        }
        int least = PartialExamples.sorted(rows)[0];
        Examples one = readRows(new int[] {rows[least]}, sizes, ProgressListener.none());
        if (!one.sha256().equals(data.train().select(new int[] {least}).sha256())) {
            throw new DataException(describe() + ": has become other data while it was read");
        }
    }

    /** That parts of data cannot be read of which rows were left out. */
    default DataException leftOut(ExampleShape shape) {
        return new DataException(describe() + ": cannot be read in shards, as some " + shape.noun()
                + " were left out of it; take them out of the data themselves, or mask what is missing");
    }
}
