package org.likelihood4j.training.checks;

import java.util.Arrays;

/**
 * How often a column repeats its values. A density gives no single value a probability above 0, so that draws from one never repeat
 * but for rounding; where values repeat, a density can grow on them without end.
 *
 * @param rows that were looked at
 * @param different values among them
 * @param top the most frequent value
 * @param topRows how many rows have it
 * @param repeated rows whose value another one has too
 * @param agreement the probability that two rows, drawn with replacement, have one value
 */
record ColumnTies(int rows, int different, double top, int topRows, int repeated, double agreement) {
    /** A flow finds so few values; of rounded numbers there are more. */
    private static final int FEW = 10;

    private static final int ROWS_PER_VALUE = 5;
    private static final double MOST_SHARE = 0.25;
    private static final int LEAST_ROWS = 10;

    /** More values than these lie closer together than a flow tells apart. */
    private static final int MANY = 200;

    private static final double NOTABLE_SHARE = 0.05;
    private static final int NOTABLE_TIMES = 5;

    /** @param values of the column; they are sorted */
    static ColumnTies of(double[] values) {
        Arrays.sort(values);
        int different = 0;
        int repeated = 0;
        int topRows = 0;
        double top = Double.NaN;
        double agreement = 0;
        for (int i = 0, next; i < values.length; i = next) {
            next = i + 1;
            // Compared as numbers: 0 and -0 are one value, though sorting tells them apart.
            while (next < values.length && values[next] == values[i]) {
                next++;
            }
            different++;
            double share = (double) (next - i) / values.length;
            agreement += share * share;
            repeated += next - i > 1 ? next - i : 0;
            if (next - i > topRows) {
                topRows = next - i;
                top = values[i];
            }
        }
        return new ColumnTies(values.length, different, top, topRows, repeated, agreement);
    }

    double topShare() {
        return (double) topRows / rows;
    }

    /** Whether there is no density for sure: no more than ten values, each many times, or one value in a quarter of the rows. */
    boolean hasNoDensity() {
        return (different <= FEW && rows >= ROWS_PER_VALUE * different)
                || (topShare() >= MOST_SHARE && topRows >= LEAST_ROWS);
    }

    /** Whether a density is doubtful: most rows repeat one of a few values, or one value stands out. */
    boolean isNotable() {
        double usual = (double) rows / different;
        return (2 * repeated >= rows && different <= MANY)
                || (topShare() >= NOTABLE_SHARE && topRows >= LEAST_ROWS && topRows >= NOTABLE_TIMES * usual);
    }
}
