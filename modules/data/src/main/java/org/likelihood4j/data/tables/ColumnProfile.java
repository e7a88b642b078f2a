package org.likelihood4j.data.tables;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.columns.DateFormat;
import org.likelihood4j.io.Printable;

/** What the cells of a column are, counted while they pass: enough to guess what it holds, and to learn what its kind needs. */
public final class ColumnProfile {
    /** Pairs of words for no and yes, in small letters. */
    private static final List<List<String>> TRUTHS = List.of(
            List.of("false", "true"), List.of("no", "yes"), List.of("n", "y"), List.of("f", "t"), List.of("0", "1"));

    private static final int MOST_SAMPLED = 20_000;
    /** On average, of each category. */
    private static final int LEAST_ROWS = 5;
    /** The largest to the middle one of numbers that a logarithm suits. */
    private static final double HEAVY_TAIL = 30;

    private static final int LONGEST_EXAMPLE = 30;

    private final String name;
    private long rows;
    private long missing;
    private long numbers;
    private long wholes;
    private boolean counts = true;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private double[] sample = new double[256];
    private int sampled;
    private int shortest = Integer.MAX_VALUE;
    private int longest;
    /** Up to one more than there may be. */
    private final Map<String, Integer> words = new LinkedHashMap<>();

    /** Whether the format of dates is said. */
    private final boolean said;
    /** Whether dates have the type of dates. */
    private boolean typed;

    /** Those that all cells are written in, each with the first and the last day. */
    private final Map<String, ColumnKind.Seen> formats = new LinkedHashMap<>();

    /** @param wanted what it is to hold; empty where that is to be guessed */
    public ColumnProfile(String name, Optional<ColumnKind> wanted) {
        this.name = name;
        boolean dates = wanted.isEmpty() || wanted.get() instanceof ColumnKind.Date;
        Optional<List<String>> pattern = wanted.filter(kind -> kind instanceof ColumnKind.Date)
                .flatMap(kind -> ((ColumnKind.Date) kind).format())
                .map(format -> List.of(format.pattern()));
        this.said = pattern.isPresent();
        if (dates) {
            pattern.orElse(DateFormat.COMMON)
                    .forEach(format -> formats.put(
                            format, new ColumnKind.Seen(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));
        }
    }

    /** Takes a cell without a value. */
    public void addMissing() {
        rows++;
        missing++;
    }

    /**
     * Takes a cell.
     *
     * @param number what it is as a number; NaN if it is none
     */
    public void add(String cell, double number) {
        if (!Double.isNaN(number)) {
            numbers++;
            wholes += new ColumnKind.Whole().holds(number) ? 1 : 0;
            counts &= number == rows || number == rows + 1;
            least = Math.min(least, number);
            most = Math.max(most, number);
            if (sampled < MOST_SAMPLED) {
                sample = sampled == sample.length ? Arrays.copyOf(sample, 2 * sampled) : sample;
                sample[sampled++] = number;
            }
        }
        count(cell);
        formats.replaceAll(
                (format, seen) -> seen(seen, new DateFormat(format).days(cell).orElse(Double.NaN)));
        formats.values().removeIf(seen -> Double.isNaN(seen.smallest()));
        rows++;
    }

    private void count(String cell) {
        shortest = Math.min(shortest, cell.length());
        longest = Math.max(longest, cell.length());
        if (words.size() <= ColumnKind.Category.MOST || words.containsKey(cell)) {
            words.merge(cell, 1, Integer::sum);
        }
    }

    /** Takes a cell that has a type. A date's format is the shortest in which nothing of it is lost, unless it is said. */
    public void add(Object cell) {
        List<String> written = TypedCell.formats(cell);
        if (written.isEmpty()) {
            add(TypedCell.text(cell), TypedCell.number(cell));
            return;
        }
        typed = true;
        count(TypedCell.text(cell));
        if (!said) {
            formats.keySet().retainAll(written);
        }
        double days = DateFormat.days(TypedCell.time(cell, ZoneOffset.UTC).orElseThrow());
        formats.replaceAll((format, seen) -> seen(seen, days));
        rows++;
    }

    private static ColumnKind.Seen seen(ColumnKind.Seen seen, double days) {
        return new ColumnKind.Seen(Math.min(seen.smallest(), days), Math.max(seen.largest(), days));
    }

    /** How many cells it has taken, those without a value among them. */
    public long rows() {
        return rows;
    }

    private long present() {
        return rows - missing;
    }

    private boolean hasFewWords() {
        return words.size() <= ColumnKind.Category.MOST;
    }

    /** What it probably holds, and why. */
    public ColumnGuess guess() {
        if (present() == 0) {
            return ColumnGuess.ignore("is empty");
        } else if (words.size() == 1) {
            return ColumnGuess.ignore("is always " + example());
        }
        if (numbers < present()) {
            return guessWords();
        }
        boolean whole = wholes == present();
        if (counts && rows > 2) {
            return ColumnGuess.id("counts the rows");
        } else if (whole && words.size() == 2 && least == 0 && most == 1) {
            return new ColumnGuess(new ColumnKind.Truth(), "is 0 or 1");
        } else if (whole) {
            return new ColumnGuess(
                    new ColumnKind.Whole(),
                    String.format(Locale.ROOT, "whole numbers from %s to %s", text(least), text(most)));
        }
        String range = String.format(Locale.ROOT, "numbers from %s to %s", text(least), text(most));
        double[] sorted = Arrays.copyOf(sample, sampled);
        Arrays.sort(sorted);
        double middle = sorted[sampled / 2];
        if (least > 0 && sorted[sampled - 1] > HEAVY_TAIL * middle) {
            return new ColumnGuess(
                    new ColumnKind.Log(0), range + String.format(Locale.ROOT, ", the middle one %s", text(middle)));
        }
        return new ColumnGuess(new ColumnKind.Real(), range + repeated(sorted));
    }

    /** A value that many rows have, such as 0 where nothing was measured. */
    private static String repeated(double... sorted) {
        double value = 0;
        int longest = 0;
        int run = 0;
        for (int i = 0; i < sorted.length; i++) {
            run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
            if (run > longest) {
                longest = run;
                value = sorted[i];
            }
        }
        return 20 * longest >= sorted.length && longest > 1
                ? String.format(Locale.ROOT, ", %.0f%% are %s", 100.0 * longest / sorted.length, text(value))
                : "";
    }

    private ColumnGuess guessWords() {
        if (!formats.isEmpty()) {
            return new ColumnGuess(
                    formats.size() == 1 || typed
                            ? new ColumnKind.Date()
                            : new ColumnKind.Date(Optional.of(
                                    new DateFormat(formats.keySet().iterator().next()))),
                    "dates such as " + example()
                            + (formats.size() == 1 || typed
                                    ? ""
                                    : ", read as " + formats.keySet().iterator().next()));
        } else if (truth().size() == 2) {
            return new ColumnGuess(new ColumnKind.Truth(), "is " + String.join(" or ", truth()));
        } else if (hasFewWords() && words.size() <= present() / LEAST_ROWS) {
            return new ColumnGuess(
                    new ColumnKind.Category(),
                    String.format(Locale.ROOT, "%,d different words such as %s", words.size(), example()));
        } else if (words.size() == present() || (!hasFewWords() && shortest == longest)) {
            return ColumnGuess.id("looks like names of the rows, such as " + example());
        }
        return ColumnGuess.ignore("holds text, such as " + example());
    }

    private String example() {
        String first = words.keySet().iterator().next();
        return "'"
                + Printable.line(first.length() > LONGEST_EXAMPLE ? first.substring(0, LONGEST_EXAMPLE) + "..." : first)
                + "'";
    }

    /** The two words as they are written, no before yes; empty if they are none of the usual ones. */
    private List<String> truth() {
        if (words.size() != 2) {
            return List.of();
        }
        Map<String, String> written = words.keySet().stream()
                .collect(Collectors.toMap(word -> word.toLowerCase(Locale.ROOT), word -> word, (a, b) -> a));
        return TRUTHS.stream()
                .filter(pair -> written.keySet().equals(Set.copyOf(pair)))
                .map(pair -> pair.stream().map(written::get).toList())
                .findFirst()
                .orElse(List.of());
    }

    /**
     * The kind with what it needs to know.
     *
     * @param file for messages
     * @throws DataException if the column does not hold that
     */
    public ColumnKind learned(ColumnKind kind, String file) {
        if (kind.isKnown() || present() == 0 || (kind instanceof ColumnKind.Whole && numbers == 0)) {
            return kind;
        } else if (kind instanceof ColumnKind.Whole whole) {
            // Of numbers that it cannot hold a reader tells, with their lines.
            return new ColumnKind.Whole(whole.low(), whole.high(), Optional.of(new ColumnKind.Seen(least, most)));
        } else if (kind instanceof ColumnKind.Category) {
            return new ColumnKind.Category(categories(file));
        } else if (kind instanceof ColumnKind.Truth) {
            if (words.size() > 2) {
                throw new DataException(where(file) + " is to be boolean, but has "
                        + (hasFewWords() ? "" : "more than ") + Math.min(words.size(), ColumnKind.Category.MOST)
                        + " different values, such as " + few() + "; is it a category?");
            }
            List<String> pair =
                    truth().isEmpty() ? words.keySet().stream().sorted().toList() : truth();
            return new ColumnKind.Truth(pair.get(0), pair.get(pair.size() - 1));
        } else if (kind instanceof ColumnKind.Date date) {
            return learnedDate(date, file);
        }
        return kind;
    }

    private List<String> categories(String file) {
        if (!hasFewWords()) {
            throw new DataException(where(file) + " has more than " + ColumnKind.Category.MOST
                    + " different values, such as " + few()
                    + ", and a category may have so many; is it a number, an id, or to be ignored?");
        }
        Comparator<Map.Entry<String, Integer>> frequent = Map.Entry.comparingByValue(Comparator.reverseOrder());
        return words.entrySet().stream()
                .sorted(frequent.thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private ColumnKind learnedDate(ColumnKind.Date wanted, String file) {
        if (formats.isEmpty()) {
            throw new DataException(where(file) + " is to hold dates, but its cells, such as " + few()
                    + ", are not all written "
                    + wanted.format().map(format -> "as " + format.pattern()).orElse("in one of the usual ways")
                    + "; say how with {type: date, format: ...}, such as format: dd-MM-uuuu");
        } else if (formats.size() > 1 && !typed) {
            throw new DataException(where(file) + " can be read as " + String.join(" and as ", formats.keySet())
                    + "; say which with {type: date, format: "
                    + formats.keySet().iterator().next() + "}");
        }
        Map.Entry<String, ColumnKind.Seen> found = formats.entrySet().iterator().next();
        ColumnKind.Seen days = found.getValue();
        long origin = (long) Math.floor(days.smallest());
        return new ColumnKind.Date(
                Optional.of(new DateFormat(found.getKey())),
                Optional.of(LocalDate.ofEpochDay(origin)),
                Optional.of(new ColumnKind.Seen(days.smallest() - origin, days.largest() - origin)));
    }

    private String few() {
        List<String> shown = new ArrayList<>();
        words.keySet().stream()
                .limit(3)
                .forEach(word -> shown.add("'" + Printable.line(Printable.shorten(word)) + "'"));
        return String.join(", ", shown);
    }

    private String where(String file) {
        return file + ": column '" + Printable.line(Printable.shorten(name)) + "'";
    }

    /** How many cells have no value, of how many. */
    public String missing() {
        return missing == 0 ? "" : String.format(Locale.ROOT, "%,d of %,d missing", missing, rows);
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
