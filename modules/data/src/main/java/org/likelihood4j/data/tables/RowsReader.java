package org.likelihood4j.data.tables;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Setting;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.io.Printable;

/** Rows of a table as they come, with the account of what is wrong with them: it is told when all are seen, the worst first. */
public final class RowsReader {
    /** Named in a message. */
    private static final int MOST_COLUMNS = 5;
    /** A column counts the rows if it does so for as many. */
    private static final int LEAST_COUNTED = 10;

    private final TableForm form;
    private final Path file;
    private final ColumnChoice choice;
    private final MissingCells missing;
    private final List<String> columns;
    private final List<ColumnKind> kinds;
    private final List<String> wanted = new ArrayList<>();
    private final int size;
    private final Sink sink;
    private final double[] stored;
    private int rows;
    private int count;

    private final int[] absent;
    private int incomplete;
    private String firstAbsent;
    private final int[] words;
    private final String[] firstWord;
    private final long[] firstLine;
    private final boolean[] counts;
    private final int[] beyond;

    /** Takes rows that are not left out. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes a row.
         *
         * @param stored what the columns store, NaN where a cell is missing; the same array each time
         * @param row behind whose columns are the cells of the label and the ids
         * @param place among all rows, from 0
         */
        void take(double[] stored, TableRow row, int place);
    }

    /**
     * None yet.
     *
     * @param columns those of the choice
     * @param sink has the rows, and this no row
     */
    public RowsReader(TableForm form, List<String> columns, ColumnChoice choice, MissingCells missing, Sink sink) {
        this.form = form;
        this.file = form.file();
        this.columns = columns;
        this.choice = choice;
        this.missing = missing;
        this.kinds = columns.stream().map(choice::kind).toList();
        this.size = columns.size();
        wanted.addAll(columns);
        wanted.addAll(choice.label().stream().toList());
        wanted.addAll(choice.ids());
        this.sink = sink;
        this.stored = new double[size];
        this.absent = new int[size];
        this.words = new int[size];
        this.firstWord = new String[size];
        this.firstLine = new long[size];
        this.counts = new boolean[size];
        this.beyond = new int[size];
        Arrays.fill(counts, true);
    }

    /** The columns that rows are to have, in this order. */
    public List<String> wanted() {
        return List.copyOf(wanted);
    }

    /**
     * Takes a row.
     *
     * @param line where it stands, for messages
     */
    public void add(TableRow row, long line) {
        boolean whole = true;
        boolean holed = false;
        for (int i = 0; i < size; i++) {
            double value = row.stored(kinds.get(i), i);
            counts[i] &= value == count || value == count + 1;
            stored[i] = value;
            beyond[i] += kinds.get(i).isBeyondSeen(value) ? 1 : 0;
            if (Double.isNaN(value)) {
                boolean masked = missing == MissingCells.MASK && row.isMissing(i);
                holed |= masked;
                whole &= masked;
                note(i, row, line);
            }
        }
        incomplete += holed ? 1 : 0;
        if (whole) {
            rows++;
            sink.take(stored, row, count);
        } else {
            incomplete++;
        }
        count++;
    }

    private void note(int column, TableRow row, long line) {
        if (row.isMissing(column)) {
            absent[column]++;
            if (firstAbsent == null) {
                firstAbsent = line + ":" + printable(columns.get(column));
            }
            return;
        }
        if (kinds.get(column) instanceof ColumnKind.Real && row.isNumber(column)) {
            throw noNumber(column, row.text(column), line, 0);
        }
        if (words[column]++ == 0) {
            firstWord[column] = row.text(column);
            firstLine[column] = line;
        }
    }

    /** How many rows were added, those that are left out too. */
    public int seen() {
        return count;
    }

    /**
     * Makes sure that the rows can be used, when all were added.
     *
     * @param all whether there are no others, so that not all may be left out
     * @return notes on what was found, for people
     * @throws DataException if they cannot; says why
     */
    public List<String> checked(boolean all) {
        if (count == 0) {
            throw new DataException(file + ": has no rows of numbers");
        }
        requireNumbers();
        if (incomplete > 0 && (missing == MissingCells.REFUSE || (rows == 0 && all))) {
            throw missing();
        }
        return notes();
    }

    private void requireNumbers() {
        List<Integer> text = IntStream.range(0, size)
                .filter(i ->
                        words[i] > 0 && 2L * words[i] >= count - absent[i] && kinds.get(i) instanceof ColumnKind.Real)
                .boxed()
                .toList();
        if (!text.isEmpty()) {
            throw text(text);
        }
        int first = IntStream.range(0, size)
                .filter(i -> words[i] > 0)
                .boxed()
                .min(Comparator.comparingLong(i -> firstLine[i]))
                .orElse(-1);
        if (first >= 0) {
            throw noNumber(
                    first,
                    firstWord[first],
                    firstLine[first],
                    Arrays.stream(words).asLongStream().sum() - 1);
        }
    }

    /** @param more such cells */
    private DataException noNumber(int column, String cell, long line, long more) {
        ColumnKind kind = kinds.get(column);
        return new DataException(form.where(line, printable(columns.get(column))) + ": expected "
                + Printable.line(kind.expected()) + ", was '" + printable(cell) + "'"
                + (kind.isText() ? "" : form.problem(cell))
                + (more > 0 ? String.format(Locale.ROOT, " (and %,d more such cells)", more) : ""));
    }

    private DataException text(List<Integer> text) {
        List<String> names = text.stream().map(columns::get).toList();
        String which = text.stream()
                .limit(MOST_COLUMNS)
                .map(i -> "'" + printable(columns.get(i)) + "' holds " + kind(firstWord[i]) + " ('"
                        + printable(firstWord[i]) + "' in " + form.unit() + " " + firstLine[i] + ")")
                .collect(Collectors.joining(", "));
        String more = text.size() > MOST_COLUMNS ? " and " + (text.size() - MOST_COLUMNS) + " more" : "";
        if (text.size() == columns.size()) {
            return new DataException(file + ": no column holds numbers: " + which + more
                    + form.doubt()
                            .map(how -> "; the table was read with " + how
                                    + ": is that right (data.delimiter, data.decimal, data.header)?")
                            .orElse(""));
        }
        if (choice.trained()) {
            return new DataException(file + ": column " + which + more
                    + ", but the run's model was trained on numbers there; is that the same column"
                    + form.doubt()
                            .map(how -> ", and was the table read rightly, with " + how
                                    + " (data.delimiter, data.decimal, data.header)")
                            .orElse("")
                    + "?");
        }
        String hint = text.stream()
                .map(i -> form.problem(firstWord[i]))
                .filter(p -> !p.isEmpty())
                .findFirst()
                .orElse("");
        boolean label = choice.label().isEmpty() && !CellText.isDate(firstWord[text.get(0)]) && hint.isEmpty();
        String advice = "; " + choice.advice(names)
                + ", or say what it holds, such as " + choice.as(names.get(0), kindWord(firstWord[text.get(0)]))
                + (label
                        ? ", or make one the label with "
                                + Setting.text("data.label", names.get(0)).option()
                        : "");
        return new DataException(file + ": column " + which + more + hint + advice, choice.without(names));
    }

    private static String kindWord(String cell) {
        return CellText.isDate(cell) ? "date" : cell.matches("(?i)true|false") ? "boolean" : "category";
    }

    private static String kind(String cell) {
        return CellText.isDate(cell) ? "dates or times, not numbers" : "text, not numbers";
    }

    private DataException missing() {
        String worst = worst();
        String what = String.format(
                Locale.ROOT,
                "%s: %,d of %,d rows have missing cells (%s; the first in %s %s)",
                file,
                incomplete,
                count,
                worst,
                form.unit(),
                firstAbsent);
        List<String> empty = IntStream.range(0, size)
                .filter(i -> absent[i] == count)
                .mapToObj(columns::get)
                .toList();
        if (!empty.isEmpty()) {
            return new DataException(
                    what + "; " + (empty.size() == 1 ? "one column is" : empty.size() + " columns are") + " empty: "
                            + choice.advice(empty),
                    choice.without(empty));
        } else if (rows == 0) {
            return new DataException(what + ": none is left; " + choice.advice(List.of(worstColumn())));
        }
        Setting drop = new Setting("data.missing", "drop");
        String without = "; leave these rows out with " + drop.option();
        if (choice.trained()) {
            return new DataException(what + without, drop);
        }
        return new DataException(
                what + without + ", or the column with " + choice.option(List.of(worstColumn()))
                        + "; a VAE can keep them, with " + new Setting("data.missing", "mask").option(),
                2L * rows >= count ? drop : choice.without(List.of(worstColumn())));
    }

    private String worstColumn() {
        return columns.get(byAbsence().get(0));
    }

    private List<Integer> byAbsence() {
        return IntStream.range(0, size)
                .filter(i -> absent[i] > 0)
                .boxed()
                .sorted(Comparator.comparingInt(i -> -absent[i]))
                .toList();
    }

    /** Such as {@code 'age' 177, 'cabin' 5}. */
    private String worst() {
        List<Integer> order = byAbsence();
        return order.stream()
                        .limit(MOST_COLUMNS)
                        .map(i -> String.format(Locale.ROOT, "'%s' %,d", printable(columns.get(i)), absent[i]))
                        .collect(Collectors.joining(", "))
                + (order.size() > MOST_COLUMNS ? ", and " + (order.size() - MOST_COLUMNS) + " more columns" : "");
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        form.notes().forEach(note -> notes.add(file + ": " + note));
        if (incomplete > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    missing == MissingCells.MASK
                            ? "%s: %,d of %,d rows have missing cells (%s), which are masked"
                            : "%s: left out %,d of %,d rows, which have missing cells (%s)",
                    file,
                    incomplete,
                    count,
                    worst()));
        }
        for (int i = 0; i < size; i++) {
            boolean numeric = kinds.get(i) instanceof ColumnKind.Real || kinds.get(i) instanceof ColumnKind.Whole;
            if (counts[i] && !choice.trained() && numeric && count >= LEAST_COUNTED && columns.size() > 1) {
                List<String> name = List.of(columns.get(i));
                notes.add(file + ": column '" + printable(name.get(0)) + "' counts the rows, and is no measurement: "
                        + choice.advice(name));
            }
        }
        for (int i = 0; i < size; i++) {
            if (beyond[i] > 0) {
                ColumnKind kind = kinds.get(i);
                ColumnKind.Seen seen = kind.seen().orElseThrow();
                notes.add(file + ": column '" + printable(columns.get(i)) + "' has "
                        + String.format(
                                Locale.ROOT,
                                "%,d of %,d %s beyond those of the training data, %s to %s; they have a density"
                                        + " like all others, but no sample goes so far",
                                beyond[i],
                                count,
                                kind instanceof ColumnKind.Date ? "dates" : "numbers",
                                kind.text(seen.smallest()),
                                kind.text(seen.largest())));
            }
        }
        return notes;
    }

    private static String printable(String text) {
        return Printable.line(Printable.shorten(text));
    }
}
