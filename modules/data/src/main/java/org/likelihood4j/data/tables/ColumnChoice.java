package org.likelihood4j.data.tables;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Setting;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.io.Printable;

/**
 * Which columns of a table are a model's, and what they hold.
 *
 * @param columns their names in order; or each with a minus before it, all others than these; empty for all
 * @param label the column of labels, which is never among them
 * @param kinds what columns hold that are not of numbers, by their names
 * @param ids the columns that rows are called by, which are never among them
 * @param trained whether a model was trained on them, so that there is nothing left to choose
 */
public record ColumnChoice(
        Optional<List<String>> columns,
        Optional<String> label,
        Map<String, ColumnKind> kinds,
        List<String> ids,
        boolean trained) {
    private static final String KEY = "data.columns";
    /** So many fit a line. */
    private static final int MOST_NAMED = 20;

    public ColumnChoice {
        columns = columns.map(List::copyOf);
        kinds = Collections.unmodifiableMap(new LinkedHashMap<>(kinds));
        ids = List.copyOf(ids);
    }

    /** For a model that is still to be trained. */
    public ColumnChoice(
            Optional<List<String>> columns, Optional<String> label, Map<String, ColumnKind> kinds, List<String> ids) {
        this(columns, label, kinds, ids, false);
    }

    /** Of numbers. */
    public ColumnChoice(Optional<List<String>> columns, Optional<String> label) {
        this(columns, label, Map.of(), List.of());
    }

    /** The columns of a shape that a model was trained on. */
    public static ColumnChoice of(VectorShape shape, Optional<String> label, List<String> ids) {
        Map<String, ColumnKind> kinds = new LinkedHashMap<>();
        shape.columns().forEach(column -> kinds.put(column.name(), column.kind()));
        return new ColumnChoice(Optional.of(shape.names()), label, kinds, ids, true);
    }

    /** All columns but the label. */
    public static ColumnChoice all() {
        return new ColumnChoice(Optional.empty(), Optional.empty());
    }

    /** Whether it says what to leave out. */
    private boolean excludes() {
        return columns.isPresent() && columns.get().stream().allMatch(name -> name.startsWith("-"));
    }

    /** The same, with the columns of labels and ids only where a table has them. */
    public ColumnChoice present(List<String> names) {
        return new ColumnChoice(
                columns,
                label.filter(names::contains),
                kinds,
                ids.stream().filter(names::contains).toList(),
                trained);
    }

    /**
     * The same, with what the columns that it takes hold by their types, where it says nothing.
     *
     * @param types of all columns of a table, in its order; empty for one that says nothing
     */
    public ColumnChoice typed(Map<String, Optional<ColumnKind>> types, String file) {
        Map<String, ColumnKind> all = new LinkedHashMap<>(kinds);
        among(List.copyOf(types.keySet()), file)
                .forEach(name -> types.get(name).ifPresent(kind -> all.putIfAbsent(name, kind)));
        return withKinds(all);
    }

    /** The same with other kinds. */
    ColumnChoice withKinds(Map<String, ColumnKind> others) {
        return new ColumnChoice(columns, label, others, ids, trained);
    }

    /** The columns of which something is still to be learned. */
    List<String> unknown() {
        return kinds.entrySet().stream()
                .filter(entry -> !entry.getValue().isKnown())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What a column holds, as far as that is known. */
    ColumnKind kind(String name) {
        return kinds.getOrDefault(name, new ColumnKind.Real());
    }

    /** The columns, where they are known without a look at the file. */
    public Optional<List<Column>> known() {
        return excludes() || !unknown().isEmpty() ? Optional.empty() : columns.map(this::described);
    }

    /** These columns with what they hold. */
    public List<Column> described(List<String> names) {
        return names.stream().map(name -> new Column(name, kind(name))).toList();
    }

    /**
     * The columns among those of a file.
     *
     * @throws DataException if the file has not got one of them, or nothing is left
     */
    public List<String> among(List<String> names, String file) {
        Set<String> known = new HashSet<>(names);
        label.ifPresent(name -> require(names, known, name, file));
        ids.forEach(name -> require(names, known, name, file));
        kinds.keySet().forEach(name -> require(names, known, name, file));
        if (columns.isPresent() && !excludes()) {
            columns.get().forEach(name -> require(names, known, name, file));
            return columns.get();
        }
        Set<String> left = new HashSet<>(label.stream().toList());
        left.addAll(ids);
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
            return kinds.isEmpty() && ids.isEmpty()
                    ? Setting.list(KEY, list)
                    : Setting.mapping(KEY, entries(list, more, "ignore"));
        }
        more.stream()
                .map(name -> "-" + name)
                .filter(name -> !list.contains(name))
                .forEach(list::add);
        return kinds.isEmpty() && ids.isEmpty()
                ? Setting.list(KEY, list)
                : Setting.mapping(
                        KEY,
                        entries(
                                List.of(),
                                list.stream().map(name -> name.substring(1)).toList(),
                                null));
    }

    /**
     * What the columns hold as a mapping.
     *
     * @param chosen the columns, of which those of numbers must be named
     * @param ignored columns that are left out
     * @param others what all others are; null for numbers, which need not be said
     */
    private Map<String, String> entries(List<String> chosen, List<String> ignored, String others) {
        Map<String, String> entries = new LinkedHashMap<>();
        chosen.forEach(name -> entries.put(name, kind(name).setting()));
        kinds.forEach((name, kind) -> entries.put(name, kind.setting()));
        ids.forEach(name -> entries.put(name, "id"));
        ignored.forEach(name -> entries.put(name, "ignore"));
        if (others != null) {
            entries.put("*", others);
        }
        return entries;
    }

    /** The option that says what one more column holds. */
    String as(String name, String kind) {
        if (columns.isEmpty() && name.matches("[A-Za-z0-9_]+")) {
            return new Setting(KEY + "." + name, kind).option();
        }
        boolean names = columns.isPresent() && !excludes();
        List<String> left = excludes()
                ? columns.get().stream().map(other -> other.substring(1)).toList()
                : List.of();
        Map<String, String> entries = entries(names ? columns.get() : List.of(), left, names ? "ignore" : null);
        entries.put(name, kind);
        return Setting.mapping(KEY, entries).option();
    }

    /** How to do without columns, or that this cannot be, in words that fit a line. */
    public String advice(List<String> more) {
        String them = more.size() == 1 ? "it" : "them";
        return trained
                ? "the run's model was trained on " + them + ", and takes rows that have " + them
                : "leave " + them + " out with " + option(more);
    }

    /** The option that leaves columns out, or what to do where that is too long. */
    public String option(List<String> more) {
        boolean names = columns.isPresent() && !excludes();
        if ((names ? columns.get() : more).size() > MOST_NAMED) {
            return "data.columns";
        }
        String name = more.get(0);
        boolean alone =
                !names && more.size() == 1 && !(kinds.isEmpty() && ids.isEmpty()) && name.matches("[A-Za-z0-9_]+");
        return (alone ? new Setting(KEY + "." + name, "ignore") : without(more)).option();
    }

    private static String printable(String text) {
        return Printable.line(Printable.shorten(text));
    }
}
