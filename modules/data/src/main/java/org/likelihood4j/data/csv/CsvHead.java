package org.likelihood4j.data.csv;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.io.Printable;

/**
 * The columns of a text file. Those without a name get one; those without a name and without content, which a delimiter at the end of
 * each line makes, are left out.
 *
 * @param names of the columns
 * @param places of their cells in a row
 * @param cells of a row
 * @param notes on what was done, for people
 */
public record CsvHead(List<String> names, List<Integer> places, int cells, List<String> notes) {
    private static final int MOST_NOTES = 3;

    /** @param rows the first rows, with the header if there is one */
    static CsvHead of(List<List<String>> rows, CsvDialect dialect) {
        List<String> first = rows.get(0);
        List<List<String>> body = dialect.header() ? rows.subList(1, rows.size()) : rows;
        int cells = cells(first, rows, dialect.delimiter());
        // R names rows, but not the column of their names.
        int shift = dialect.header() && isShort(first, rows, dialect.delimiter()) ? 1 : 0;
        List<String> names = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Set<String> taken = new HashSet<>(dialect.header() ? first : List.of());
        Set<String> used = new HashSet<>();
        for (int i = 0; i < cells; i++) {
            String name = dialect.header() && i >= shift && i - shift < first.size() ? first.get(i - shift) : "";
            if (name.isEmpty() && isEmpty(body, i)) {
                notes.add("column " + (i + 1) + " is empty and is left out");
                continue;
            } else if (name.isEmpty()) {
                name = free((dialect.header() ? "column" : "x") + (i + 1), taken);
                if (dialect.header()) {
                    notes.add("column " + (i + 1) + " has no name and is called '" + name + "'");
                }
            } else if (!used.add(name)) {
                String old = name;
                name = free(name + "." + (i + 1), taken);
                notes.add("column " + (i + 1) + " is called '" + printable(old) + "' too, and now '" + printable(name)
                        + "'");
            }
            names.add(name);
            places.add(i);
        }
        return new CsvHead(names, places, cells, few(notes));
    }

    /** How many cells most rows have. */
    static int usual(List<List<String>> rows) {
        return body(rows).stream().collect(Collectors.groupingBy(List::size, Collectors.counting())).entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    static List<List<String>> body(List<List<String>> rows) {
        return rows.size() > 1 ? rows.subList(1, rows.size()) : rows;
    }

    /** How many cells rows should have, by the first one and the others. */
    static int cells(List<String> first, List<List<String>> rows, char delimiter) {
        boolean more = isShort(first, rows, delimiter)
                || (rows.size() > 1 && isEmpty(rows, first.size()) && longer(first, rows));
        return first.size() + (more ? 1 : 0);
    }

    private static boolean longer(List<String> first, List<List<String>> rows) {
        return usual(rows) == first.size() + 1;
    }

    private static boolean isShort(List<String> first, List<List<String>> rows, char delimiter) {
        return (delimiter == CsvDialect.BLANKS || delimiter == '\t')
                && rows.size() > 1
                && !isEmpty(rows, first.size())
                && longer(first, rows);
    }

    private static boolean isEmpty(List<List<String>> rows, int place) {
        return !rows.isEmpty()
                && rows.stream()
                        .allMatch(row -> place >= row.size() || row.get(place).isEmpty());
    }

    private static String free(String name, Set<String> taken) {
        String free = name;
        while (!taken.add(free)) {
            free += "_";
        }
        return free;
    }

    private static List<String> few(List<String> notes) {
        if (notes.size() <= MOST_NOTES) {
            return List.copyOf(notes);
        }
        List<String> few = new ArrayList<>(notes.subList(0, MOST_NOTES));
        few.add("and so on, " + notes.size() + " columns in all");
        return few;
    }

    /** The cells of the columns that are not left out, of which a row must have none that is not empty. */
    private boolean fits(List<String> row) {
        int last = places.isEmpty() ? 0 : places.get(places.size() - 1);
        if (row.size() > cells || row.size() <= last) {
            return false;
        }
        return places.size() == cells
                || IntStream.range(0, row.size())
                        .allMatch(i -> row.get(i).isEmpty() || Collections.binarySearch(places, i) >= 0);
    }

    /** Where the cells of a column stand. */
    int place(String name) {
        return places.get(names.indexOf(name));
    }

    /** A cell of a row, which may be shorter. */
    String cell(List<String> row, int place) {
        return place < row.size() ? row.get(place) : "";
    }

    /** @throws DataException if the row has other cells */
    void requireFit(List<String> row, long line, Path file, CsvDialect dialect) {
        if (!fits(row)) {
            throw new DataException(file + ":" + line + ": has " + row.size() + " cells; expected " + cells
                    + " as in the first row" + (row.size() == cells ? ", and no text where that has none" : "")
                    + " (" + dialect + ")");
        }
    }

    private static String printable(String text) {
        return Printable.line(Printable.shorten(text));
    }
}
