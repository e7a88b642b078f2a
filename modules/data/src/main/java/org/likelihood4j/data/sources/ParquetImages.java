package org.likelihood4j.data.sources;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.HeapNeed;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.images.ImageFile;
import org.likelihood4j.data.images.PictureKind;
import org.likelihood4j.data.parquet.ParquetFile;
import org.likelihood4j.data.tables.WantedRows;
import org.likelihood4j.io.Printable;

/**
 * Images from Parquet: a column of bytes, one for each pixel, (C, H, W), or of pictures' files, which are cut and scaled as those of a folder; and a
 * column of labels or none.
 */
public final class ParquetImages implements PartialSource {
    /** As {@code spark data} calls them. */
    private static final String PIXELS = "pixels";

    private static final String LABEL = "label";
    private static final int MOST_BYTES = 1 << 30;

    /** Which columns. */
    private record Names(String pixels, Optional<String> label) {}

    private final Path data;
    private final Optional<Path> test;
    private final ImageShape shape;
    private final Optional<String> column;
    private final Optional<String> label;
    private final SplitShares shares;

    /**
     * A source; nothing is read yet.
     *
     * @param test the test set, if it is in files of its own
     * @param column of pixels; empty for the only one of bytes
     */
    public ParquetImages(
            Path data,
            Optional<Path> test,
            ImageShape shape,
            Optional<String> column,
            Optional<String> label,
            SplitShares shares) {
        this.data = data;
        this.test = test;
        this.shape = shape;
        this.column = column;
        this.label = label;
        this.shares = shares;
    }

    /** Images with their labels as they stand there; none without such a column. */
    private record Read(ImageSet images, List<String> labels) {
        ImageSet numbered(List<String> classes) {
            Map<String, Integer> numbers = new HashMap<>();
            classes.forEach(name -> numbers.put(name, numbers.size()));
            return labels.isEmpty()
                    ? images.withoutLabels()
                    : images.withLabels(labels.stream().mapToInt(numbers::get).toArray());
        }
    }

    @Override
    public Splits load(ProgressListener progress) {
        Read trained = read(data, label, progress);
        Optional<Read> tested = test.map(path -> read(path, label, progress));
        List<String> classes = classes(
                Stream.concat(trained.labels().stream(), tested.stream().flatMap(read -> read.labels().stream())));
        return shares.divide(trained.numbered(classes), tested.map(read -> read.numbered(classes)), data.toString())
                .withClasses(classes);
    }

    @Override
    public int[] trainingRows(SplitSizes sizes) {
        return shares.trainedOn(sizes, test.isPresent());
    }

    @Override
    public ImageSet readRows(int[] rows, SplitSizes sizes, ProgressListener progress) {
        ParquetFile file = new ParquetFile(data);
        Read read = read(file, names(file, label), rows.length, WantedRows.of(rows), progress);
        sizes.requireClasses(read.labels(), data);
        return read.numbered(sizes.classes());
    }

    private static List<String> classes(Stream<String> labels) {
        return labels.distinct().sorted().toList();
    }

    /** All images of other files, with their labels where there are any, under their own name or that of {@code spark data}. */
    public ImageRows rows(Path other, ProgressListener progress) {
        List<String> names = new ParquetFile(other).names();
        Optional<String> labels = Stream.concat(label.stream(), Stream.of(LABEL))
                .filter(names::contains)
                .findFirst();
        Read read = read(other, labels, progress);
        List<String> classes = classes(read.labels().stream());
        return new ImageRows(read.numbered(classes), List.of(), read.labels(), classes, List.of());
    }

    private Names names(ParquetFile file, Optional<String> labels) {
        List<String> all = file.names();
        labels.ifPresent(name -> require(file, all, name));
        if (column.isPresent()) {
            require(file, all, column.get());
            return new Names(column.get(), labels);
        }
        List<String> binary = file.binary();
        if (binary.size() == 1 || binary.contains(PIXELS)) {
            return new Names(binary.size() == 1 ? binary.get(0) : PIXELS, labels);
        }
        throw new DataException(file.file() + ": has " + (binary.isEmpty() ? "no column" : binary.size() + " columns")
                + " of bytes; images are one, of a byte for each pixel (data.columns)");
    }

    private static void require(ParquetFile file, List<String> names, String name) {
        if (!names.contains(name)) {
            throw new DataException(file.file() + ": has no column '" + Printable.line(Printable.shorten(name))
                    + "'; it has " + Printable.line(Printable.shorten(String.join(", ", names))));
        }
    }

    private Read read(Path path, Optional<String> label, ProgressListener progress) {
        ParquetFile file = new ParquetFile(path);
        Names names = names(file, label);
        long rows = file.rows();
        HeapNeed.check(path.toString(), rows, shape, 2);
        if (rows == 0) {
            throw new DataException(path + ": has no rows");
        } else if (rows * shape.size() > MOST_BYTES) {
            throw new DataException(
                    path + ": holds " + rows + " images of " + shape + ", more than " + MOST_BYTES + " pixels");
        }
        return read(file, names, (int) rows, WantedRows.all(), progress);
    }

    /**
     * Reads some rows.
     *
     * @param rows how many are wanted
     */
    private Read read(ParquetFile file, Names names, int rows, WantedRows wanted, ProgressListener progress) {
        Path path = file.file();
        byte[] pixels = new byte[rows * shape.size()];
        int[] count = {0};
        List<String> labels = new ArrayList<>();
        file.eachBinary(names.pixels(), names.label(), wanted, progress, (bytes, text, place) -> {
            String where = path + ": row " + place + ": '" + Printable.line(Printable.shorten(names.pixels())) + "'";
            int offset = count[0]++ * shape.size();
            if (PictureKind.isPicture(bytes, shape.size())) {
                ImageFile.read(Path.of(where), bytes, shape, pixels, offset);
            } else if (bytes.length == shape.size()) {
                System.arraycopy(bytes, 0, pixels, offset, bytes.length);
            } else {
                throw new DataException(where + " holds " + bytes.length + " bytes, but images of " + shape + " are "
                        + shape.size() + " pixels, and it is no picture of a known kind");
            }
            if (names.label().isPresent()) {
                labels.add(text);
            }
        });
        if (count[0] < rows) {
            throw new DataException(path + ": has " + count[0] + " rows where " + rows + " were; is it another file?");
        }
        return new Read(ImageSet.owning(shape, pixels, new int[rows]), labels);
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public String describe() {
        return "parquet: " + data + ", images of " + shape
                + test.map(file -> ", tested on " + file).orElse("") + "; " + shares.describe(test.isPresent());
    }
}
