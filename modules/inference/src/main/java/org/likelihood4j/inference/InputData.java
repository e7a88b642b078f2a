package org.likelihood4j.inference;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.config.data.CsvConfig;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.data.ImagesConfig;
import org.likelihood4j.config.data.ParquetConfig;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.formats.ArrayFormat;
import org.likelihood4j.data.parquet.ParquetFile;
import org.likelihood4j.data.sources.ArraySource;
import org.likelihood4j.data.sources.CsvSource;
import org.likelihood4j.data.sources.ImageRows;
import org.likelihood4j.data.sources.ImagesSource;
import org.likelihood4j.data.sources.ParquetImages;
import org.likelihood4j.data.sources.TableSource;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.MissingCells;
import org.likelihood4j.data.tables.TableFile;
import org.likelihood4j.data.tables.TableRows;
import org.likelihood4j.inference.kinds.Vocabulary;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.Printable;

/**
 * Examples with what is known of them beside their values, so that a result can be joined with what they were read from: a file or folder
 * that is read whole, in its own order, or a split of a run's data.
 *
 * @param examples of a run's shape
 * @param places of each example in what it was read from, from 0: the row of a file, the image among a folder's in the order of paths
 * @param labels of each example, as people know them: the name of its class, or its number; empty where there are none
 * @param files of each example, its path in the folder; empty where examples are no files of their own
 * @param ids of each row of a file, as they stand there, by the names of their columns
 * @param description of what was read, for people
 */
public record InputData(
        Examples examples,
        List<Integer> places,
        List<String> labels,
        List<String> files,
        Map<String, List<String>> ids,
        String description) {
    private static final String BY_PLACES = "; columns by their places";
    /** Nothing is divided. */
    private static final SplitShares NONE = new SplitShares(0, 0, 1);

    /** Makes the lists unmodifiable. */
    public InputData {
        places = List.copyOf(places);
        labels = List.copyOf(labels);
        files = List.copyOf(files);
        ids = Collections.unmodifiableMap(new LinkedHashMap<>(ids));
    }

    /** Without ids. */
    public InputData(
            Examples examples, List<Integer> places, List<String> labels, List<String> files, String description) {
        this(examples, places, labels, files, Map.of(), description);
    }

    /**
     * Reads all of a file or folder as a run's own data were read: pictures are cut and scaled to the run's images; columns of a table are
     * found by their names; arrays (.npy, IDX) must have the run's shape.
     *
     * @param trained how the run's own data were read
     * @param shape of the run's examples
     * @param path a folder of pictures, a picture, a table or an array
     * @throws DataException if it cannot be read or does not fit; one line
     */
    public static InputData read(DataConfig trained, ExampleShape shape, Path path, ProgressListener progress) {
        if (!ArrayFormat.isThere(path)) {
            throw new DataException(path + ": no such file or folder");
        }
        Optional<ArrayFormat> format = ArrayFormat.of(path);
        if (format.isPresent()) {
            return array(format.get(), shape, path, progress);
        }
        return shape instanceof ImageShape image
                ? pictures(trained, image, path, progress)
                : table(trained, (VectorShape) shape, path, progress);
    }

    private static InputData array(ArrayFormat format, ExampleShape shape, Path path, ProgressListener progress) {
        ArraySource source = new ArraySource(
                format, new ArraySource.Labelled(path, Optional.empty()), Optional.empty(), Optional.empty(), NONE);
        Examples found = source.all(progress);
        if (shape instanceof VectorShape rows && found.shape() instanceof VectorShape numbered) {
            if (rows.size() != numbered.size()) {
                throw unfit(path, found, shape);
            }
            Examples named = ((Table) found).withColumns(rows);
            return new InputData(named, order(named), List.of(), List.of(), describe(named, path, BY_PLACES));
        }
        if (!found.shape().equals(shape)) {
            throw unfit(path, found, shape);
        }
        return new InputData(found, order(found), List.of(), List.of(), describe(found, path, ""));
    }

    private static DataException unfit(Path path, Examples found, ExampleShape shape) {
        return new DataException(path + ": holds " + found.shape().noun() + " of " + found.shape()
                + ", but the run was trained on " + shape.noun() + " of " + shape);
    }

    private static InputData pictures(DataConfig trained, ImageShape shape, Path path, ProgressListener progress) {
        if (ParquetFile.isParquet(path)) {
            return parquetImages(trained, shape, path, progress);
        }
        boolean skip = trained instanceof ImagesConfig images && images.skipUnreadable();
        ImageRows rows = new ImagesSource(path, shape, skip, NONE).rows(path, progress);
        String scaled = "; cut and scaled to the run's " + shape
                + (rows.leftOut().isEmpty() ? "" : "; " + rows.leftOut().size() + " that cannot be read left out");
        return of(rows, path, scaled);
    }

    private static InputData parquetImages(DataConfig trained, ImageShape shape, Path path, ProgressListener progress) {
        Optional<ParquetConfig> own =
                trained instanceof ParquetConfig parquet ? Optional.of(parquet) : Optional.empty();
        ParquetImages source = new ParquetImages(
                path,
                Optional.empty(),
                shape,
                own.map(ParquetConfig::columns).map(names -> names.get(0)),
                own.map(ParquetConfig::label),
                NONE);
        return of(source.rows(path, progress), path, "");
    }

    private static InputData of(ImageRows rows, Path path, String how) {
        return new InputData(
                rows.images(),
                order(rows.images()),
                rows.classes().isEmpty() ? List.of() : rows.labels(),
                rows.names(),
                describe(rows.images(), path, how));
    }

    private static InputData table(DataConfig trained, VectorShape shape, Path path, ProgressListener progress) {
        if (ParquetFile.isParquet(path)) {
            Optional<TableFiles> own = own(trained);
            return of(
                    TableSource.rows(
                            new ParquetFile(path),
                            choice(shape, own),
                            own.map(table -> Vocabulary.of(table.missing())).orElse(MissingCells.REFUSE),
                            progress),
                    path);
        }
        requireFile(path);
        return of(source(trained, shape, path).rows(path, progress), path);
    }

    private static Optional<TableFiles> own(DataConfig trained) {
        return trained instanceof TableFiles table ? Optional.of(table) : Optional.empty();
    }

    private static ColumnChoice choice(VectorShape shape, Optional<TableFiles> own) {
        return ColumnChoice.of(
                shape, own.map(TableFiles::label), own.map(TableFiles::ids).orElse(List.of()));
    }

    private static void requireFile(Path path) {
        if (Files.isDirectory(path)) {
            throw new DataException(
                    path + ": is a folder; the run was trained on rows of numbers, which come in a file");
        }
    }

    /**
     * A table of a run's columns, as {@link #read} reads it.
     *
     * @throws DataException if it cannot be read, or is no table with columns that have names
     */
    public static TableFile tableFile(DataConfig trained, VectorShape shape, Path path) {
        if (!Files.exists(path)) {
            throw new DataException(path + ": no such file");
        } else if (ArrayFormat.of(path).isPresent()) {
            throw new DataException(path + ": is an array, and no table of columns with names");
        } else if (ParquetFile.isParquet(path)) {
            return new ParquetFile(path);
        }
        requireFile(path);
        return source(trained, shape, path).reading(path);
    }

    /** What text is read as; of a run that was trained on something else that is to be found out. */
    private static CsvSource source(DataConfig trained, VectorShape shape, Path path) {
        Optional<TableFiles> own = own(trained);
        ColumnChoice columns = choice(shape, own);
        if (trained instanceof CsvConfig csv) {
            return new CsvSource(Path.of(csv.path()), Optional.empty(), DataSources.layout(csv, columns), NONE);
        }
        CsvSource.Layout layout = CsvSource.Layout.unknown(
                columns, own.map(table -> Vocabulary.of(table.missing())).orElse(MissingCells.REFUSE));
        return new CsvSource(path, Optional.empty(), layout, NONE);
    }

    private static InputData of(TableRows rows, Path path) {
        return new InputData(
                rows.table(),
                rows.places(),
                rows.labels(),
                List.of(),
                rows.ids(),
                describe(rows.table(), path, rows.named() ? "; columns by their names" : BY_PLACES));
    }

    /**
     * Reads rows of a table as they come in a stream, as those of a file are read.
     *
     * @param name of the stream, for messages
     * @param most rows at a time; fewer where no more are there yet
     * @param sink takes rows, whose places count from the first of the stream; whether it wants more
     * @throws DataException if the run's data are no rows, or these cannot be read or do not fit; one line
     */
    public static void stream(
            DataConfig trained,
            ExampleShape shape,
            InputStream stream,
            Path name,
            int most,
            ProgressListener progress,
            Predicate<InputData> sink) {
        if (!(shape instanceof VectorShape rows)) {
            throw new DataException(
                    name + ": is a table, but the run was trained on images, which come in a file or folder");
        }
        source(trained, rows, name).rows(stream, name, most, progress, some -> sink.test(of(some, name)));
    }

    /** A split of the data that a run was trained on. */
    public static InputData split(Splits data, String name) {
        Examples examples = switch (name) {
            case "train" -> data.train();
            case "validation" -> data.validation();
            case "test" -> data.test();
            default -> throw new IllegalArgumentException("no split " + name);
        };
        IntStream all = IntStream.range(0, examples.size());
        List<String> labels = examples.labelled()
                ? all.mapToObj(i -> name(data.classes(), examples.label(i))).toList()
                : List.of();
        List<String> files = examples.files().isEmpty()
                ? List.of()
                : IntStream.range(0, examples.size())
                        .mapToObj(i -> examples.files().get(examples.place(i)))
                        .toList();
        return new InputData(
                examples,
                order(examples),
                labels,
                files,
                examples.size() + " " + name + " " + examples.shape().noun());
    }

    private static String name(List<String> classes, int label) {
        return label < classes.size() ? classes.get(label) : Integer.toString(label);
    }

    private static List<Integer> order(Examples examples) {
        return IntStream.range(0, examples.size()).map(examples::place).boxed().toList();
    }

    private static String describe(Examples examples, Path path, String how) {
        return String.format(
                Locale.ROOT, "%,d %s of %s%s", examples.size(), examples.shape().noun(), path, how);
    }

    /**
     * The same with the numbers that a run has for its classes: what was read may have fewer of them, or others, and numbers its own.
     *
     * @param path what was read, for the message
     * @param classes the names of the run's, in the order of their numbers; empty where they have none but those
     * @param count how many there are
     * @throws DataException if an example is of another class; one line
     */
    public InputData withClasses(Path path, List<String> classes, int count) {
        int[] numbers = new int[labels.size()];
        for (int i = 0; i < numbers.length; i++) {
            String label = labels.get(i);
            boolean number = classes.isEmpty() && label.matches("[0-9]{1,7}");
            numbers[i] = number ? Integer.parseInt(label) : classes.indexOf(label);
            if (numbers[i] < 0 || numbers[i] >= count) {
                throw new DataException(path + ": " + (files.isEmpty() ? "row " + places.get(i) : files.get(i))
                        + " is of the class '" + Printable.line(Printable.shorten(label))
                        + "', but the run's model is told one of "
                        + (classes.isEmpty()
                                ? "0 to " + (count - 1)
                                : Printable.line(
                                        classes.stream().map(Printable::item).collect(Collectors.joining(", ")))));
            }
        }
        Examples numbered = numbers.length == 0 ? examples : examples.withLabels(numbers);
        return new InputData(numbered, places, labels, files, ids, description);
    }

    /** The first examples. */
    public InputData first(int count) {
        int size = Math.min(count, examples.size());
        return new InputData(
                examples.slice(0, size),
                places.subList(0, size),
                labels.subList(0, Math.min(size, labels.size())),
                files.subList(0, Math.min(size, files.size())),
                first(ids, size),
                description);
    }

    private static Map<String, List<String>> first(Map<String, List<String>> ids, int size) {
        Map<String, List<String>> some = new LinkedHashMap<>();
        ids.forEach((name, cells) -> some.put(name, cells.subList(0, size)));
        return some;
    }
}
