package org.likelihood4j.data.sources;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.HeapNeed;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.ColumnProfile;
import org.likelihood4j.data.tables.MissingCells;
import org.likelihood4j.data.tables.TableContent;
import org.likelihood4j.data.tables.TableFile;
import org.likelihood4j.data.tables.TableRows;

/** Rows of tables from files, with a column of labels or without, divided by the user or by {@link SplitShares}. */
public abstract sealed class TableSource implements PartialSource permits CsvSource, ParquetSource {
    /** Rows, each with its element of an array. */
    private static final int MOST_STREAMED = Integer.MAX_VALUE - Long.BYTES;

    private final Path data;
    private final Optional<Path> test;
    private final ColumnChoice given;
    private final MissingCells missing;
    private final SplitShares shares;
    /** The choice, with what the columns' types say; null until it is asked for. */
    private ColumnChoice typed;

    /** Null until all is known that the columns' kinds need to. */
    private ColumnChoice learned;

    /** @param test the test set, if it is in a file of its own */
    TableSource(Path data, Optional<Path> test, ColumnChoice choice, MissingCells missing, SplitShares shares) {
        this.data = data;
        this.test = test;
        this.given = choice;
        this.missing = missing;
        this.shares = shares;
    }

    /** One of the source's files. */
    abstract TableFile file(Path file);

    /** How they are written, for people. */
    abstract String form();

    /** The choice, with what columns hold by their types where it says nothing, as far as the file is there to tell. */
    ColumnChoice typed(ColumnChoice choice) {
        return choice;
    }

    private synchronized ColumnChoice choice() {
        if (typed == null) {
            typed = typed(given);
        }
        return typed;
    }

    Path data() {
        return data;
    }

    @Override
    public Splits load(ProgressListener progress) {
        TableContent trained = read(file(data), learned(progress), missing, progress);
        VectorShape shape = new VectorShape(trained.columns());
        boolean[] some = new boolean[shape.size()];
        for (int i = 0; i < trained.values().length; i++) {
            some[i % some.length] |= !Double.isNaN(trained.values()[i]);
        }
        requireSomeOfEach(shape, some);
        Optional<TableContent> tested = tested(shape, progress);
        List<String> names = names(trained.labels(), tested);
        return shares.divide(table(trained, names), tested.map(content -> table(content, names)), data.toString())
                .withClasses(names);
    }

    private Optional<TableContent> tested(VectorShape shape, ProgressListener progress) {
        return test.map(path -> read(file(path), ColumnChoice.of(shape, given.label(), List.of()), missing, progress));
    }

    private static List<String> names(List<String> labels, Optional<TableContent> tested) {
        return Stream.concat(labels.stream(), tested.stream().flatMap(content -> content.labels().stream()))
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public Splits stream(Path folder, ProgressListener progress) {
        FileStamp before = FileStamp.of(data);
        TableFile file = file(data);
        ColumnChoice known = learned(progress);
        VectorShape shape = new VectorShape(known.described(file.columns(known)));
        long rows = file.rows(progress);
        if (rows == 0 || rows > MOST_STREAMED) {
            // Which says what is wrong.
            return load(progress);
        }
        int held = (int) rows - shares.trained((int) rows, test.isPresent());
        HeapNeed.checkStreamed(data.toString(), (int) rows, held, shape);
        SplitShares.Parts parts = shares.parts((int) rows, test.isPresent(), shape.noun(), data.toString());
        StreamedRows streamed = new StreamedRows(shape, data, given.label().isPresent(), parts, folder);
        List<String> notes = file.each(known, missing, progress, streamed);
        if (!FileStamp.of(data).equals(before)) {
            throw streamed.changed();
        }
        notes.forEach(progress::note);
        if (missing == MissingCells.DROP && streamed.taken() < rows) {
            throw leftOut(shape);
        }
        requireSomeOfEach(shape, streamed.filled());
        Optional<TableContent> tested = tested(shape, progress);
        List<String> names = names(streamed.words(), tested);
        Splits read = streamed.splits(names);
        return new Splits(
                        read.train(),
                        read.validation(),
                        tested.map(content -> (Examples) table(content, names)).orElse(read.test()))
                .withClasses(names);
    }

    @Override
    public int[] trainingRows(SplitSizes sizes) {
        return shares.trainedOn(sizes, test.isPresent());
    }

    @Override
    public Table readRows(int[] rows, SplitSizes sizes, ProgressListener progress) {
        TableContent content = file(data).readRows(learned(progress), missing, rows, progress);
        sizes.requireClasses(content.labels(), data);
        return table(content, sizes.classes());
    }

    /** Of a column that is empty there is nothing to learn. */
    private void requireSomeOfEach(VectorShape shape, boolean... some) {
        List<String> empty = IntStream.range(0, some.length)
                .filter(i -> !some[i])
                .mapToObj(i -> shape.names().get(i))
                .toList();
        if (!empty.isEmpty()) {
            throw new DataException(
                    data + ": " + (empty.size() == 1 ? "one column is" : empty.size() + " columns are") + " empty: "
                            + choice().advice(empty),
                    choice().without(empty));
        }
    }

    /**
     * What the columns' cells are, for a guess at what they hold: of all but the label.
     *
     * @return by their names, in the file's order
     */
    public Map<String, ColumnProfile> profiles(ProgressListener progress) {
        TableFile file = file(data);
        List<String> names = file.names().stream()
                .filter(name -> !given.label().equals(Optional.of(name)))
                .toList();
        List<ColumnProfile> profiles = file.profiles(names, ColumnChoice.all(), progress);
        Map<String, ColumnProfile> named = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), profiles.get(i));
        }
        return named;
    }

    private synchronized ColumnChoice learned(ProgressListener progress) {
        if (learned == null) {
            learned = file(data).learned(choice(), progress);
        }
        return learned;
    }

    /**
     * All rows of another table that has the columns of a model: they are found by their names, in whatever order and among whatever
     * others they stand, and the columns of labels and ids may be missing.
     *
     * @throws DataException if it cannot be read, or has not the columns
     */
    public static TableRows rows(
            TableFile other, ColumnChoice choice, MissingCells missing, ProgressListener progress) {
        return rows(read(other, choice.present(other.names()), missing, progress), true);
    }

    /** @param named whether the columns were found by names that the file has */
    static TableRows rows(TableContent content, boolean named) {
        List<String> classes = content.labels().stream().distinct().sorted().toList();
        return new TableRows(
                table(content, classes),
                content.labels(),
                content.ids(),
                classes,
                named,
                Arrays.stream(content.places()).boxed().toList());
    }

    static TableContent read(TableFile file, ColumnChoice choice, MissingCells missing, ProgressListener progress) {
        TableContent content = file.read(choice, missing, progress);
        content.notes().forEach(progress::note);
        return content;
    }

    /** @param classes the names of the labels, in the order of their numbers */
    private static Table table(TableContent content, List<String> classes) {
        Map<String, Integer> numbers = new HashMap<>();
        classes.forEach(name -> numbers.put(name, numbers.size()));
        int[] labels = new int[content.values().length / content.columns().size()];
        for (int i = 0; i < content.labels().size(); i++) {
            labels[i] = numbers.get(content.labels().get(i));
        }
        VectorShape shape = new VectorShape(content.columns());
        boolean holes = Arrays.stream(content.values()).anyMatch(Double::isNaN);
        Table table = holes
                ? Table.owningHoles(shape, content.values(), labels)
                : Table.owning(shape, content.values(), labels);
        return (content.labels().isEmpty() ? table.withoutLabels() : table).withPlaces(content.places());
    }

    @Override
    public VectorShape shape() {
        return new VectorShape(choice().known().orElseGet(this::found));
    }

    private List<Column> found() {
        ColumnChoice known = learned((what, done, total) -> {});
        return known.described(file(data).columns(known));
    }

    @Override
    public String describe() {
        return form() + test.map(file -> ", tested on " + file).orElse("") + "; " + shares.describe(test.isPresent());
    }
}
