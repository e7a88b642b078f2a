package org.likelihood4j.inference.alarm;

import java.util.Arrays;
import java.util.List;
import org.likelihood4j.runs.statistics.LogMeanExp;

/**
 * Which parts of an example make it unlikely, by what held-out values in their place would make of it:
 *
 * <pre>
 * s_j(x) = log 1/K sum_k p(x with v_jk in the place of x_j) - log p(x),   v_jk: part j of K held-out examples
 * </pre>
 *
 * <p>The first term is the density that x has with an ordinary j, given all else that it is: of x drawn from independent parts it is the
 * marginal of the rest, and s_j = log E[p_j(v)] - log p_j(x_j); of dependent ones s_j is large where x_j does not fit the others, however ordinary
 * it is by itself. It is invariant to the units of x, so that parts can be compared, and 0 or less for a part that is as likely as what is put in its place. It
 * is no division of log p(x): what two parts do together is seen in both. Marginal values in the place of a conditional's (as by
 * Štrumbelj and Kononenko 2014) make examples that are no data, where a model may be wrong; the mean of densities, and not of logs, keeps those
 * from counting. The terms of an autoregressive model's chain rule, which add up, depend on the order of the parts instead, and a stack of
 * such layers has no single one.
 *
 * <p>Densities that are estimated by draws of noise are the mean over the K draws, of x itself as well, which is taken K times.
 */
final class Attribution {
    /** Of K examples at once, of which number k has the noise k, whatever it is. */
    @FunctionalInterface
    interface LogDensity {
        /** Nats; minus infinity, or no number, for what overflows. */
        double[] of(double[][] examples);
    }

    private final LogDensity density;
    private final double[][] reference;
    private final List<int[]> parts;

    /**
     * @param reference values of K held-out examples
     * @param parts the places of each part's values in an example
     */
    Attribution(LogDensity density, double[][] reference, List<int[]> parts) {
        this.density = density;
        this.reference = reference;
        this.parts = parts;
    }

    /**
     * s of each part, nats; infinite where only values in its place have a density that does not overflow, 0 where that is not so either, and of a part that is missing.
     */
    double[] of(double[] example) {
        double[][] copies = new double[reference.length][];
        Arrays.fill(copies, example);
        double own = logMean(copies);
        return parts.stream()
                .mapToDouble(part -> {
                    // Its value in an example would be a term more.
                    if (Double.isNaN(example[part[0]])) {
                        return 0;
                    }
                    double[][] changed = new double[reference.length][];
                    for (int k = 0; k < changed.length; k++) {
                        changed[k] = example.clone();
                        for (int place : part) {
                            changed[k][place] = reference[k][place];
                        }
                    }
                    double other = logMean(changed);
                    return other == own ? 0 : other - own;
                })
                .toArray();
    }

    private double logMean(double[][] examples) {
        LogMeanExp mean = new LogMeanExp();
        for (double nats : density.of(examples)) {
            mean.add(Double.isFinite(nats) ? nats : Double.NEGATIVE_INFINITY);
        }
        double value = mean.value();
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
    }
}
