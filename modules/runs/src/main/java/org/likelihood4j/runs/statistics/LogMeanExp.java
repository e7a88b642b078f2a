package org.likelihood4j.runs.statistics;

/**
 * {@code log (1/n sum of w_i)}, {@code w_i = exp(x_i)}, of a stream, without overflow: {@code m + log(sum of exp(x_i - m)) - log n};
 * and how far it is to be trusted.
 */
public final class LogMeanExp {
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;
    /** Of exp(2 (x_i - m)). */
    private double squares;

    private final Moments logs = new Moments();
    private long count;

    public static LogMeanExp[] array(int length) {
        LogMeanExp[] array = new LogMeanExp[length];
        for (int i = 0; i < length; i++) {
            array[i] = new LogMeanExp();
        }
        return array;
    }

    public void add(double x) {
        count++;
        logs.add(x);
        if (x <= max) {
            // Equal infinities have no difference.
            double weight = x == max ? 1 : Math.exp(x - max);
            sum += weight;
            squares += weight * weight;
        } else {
            // NaN comes here too, and stays.
            double scale = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(max - x);
            sum = sum * scale + 1;
            squares = squares * scale * scale + 1;
            max = Double.isNaN(max) ? max : x;
        }
    }

    public double value() {
        return max + Math.log(sum) - Math.log((double) count);
    }

    /**
     * The standard error of {@link #value} to first order (delta method): that of the mean weight, divided by the mean weight,
     * {@code sqrt(sum of (w_i/wbar - 1)^2 / (n (n - 1)))}. NaN for fewer than two values.
     */
    public double standardError() {
        double n = count;
        // Of equal weights, rounding could leave less than nothing.
        return count < 2 ? Double.NaN : Math.sqrt(Math.max(0, n * squares / (sum * sum) - 1) / (n - 1));
    }

    /** Of the x_i themselves, whose mean is at most {@link #value}. */
    public Moments logs() {
        return logs;
    }

    /** {@code (sum of w_i)^2 / sum of w_i^2}, between 1 and n: how many equal weights would be as good. */
    public double effectiveCount() {
        return sum * sum / squares;
    }
}
