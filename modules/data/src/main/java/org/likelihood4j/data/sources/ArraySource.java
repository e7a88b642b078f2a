package org.likelihood4j.data.sources;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.formats.ArrayFormat;
import org.likelihood4j.data.formats.NumberArray;

/** Images or rows of numbers from array files, with labels or without, divided by the user or by {@link SplitShares}. */
public final class ArraySource implements PartialSource {
    /**
     * An array file, and the one that holds its labels.
     *
     * @param labels empty for none: all labels are 0
     */
    public record Labelled(Path file, Optional<Path> labels) {}

    private final ArrayFormat format;
    private final Labelled data;
    private final Optional<Labelled> test;
    private final Optional<ExampleShape> expected;
    private final SplitShares shares;

    /**
     * A source; nothing is read yet.
     *
     * @param test the test set, if it is in files of its own
     * @param expected what an example was when the files were read before, if they were
     */
    public ArraySource(
            ArrayFormat format,
            Labelled data,
            Optional<Labelled> test,
            Optional<ExampleShape> expected,
            SplitShares shares) {
        this.format = format;
        this.data = data;
        this.test = test;
        this.expected = expected;
        this.shares = shares;
    }

    @Override
    public Splits load(ProgressListener progress) {
        Examples all = read(data, progress);
        Optional<Examples> given = test.map(files -> read(files, progress));
        return shares.divide(all, given, data.file().toString());
    }

    /** All examples, undivided and in their order, without those of a test set of its own. */
    public Examples all(ProgressListener progress) {
        return read(data, progress);
    }

    @Override
    public int[] trainingRows(SplitSizes sizes) {
        return shares.trainedOn(sizes, test.isPresent());
    }

    @Override
    public Examples readRows(int[] rows, SplitSizes sizes, ProgressListener progress) {
        return read(data, file -> format.readRows(file, rows), progress);
    }

    private Examples read(Labelled files, ProgressListener progress) {
        return read(files, format::read, progress);
    }

    private Examples read(Labelled files, Function<Path, NumberArray> reader, ProgressListener progress) {
        NumberArray array = reader.apply(files.file());
        int[] labels = new int[array.dimensions()[0]];
        if (files.labels().isPresent()) {
            Path file = files.labels().get();
            labels = reader.apply(file).labels(file);
            if (labels.length != array.dimensions()[0]) {
                throw new DataException(file + ": holds " + labels.length + " labels, but " + files.file() + " has "
                        + array.dimensions()[0] + " examples");
            }
        }
        Examples examples = array.examples(files.file(), labels);
        if (!examples.shape().equals(expected.orElse(examples.shape()))) {
            throw new DataException(files.file() + ": holds " + examples.shape().noun() + " of " + examples.shape()
                    + ", expected " + expected.get() + " (data.shape)");
        }
        progress.progress("reading " + files.file().getFileName(), examples.size(), examples.size());
        return files.labels().isPresent() ? examples : examples.withoutLabels();
    }

    @Override
    public ExampleShape shape() {
        return expected.orElseGet(() -> format.shape(data.file()));
    }

    @Override
    public String describe() {
        return format.name().toLowerCase(Locale.ROOT) + ": " + data.file()
                + test.map(files -> ", tested on " + files.file()).orElse("") + "; "
                + shares.describe(test.isPresent());
    }
}
