package org.likelihood4j.data.sources;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.FiledTable;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.tables.RowsReader;
import org.likelihood4j.data.tables.TableRow;

/** A table's rows on their way to its parts: those that are trained on to a file, the others to memory. */
final class StreamedRows implements RowsReader.Sink {
    private final VectorShape shape;
    private final Path data;
    private final boolean labelled;
    private final int trained;
    private final int validated;
    /** Of each row its number in the training table, or behind that in the others. */
    private final int[] numbers;

    private final FiledTable.Writer train;
    private final double[] others;
    private final int[] otherPlaces;
    /** Of each row, by its number; null without labels. */
    private final int[] labels;
    /** In the order in which they come. */
    private final Map<String, Integer> words = new LinkedHashMap<>();

    private final boolean[] filled;
    private int taken;

    /**
     * Of no row yet.
     *
     * @param data where they are from
     * @param parts of all rows, of which none is to be left out; what they take was held against the heap
     * @param folder for the file
     * @throws DataException if the disk has no room
     */
    StreamedRows(VectorShape shape, Path data, boolean labelled, SplitShares.Parts parts, Path folder) {
        this.shape = shape;
        this.data = data;
        this.labelled = labelled;
        this.trained = parts.train().length;
        this.validated = parts.validation().length;
        int rest = validated + parts.test().length;
        this.numbers = new int[trained + rest];
        number(parts.train(), 0);
        number(parts.validation(), trained);
        number(parts.test(), trained + validated);
        this.train = new FiledTable.Writer(folder, shape, parts.train());
        this.others = new double[rest * shape.size()];
        this.otherPlaces = new int[rest];
        this.labels = labelled ? new int[numbers.length] : null;
        this.filled = new boolean[shape.size()];
    }

    private void number(int[] part, int from) {
        for (int i = 0; i < part.length; i++) {
            numbers[part[i]] = from + i;
        }
    }

    @Override
    public void take(double[] stored, TableRow row, int place) {
        if (place >= numbers.length) {
            throw changed();
        }
        int number = numbers[place];
        if (number < trained) {
            train.add(number, stored);
        } else {
            System.arraycopy(stored, 0, others, (number - trained) * stored.length, stored.length);
            otherPlaces[number - trained] = place;
        }
        for (int i = 0; i < stored.length; i++) {
            filled[i] |= !Double.isNaN(stored[i]);
        }
        if (labelled) {
            labels[number] = words.computeIfAbsent(row.text(stored.length), word -> words.size());
        }
        taken++;
    }

    /** That the rows are not those that were counted. */
    DataException changed() {
        return new DataException(data + ": has become other data while it was read");
    }

    /** How many rows came. */
    int taken() {
        return taken;
    }

    /** Whether each column has a cell that is not missing. */
    boolean[] filled() {
        return filled.clone();
    }

    /** The different labels. */
    List<String> words() {
        return List.copyOf(words.keySet());
    }

    /**
     * The parts, when all rows have come.
     *
     * @param classes the names of the labels, in the order of their numbers
     */
    Splits splits(List<String> classes) {
        if (taken < numbers.length) {
            throw changed();
        }
        Map<String, Integer> numbered = new HashMap<>();
        classes.forEach(word -> numbered.put(word, numbered.size()));
        int[] renumbered = words.keySet().stream().mapToInt(numbered::get).toArray();
        int[] rest = labelled ? classes(renumbered, trained, labels.length) : new int[otherPlaces.length];
        Table all = Table.owningHoles(shape, others, rest).withPlaces(otherPlaces);
        Table held = labelled ? all : all.withoutLabels();
        return new Splits(
                train.table(labelled ? classes(renumbered, 0, trained) : null),
                held.slice(0, validated),
                held.slice(validated, held.size()));
    }

    private int[] classes(int[] renumbered, int from, int to) {
        int[] found = Arrays.copyOfRange(labels, from, to);
        Arrays.setAll(found, i -> renumbered[found[i]]);
        return found;
    }
}
