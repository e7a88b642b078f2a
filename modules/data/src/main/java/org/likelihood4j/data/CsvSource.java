package org.likelihood4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

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
        CsvFile.Content trained = read(data, layout.columns(), progress);
        Optional<CsvFile.Content> tested = test.map(file -> read(file, Optional.of(trained.columns()), progress));
        Map<String, Integer> classes = classes(trained, tested);
        return shares.divide(table(trained, classes), tested.map(content -> table(content, classes)), data.toString());
    }

    private CsvFile.Content read(Path file, Optional<List<String>> columns, ProgressListener progress) {
        return file(file).read(columns, layout.label(), progress);
    }

    private CsvFile file(Path file) {
        return new CsvFile(file, layout.delimiter(), layout.header());
    }

    /** In the order of their names. */
    private static Map<String, Integer> classes(CsvFile.Content trained, Optional<CsvFile.Content> tested) {
        TreeSet<String> names = new TreeSet<>(trained.labels());
        tested.ifPresent(content -> names.addAll(content.labels()));
        Map<String, Integer> classes = new HashMap<>();
        names.forEach(name -> classes.put(name, classes.size()));
        return classes;
    }

    private static Examples table(CsvFile.Content content, Map<String, Integer> classes) {
        int rows = content.values().length / content.columns().size();
        int[] labels = new int[rows];
        for (int i = 0; i < content.labels().size(); i++) {
            labels[i] = classes.get(content.labels().get(i));
        }
        return Table.owning(new VectorShape(content.columns()), content.values(), labels);
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
