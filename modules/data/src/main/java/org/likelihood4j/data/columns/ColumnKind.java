package org.likelihood4j.data.columns;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.likelihood4j.io.Printable;

/**
 * What a column holds. Whatever that is, a table keeps it as a number, the <em>stored</em> one: a category's place among the categories, a
 * date's days since the first one. Of discrete columns the stored numbers are whole; a model of densities sees them with noise
 * that is uniform on [0, 1) on top, so that what it draws is brought back by {@link #stored}.
 */
public sealed interface ColumnKind {
    /** Real numbers. */
    record Real() implements ColumnKind {
        @Override
        public String text(double stored) {
            return plain(stored);
        }

        @Override
        public String word() {
            return "number";
        }

        @Override
        public String expected() {
            return "a number";
        }
    }

    /**
     * Real numbers above {@code -shift}, of which the logarithm of {@code x + shift} is what a model works on.
     *
     * @param shift 0 for numbers above 0
     */
    record Log(double shift) implements ColumnKind {
        @Override
        public boolean holds(double stored) {
            return stored + shift > 0;
        }

        @Override
        public double working(double stored) {
            return Math.log(stored + shift);
        }

        /** What is drawn so small that it is rounded to the end stays above it, also in float32. */
        @Override
        public double stored(double drawn) {
            return Math.max(drawn, shift == 0 ? Float.MIN_NORMAL : Math.nextUp((float) -shift));
        }

        @Override
        public String text(double stored) {
            return plain(stored);
        }

        @Override
        public String word() {
            return "log";
        }

        @Override
        public String setting() {
            return shift == 0 ? word() : "{type: log, shift: " + plain(shift) + "}";
        }

        @Override
        public String expected() {
            return "a number above " + plain(-shift + 0.0) + ", as a column of type log holds";
        }
    }

    /** Real numbers from low to high, both included. */
    record Bounded(double low, double high) implements ColumnKind {
        public Bounded {
            if (!(low < high) || Double.isInfinite(high - low)) {
                throw new IllegalArgumentException("low must be below high, were " + low + " and " + high);
            }
        }

        @Override
        public boolean holds(double stored) {
            return stored >= low && stored <= high;
        }

        @Override
        public double stored(double drawn) {
            return Math.min(high, Math.max(low, drawn));
        }

        @Override
        public String text(double stored) {
            return plain(stored);
        }

        @Override
        public String word() {
            return "bounded";
        }

        @Override
        public String setting() {
            return "{type: bounded, low: " + plain(low) + ", high: " + plain(high) + "}";
        }

        @Override
        public String expected() {
            return "a number from " + plain(low) + " to " + plain(high);
        }
    }

    /**
     * Whole numbers, such as counts, ages and grades.
     *
     * @param low the smallest that there can be; minus {@link #LARGEST} where that was not said
     * @param high the largest that there can be; {@link #LARGEST} where that was not said
     * @param seen what the training file had, beyond which nothing is drawn at an end that was not said; empty until it has been learned
     */
    record Whole(double low, double high, Optional<Seen> seen) implements ColumnKind {
        /** Beyond it float32 has no room for noise of [0, 1). */
        public static final double LARGEST = 1 << 20;

        public Whole {
            if (!(low <= high && low >= -LARGEST && high <= LARGEST)) {
                throw new IllegalArgumentException(
                        "low must be at most high, both at most " + LARGEST + " in size, were " + low + " and " + high);
            }
        }

        /** Without bounds, whose range is still to be learned. */
        public Whole() {
            this(-LARGEST, LARGEST, Optional.empty());
        }

        private boolean hasLow() {
            return low > -LARGEST;
        }

        private boolean hasHigh() {
            return high < LARGEST;
        }

        /** Whether both ends were said: then a model gives no probability to what is beyond them. */
        public boolean isBounded() {
            return hasLow() && hasHigh();
        }

        @Override
        public boolean isKnown() {
            return isBounded() || seen.isPresent();
        }

        @Override
        public boolean isDiscrete() {
            return true;
        }

        @Override
        public boolean holds(double stored) {
            return stored == Math.rint(stored) && stored >= low && stored <= high;
        }

        @Override
        public boolean isBeyondSeen(double stored) {
            return !isBounded() && ColumnKind.super.isBeyondSeen(stored);
        }

        @Override
        public double stored(double drawn) {
            double least = hasLow() ? low : seen.map(Seen::smallest).orElse(low);
            double most = hasHigh() ? high : seen.map(Seen::largest).orElse(high);
            return Math.min(most, Math.max(least, Math.floor(drawn))) + 0.0;
        }

        @Override
        public String text(double stored) {
            return plain(stored);
        }

        @Override
        public String word() {
            return "integer";
        }

        @Override
        public String setting() {
            return !hasLow() && !hasHigh()
                    ? word()
                    : "{type: integer" + (hasLow() ? ", low: " + plain(low) : "")
                            + (hasHigh() ? ", high: " + plain(high) : "") + "}";
        }

        @Override
        public String expected() {
            if (isBounded()) {
                return "a whole number from " + plain(low) + " to " + plain(high);
            }
            return "a whole number of at "
                    + (hasLow() ? "least " + plain(low) : hasHigh() ? "most " + plain(high) : "most 1,048,576 in size");
        }
    }

    /**
     * One of some words, stored as its place among them.
     *
     * @param values the most frequent first; empty until they have been learned from the training file
     */
    record Category(List<String> values) implements ColumnKind {
        /** More are hardly categories, and are kept in every run's configuration. */
        public static final int MOST = 1000;

        private static final int MOST_NAMED = 10;

        public Category {
            values = List.copyOf(values);
        }

        /** Whose words are still to be learned. */
        public Category() {
            this(List.of());
        }

        @Override
        public boolean isText() {
            return true;
        }

        @Override
        public boolean isKnown() {
            return !values.isEmpty();
        }

        @Override
        public boolean isDiscrete() {
            return true;
        }

        @Override
        public boolean holds(double stored) {
            return stored == Math.rint(stored) && stored >= 0 && stored < values.size();
        }

        @Override
        public double stored(double drawn) {
            return Math.min(values.size() - 1.0, Math.max(0, Math.floor(drawn)));
        }

        @Override
        public String text(double stored) {
            return values.get((int) stored);
        }

        @Override
        public String word() {
            return "category";
        }

        @Override
        public String expected() {
            return "one of the training data's " + values.size() + " values, "
                    + values.stream().limit(MOST_NAMED).map(Printable::item).collect(Collectors.joining(", "))
                    + (values.size() > MOST_NAMED ? ", ..." : "");
        }
    }

    /**
     * One of two words, stored as 0 and 1.
     *
     * @param no the word that is stored as 0; empty, as the other one, until they have been learned
     */
    record Truth(String no, String yes) implements ColumnKind {
        /** Whose words are still to be learned. */
        public Truth() {
            this("", "");
        }

        @Override
        public boolean isText() {
            return true;
        }

        @Override
        public boolean isKnown() {
            return !yes.isEmpty();
        }

        @Override
        public boolean isDiscrete() {
            return true;
        }

        @Override
        public boolean holds(double stored) {
            return stored == 0 || stored == 1;
        }

        @Override
        public double stored(double drawn) {
            return drawn < 1 ? 0 : 1;
        }

        @Override
        public String text(double stored) {
            return stored == 0 ? no : yes;
        }

        @Override
        public String word() {
            return "boolean";
        }

        @Override
        public String expected() {
            return no + " or " + yes;
        }
    }

    /**
     * Dates, with the time of day or without, stored as days since an origin, so that float32 tells seconds apart.
     *
     * @param format how they are written; empty until it has been learned
     * @param origin the day that is stored as 0; empty until it has been learned
     * @param seen what the training file had, beyond which nothing is drawn; empty until it has been learned
     */
    record Date(Optional<DateFormat> format, Optional<LocalDate> origin, Optional<Seen> seen) implements ColumnKind {
        /** Of which all is still to be learned. */
        public Date() {
            this(Optional.empty());
        }

        /** Of which the rest is still to be learned. */
        public Date(Optional<DateFormat> format) {
            this(format, Optional.empty(), Optional.empty());
        }

        @Override
        public boolean isText() {
            return true;
        }

        @Override
        public boolean isKnown() {
            return format.isPresent() && origin.isPresent();
        }

        /** Days without a time of day are whole. */
        @Override
        public boolean isDiscrete() {
            return !format.orElseThrow().hasTime();
        }

        @Override
        public boolean holds(double stored) {
            return Math.abs(stored) <= DateFormat.MOST_DAYS && (!isDiscrete() || stored == Math.rint(stored));
        }

        @Override
        public double stored(double drawn) {
            double least = seen.map(Seen::smallest).orElse(-DateFormat.MOST_DAYS);
            double most = seen.map(Seen::largest).orElse(DateFormat.MOST_DAYS);
            return Math.min(most, Math.max(least, isDiscrete() ? Math.floor(drawn) + 0.0 : drawn));
        }

        /** The stored number of a cell; NaN if it is no date of the format. */
        public double days(String cell) {
            return format.orElseThrow().days(cell).orElse(Double.NaN)
                    - origin.orElseThrow().toEpochDay();
        }

        /** The stored number of a date that is no text. */
        public double days(LocalDateTime utc) {
            return DateFormat.days(utc) - origin.orElseThrow().toEpochDay();
        }

        @Override
        public String text(double stored) {
            return format.orElseThrow().text(stored + origin.orElseThrow().toEpochDay());
        }

        @Override
        public String word() {
            return "date";
        }

        @Override
        public String setting() {
            return format.map(
                            known -> "{type: date, format: '" + known.pattern().replace("'", "''") + "'}")
                    .orElse(word());
        }

        @Override
        public String expected() {
            return "a date such as " + text(0) + " (" + format.orElseThrow().pattern() + ")";
        }
    }

    /** The smallest and the largest number of a file, as they are stored. */
    record Seen(double smallest, double largest) {}

    /** What the training file had, where that is kept. */
    default Optional<Seen> seen() {
        return Optional.empty();
    }

    /** Whether a model trained on what was seen has never had such a number. */
    default boolean isBeyondSeen(double stored) {
        return seen().filter(seen -> stored < seen.smallest() || stored > seen.largest())
                .isPresent();
    }

    /** Whether all that is needed to read its cells is there. */
    default boolean isKnown() {
        return true;
    }

    /** Whether the stored numbers are whole, so that they have probabilities and no density. */
    default boolean isDiscrete() {
        return false;
    }

    /** Whether its cells are words or dates, and no numbers. */
    default boolean isText() {
        return false;
    }

    /** Whether it can hold this number, which is finite. */
    default boolean holds(double stored) {
        return true;
    }

    /** What is stored where a model draws this number: of discrete columns it comes with a fraction. */
    default double stored(double drawn) {
        return drawn;
    }

    /** What a model standardises of a stored number. */
    default double working(double stored) {
        return stored;
    }

    /** A stored number as a cell of a file. */
    String text(double stored);

    /** The word for it in a configuration. */
    String word();

    /** What a configuration says to have it: {@link #word}, or a mapping in YAML's short form. */
    default String setting() {
        return word();
    }

    /** What a cell should have been, for a message. */
    String expected();

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%.0f", value)
                : Double.toString(value);
    }
}
