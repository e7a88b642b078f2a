package org.likelihood4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows of numbers from text files, with a column of labels or without, divided by the user or by {@link Shares}. */
public final class CsvSource implements ExampleSource {
    /**
     * How to read the files.
     *
     * @param delimiter between cells
     * @param header whether the first row names the columns; else they are x1, x2, ...
     * @param label the column that holds labels, whatever text they are
     * @param columns of numbers, in that order; empty for all but the label
     */
    public record Layout(char delimiter, boolean header, Optional<String> label, Optional<List<String>> columns) {}

    private final Path data;
    private final Optional<Path> test;
    private final Layout layout;
    private final Shares shares;

    /**
     * A source; nothing is read yet.
     *
     * @param test the test set, if it is in a file of its own
     */
    public CsvSource(Path data, Optional<Path> test, Layout layout, Shares shares) {
        this.data = data;
        this.test = test;
        this.layout = layout;
        this.shares = shares;
    }

    @Override
    public Splits load(ProgressListener progress) {
        CsvFile.Content trained = read(data, layout.columns(), layout.label(), progress);
        Optional<CsvFile.Content> tested =
                test.map(file -> read(file, Optional.of(trained.columns()), layout.label(), progress));
        List<String> names = Stream.concat(
                        trained.labels().stream(), tested.stream().flatMap(content -> content.labels().stream()))
                .distinct()
                .sorted()
                .toList();
        return shares.divide(table(trained, names), tested.map(content -> table(content, names)), data.toString())
                .withClasses(names);
    }

    /**
     * All rows of a file, this source's own or another one that has its columns: they are found by their names, in whatever order
     * and among whatever others they stand, and the column of labels may be missing.
     *
     * @throws DataException if it cannot be read, or has not the columns
     */
    public CsvRows rows(Path file, ProgressListener progress) {
        Optional<String> label = layout.label().filter(file(file).names()::contains);
        CsvFile.Content content = read(file, Optional.of(shape().columns()), label, progress);
        List<String> classes = content.labels().stream().distinct().sorted().toList();
        Table table = table(content, classes);
        return new CsvRows(
                table,
                content.labels(),
                classes,
                IntStream.range(0, table.size()).boxed().toList());
    }

    private CsvFile.Content read(
            Path file, Optional<List<String>> columns, Optional<String> label, ProgressListener progress) {
        return file(file).read(columns, label, progress);
    }

    private CsvFile file(Path file) {
        return new CsvFile(file, layout.delimiter(), layout.header());
    }

    /** @param classes the names of the labels, in the order of their numbers */
    private static Table table(CsvFile.Content content, List<String> classes) {
        Map<String, Integer> numbers = new HashMap<>();
        classes.forEach(name -> numbers.put(name, numbers.size()));
        int[] labels = new int[content.values().length / content.columns().size()];
        for (int i = 0; i < content.labels().size(); i++) {
            labels[i] = numbers.get(content.labels().get(i));
        }
        Table table = Table.owning(new VectorShape(content.columns()), content.values(), labels);
        return content.labels().isEmpty() ? table.withoutLabels() : table;
    }

    @Override
    public VectorShape shape() {
        return new VectorShape(layout.columns().orElseGet(() -> {
            List<String> names = new ArrayList<>(file(data).names());
            layout.label().ifPresent(names::remove);
            return names;
        }));
    }

    @Override
    public String describe() {
        return "csv: " + data + test.map(file -> ", tested on " + file).orElse("") + "; "
                + shares.describe(test.isPresent());
    }
}
