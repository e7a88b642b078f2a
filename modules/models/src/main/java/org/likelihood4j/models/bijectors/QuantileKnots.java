package org.likelihood4j.models.bijectors;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The knots of a column's way to a normal one: some of its numbers x, for each the normal quantile y of the share of numbers below it (of equal ones half), and
 * the slope there, a harmonic mean of those to both sides (Fritsch and Butland 1984), which keeps the spline monotone and smooth.
 *
 * <p>They are evenly apart in y, and fewer where there are few rows: so that none says more than {@value #ROWS} rows do. The missing ones lie on the straight
 * line beyond the last.
 *
 * @param knots x, rising
 * @param scores y, rising
 * @param slopes dy/dx, above 0
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record QuantileKnots(double[] knots, double[] scores, double[] slopes) {
    /** How many there are. */
    static final int COUNT = 32;

    /** For each knot. */
    private static final int ROWS = 20;
    /** Beyond the outermost knots: by fewer the straight line's slope would hardly be known. */
    private static final int ROWS_BEYOND = 4;
    /** Of float32's 6e-8 a bin leaves some steps. */
    private static final double SMALLEST_GAP = 1e-6;

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /** Of numbers in rising order, at least one. */
    static QuantileKnots of(double... sorted) {
        List<Knot> chosen = chosen(sorted);
        if (chosen.size() < 2) {
            return constant(sorted[0]);
        }
        double[] x = new double[COUNT];
        double[] y = new double[COUNT];
        for (int k = 0; k < chosen.size(); k++) {
            x[k] = chosen.get(k).x();
            y[k] = chosen.get(k).y();
        }
        double[] slopes = new double[COUNT];
        int last = chosen.size() - 1;
        for (int k = 0; k <= last; k++) {
            slopes[k] = slope(x, y, k, last);
        }
        for (int k = last + 1; k < COUNT; k++) {
            x[k] = x[k - 1] + (x[last] - x[last - 1]);
            y[k] = y[k - 1] + (y[last] - y[last - 1]);
            slopes[k] = slopes[last];
        }
        return new QuantileKnots(x, y, slopes);
    }

    /** A column that does not vary, which is only moved. */
    private static QuantileKnots constant(double value) {
        double[] x = new double[COUNT];
        double[] y = new double[COUNT];
        double[] slopes = new double[COUNT];
        double step = Math.max(1, Math.abs(value));
        for (int k = 0; k < COUNT; k++) {
            y[k] = k - (COUNT - 1) / 2.0;
            x[k] = value + step * y[k];
            slopes[k] = 1 / step;
        }
        return new QuantileKnots(x, y, slopes);
    }

    private record Knot(double x, double y) {}

    private static List<Knot> chosen(double... sorted) {
        int n = sorted.length;
        int count = Math.max(2, Math.min(COUNT, n / ROWS));
        double beyond = Math.min(ROWS_BEYOND, n / 4.0);
        double first = score((beyond + 0.5) / n);
        List<Knot> chosen = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            double wanted = first * (1 - 2.0 * k / (count - 1));
            double share = NORMAL.cumulativeProbability(wanted);
            Knot knot = knot(sorted, (int) Math.min(n - 1, Math.floor(share * n)));
            Knot before = chosen.isEmpty() ? null : chosen.get(chosen.size() - 1);
            if (before == null || isApart(before.x(), knot.x())) {
                chosen.add(knot);
            }
        }
        return chosen;
    }

    private static boolean isApart(double x, double next) {
        return next - x > SMALLEST_GAP * Math.max(Math.abs(x), Math.abs(next)) && next - x > Float.MIN_NORMAL;
    }

    /** The number at a place of the order, and of those equal to it the middle one's score. */
    private static Knot knot(double[] sorted, int place) {
        double x = sorted[place];
        int from = place;
        while (from > 0 && sorted[from - 1] == x) {
            from--;
        }
        int to = place;
        while (to < sorted.length - 1 && sorted[to + 1] == x) {
            to++;
        }
        return new Knot(x, score((from + to + 1) / (2.0 * sorted.length)));
    }

    private static double slope(double[] x, double[] y, int k, int last) {
        if (k == 0 || k == last) {
            int left = Math.min(k, last - 1);
            return (y[left + 1] - y[left]) / (x[left + 1] - x[left]);
        }
        double before = x[k] - x[k - 1];
        double after = x[k + 1] - x[k];
        // Weights of the secants, the nearer one's being the larger.
        double w1 = 2 * after + before;
        double w2 = after + 2 * before;
        return (w1 + w2) / (w1 * before / (y[k] - y[k - 1]) + w2 * after / (y[k + 1] - y[k]));
    }

    private static double score(double share) {
        return NORMAL.inverseCumulativeProbability(share);
    }
}
