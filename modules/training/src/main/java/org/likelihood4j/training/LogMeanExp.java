package org.likelihood4j.training;

/** {@code log (1/n sum of exp(x_i))} of a stream, without overflow: {@code m + log(sum of exp(x_i - m)) - log n}. */
final class LogMeanExp {
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;
    private long count;

    static LogMeanExp[] array(int length) {
        LogMeanExp[] array = new LogMeanExp[length];
        for (int i = 0; i < length; i++) {
            array[i] = new LogMeanExp();
        }
        return array;
    }

    void add(double x) {
        count++;
        if (x <= max) {
            // Equal infinities have no difference.
            sum += x == max ? 1 : Math.exp(x - max);
        } else {
            // NaN comes here too, and stays.
            sum = max == Double.NEGATIVE_INFINITY ? 1 : sum * Math.exp(max - x) + 1;
            max = Double.isNaN(max) ? max : x;
        }
    }

    double value() {
        return max + Math.log(sum) - Math.log((double) count);
    }
}
