package org.likelihood4j.data.tables;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.data.DataException;

/** Rows in memory. */
public final class CollectedRows implements RowsReader.Sink {
    /** Of rows that nobody has counted. */
    private static final int MOST_VALUES = 1 << 26;

    private final Path file;
    private final ColumnChoice choice;
    private final int most;
    private final Map<String, List<String>> ids = new LinkedHashMap<>();
    private final List<String> labels = new ArrayList<>();
    /** Each label once: rows have references to it. */
    private final Map<String, String> words = new HashMap<>();

    private double[] values;
    private int used;
    private int[] places;
    private int rows;

    private CollectedRows(Path file, ColumnChoice choice, int most, double[] values, int[] places) {
        this.file = file;
        this.choice = choice;
        this.most = most;
        this.values = values;
        this.places = places;
        choice.ids().forEach(name -> ids.put(name, new ArrayList<>()));
    }

    /** Of nobody knows how many. */
    public static CollectedRows of(Path file, ColumnChoice choice) {
        return new CollectedRows(file, choice, MOST_VALUES, new double[1024], new int[256]);
    }

    /** Of so many, that are known to fit. */
    static CollectedRows of(Path file, ColumnChoice choice, int rows, int columns) {
        int numbers = Math.multiplyExact(rows, columns);
        return new CollectedRows(file, choice, numbers, new double[numbers], new int[rows]);
    }

    @Override
    public void take(double[] stored, TableRow row, int place) {
        if (used + stored.length > most) {
            throw new DataException(file + ": holds more than " + most + " numbers");
        }
        if (used + stored.length > values.length) {
            values = Arrays.copyOf(values, Math.max(2 * values.length, used + stored.length));
        }
        System.arraycopy(stored, 0, values, used, stored.length);
        used += stored.length;
        if (rows == places.length) {
            places = Arrays.copyOf(places, 2 * rows);
        }
        places[rows++] = place;
        int at = stored.length;
        if (choice.label().isPresent()) {
            labels.add(words.computeIfAbsent(row.text(at++), word -> word));
        }
        for (String name : choice.ids()) {
            ids.get(name).add(row.text(at++));
        }
    }

    /**
     * All of them, which are no longer here.
     *
     * @param first the place of the first one that there was
     */
    public TableContent content(List<String> columns, int first, List<String> notes) {
        double[] numbers = used == values.length ? values : Arrays.copyOf(values, used);
        values = numbers;
        return new TableContent(
                choice.described(columns),
                numbers,
                labels,
                ids,
                Arrays.stream(places, 0, rows).map(place -> place + first).toArray(),
                notes);
    }
}
