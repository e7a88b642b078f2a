package org.likelihood4j.data.csv;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Setting;
import org.likelihood4j.io.Printable;

/**
 * Which columns of a table are its numbers.
 *
 * @param columns their names in order; or each with a minus before it, all others than these; empty for all
 * @param label the column of labels, which is never among them
 */
public record ColumnChoice(Optional<List<String>> columns, Optional<String> label) {
    private static final String KEY = "data.columns";
    /** So many fit a line. */
    private static final int MOST_NAMED = 20;

    public ColumnChoice {
        columns = columns.map(List::copyOf);
    }

    /** All columns but the label. */
    public static ColumnChoice all() {
        return new ColumnChoice(Optional.empty(), Optional.empty());
    }

    /** Whether it says what to leave out. */
    private boolean excludes() {
        return columns.isPresent() && columns.get().stream().allMatch(name -> name.startsWith("-"));
    }

    /** The names, where they are known without a look at the file. */
    public Optional<List<String>> names() {
        return excludes() ? Optional.empty() : columns;
    }

    /**
     * The columns among those of a file.
     *
     * @throws DataException if the file has not got one of them, or nothing is left
     */
    List<String> among(List<String> names, String file) {
        Set<String> known = new HashSet<>(names);
        label.ifPresent(name -> require(names, known, name, file));
        if (columns.isPresent() && !excludes()) {
            columns.get().forEach(name -> require(names, known, name, file));
            return columns.get();
        }
        Set<String> left = new HashSet<>(label.stream().toList());
        for (String name : columns.orElse(List.of())) {
            String named = name.substring(1);
            require(names, known, named, file);
            left.add(named);
        }
        List<String> chosen =
                names.stream().filter(name -> !left.contains(name)).toList();
        if (chosen.isEmpty()) {
            throw new DataException(file + ": no column is left to train on (" + KEY + ", data.label)");
        }
        for (String name : chosen) {
            if (name.startsWith("-")) {
                throw new DataException(
                        file + ": a column is called '" + printable(name) + "', and in " + KEY
                                + " a minus means to leave out; rename the column, or "
                                + option(List.of(name)),
                        without(List.of(name)));
            }
        }
        return chosen;
    }

    private static void require(List<String> names, Set<String> known, String name, String file) {
        if (!known.contains(name)) {
            String list = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
            throw new DataException(file + ": has no column '" + printable(name) + "'; it has " + Printable.line(list)
                    + (names.size() > MOST_NAMED ? ", ..." : ""));
        }
    }

    /** The choice with more columns left out, for a message or for {@code init}. */
    public Setting without(List<String> more) {
        List<String> list = new ArrayList<>(columns.orElse(List.of()));
        if (columns.isPresent() && !excludes()) {
            list.removeAll(more);
        } else {
            more.stream()
                    .map(name -> "-" + name)
                    .filter(name -> !list.contains(name))
                    .forEach(list::add);
        }
        return Setting.list(KEY, list);
    }

    /** How to leave columns out, in words that fit a line. */
    public String advice(List<String> more) {
        return "leave " + (more.size() == 1 ? "it" : "them") + " out with " + option(more);
    }

    /** The option that leaves columns out, or what to do where that is too long. */
    String option(List<String> more) {
        boolean names = columns.isPresent() && !excludes();
        return (names ? columns.get() : more).size() > MOST_NAMED
                ? "data.columns"
                : without(more).option();
    }

    private static String printable(String text) {
        return Printable.line(Printable.shorten(text));
    }
}
