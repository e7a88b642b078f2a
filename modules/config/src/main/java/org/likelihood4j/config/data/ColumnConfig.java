package org.likelihood4j.config.data;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;

/** What a column of a table holds that is not taken as the real numbers that stand there. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ColumnConfig.Log.class, name = "log"),
    @JsonSubTypes.Type(value = ColumnConfig.Bounded.class, name = "bounded"),
    @JsonSubTypes.Type(value = ColumnConfig.Whole.class, name = "integer"),
    @JsonSubTypes.Type(value = ColumnConfig.Category.class, name = "category"),
    @JsonSubTypes.Type(value = ColumnConfig.Truth.class, name = "boolean"),
    @JsonSubTypes.Type(value = ColumnConfig.Date.class, name = "date"),
    @JsonSubTypes.Type(value = ColumnConfig.Id.class, name = "id")
})
public sealed interface ColumnConfig {
    /** Of the column. */
    String name();

    /**
     * Numbers of which the logarithm is learned.
     *
     * @param name of the column; required
     * @param shift what is added before the logarithm is taken; all numbers must be above -shift; default 0
     */
    record Log(String name, Double shift) implements ColumnConfig {
        /** Fills in the default and checks. */
        public Log {
            name = named(name);
            shift = Check.or(shift, 0.0);
            Check.require(Math.abs(shift) <= LARGEST, "shift", "must be a number of at most 1e30 in size", shift);
        }
    }

    /**
     * Numbers between two bounds, of which the logit is learned.
     *
     * @param name of the column; required
     * @param low the smallest number; default 0
     * @param high the largest number, above low; default 1
     */
    record Bounded(String name, Double low, Double high) implements ColumnConfig {
        /** Fills in the defaults and checks. */
        public Bounded {
            name = named(name);
            low = Check.or(low, 0.0);
            high = Check.or(high, 1.0);
            Check.require(
                    low < high && Math.abs(low) <= LARGEST && Math.abs(high) <= LARGEST,
                    "high",
                    "must be above low (" + low + "), both at most 1e30 in size",
                    high);
        }
    }

    /**
     * Whole numbers up to 1,048,576 in size, which have probabilities and no density.
     *
     * @param name of the column; required
     * @param low the smallest number that there can be; {@code null} where there is no such bound
     * @param high the largest number that there can be, at least low; {@code null} where there is no such bound
     * @param smallest of the file, below which nothing is sampled where there is no low; {@code null} until the file has been read
     * @param largest of the file, above which nothing is sampled where there is no high; {@code null} until the file has been read
     */
    record Whole(String name, Integer low, Integer high, Integer smallest, Integer largest) implements ColumnConfig {
        /** Checks. */
        public Whole {
            name = named(name);
            checkSize("low", low);
            checkSize("high", high);
            checkSize("smallest", smallest);
            checkSize("largest", largest);
            Check.require(
                    low == null || high == null || low <= high, "high", "must be at least low (" + low + ")", high);
            checkSeen(smallest, largest);
        }

        private static void checkSize(String key, Integer number) {
            Check.within(-LARGEST_WHOLE, LARGEST_WHOLE, key, number, 0);
        }
    }

    /**
     * Words, each a category: dequantised as their places in the list.
     *
     * @param name of the column; required
     * @param values the words, at most 1,000; {@code null} until the file has been read, then the most frequent first
     */
    record Category(String name, List<String> values) implements ColumnConfig {
        /** Checks. */
        public Category {
            name = named(name);
            if (values != null) {
                Check.require(
                        !values.isEmpty() && values.size() <= MOST_VALUES,
                        "values",
                        "must be 1 to " + MOST_VALUES,
                        values.size());
                Check.require(
                        values.stream().distinct().count() == values.size(), "values", "must all be different", values);
                values = List.copyOf(values);
            }
        }
    }

    /**
     * One of two words.
     *
     * @param name of the column; required
     * @param no the word that is stored as 0; {@code null} until the file has been read
     * @param yes the other one; {@code null} until the file has been read
     */
    record Truth(String name, String no, String yes) implements ColumnConfig {
        /** Checks. */
        public Truth {
            name = named(name);
            Check.require((no == null) == (yes == null), "yes", "must be given with no, or not at all", yes);
            Check.require(yes == null || !yes.equals(no), "yes", "must not be the same as no", yes);
        }
    }

    /**
     * Dates, with a time of day or without; learned as days.
     *
     * @param name of the column; required
     * @param format how they are written, such as uuuu-MM-dd HH:mm; {@code null} for what the file has
     * @param origin the day that is stored as 0, such as 2024-01-31; {@code null} until the file has been read
     * @param smallest the first date of the file, in days after origin, before which nothing is sampled; {@code null} until the file has been read
     * @param largest the last date of the file, in days after origin, after which nothing is sampled; {@code null} until the file has been read
     */
    record Date(String name, String format, String origin, Double smallest, Double largest) implements ColumnConfig {
        /** Checks. */
        public Date {
            name = named(name);
            Check.require(
                    origin == null || origin.matches("[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}"),
                    "origin",
                    "must be a day such as 2024-01-31",
                    origin);
            checkSeen(smallest, largest);
        }
    }

    /**
     * What rows are called by: not learned; {@code score} writes it beside the scores.
     *
     * @param name of the column; required
     */
    record Id(String name) implements ColumnConfig {
        /** Checks. */
        public Id {
            name = named(name);
        }
    }

    /** What models compute with. */
    double LARGEST = 1e30;

    /** What float32 has room for noise beside. */
    int LARGEST_WHOLE = 1 << 20;

    /** Of a category. */
    int MOST_VALUES = 1000;

    private static <T extends Comparable<T>> void checkSeen(T smallest, T largest) {
        Check.require(
                (smallest == null) == (largest == null),
                "largest",
                "must be given with smallest, or not at all",
                largest);
        Check.require(
                smallest == null || smallest.compareTo(largest) <= 0,
                "largest",
                "must be at least smallest (" + smallest + ")",
                largest);
    }

    private static String named(String name) {
        if (name == null || name.isEmpty()) {
            throw new ConfigException("name", "required, but missing");
        }
        return name;
    }
}
