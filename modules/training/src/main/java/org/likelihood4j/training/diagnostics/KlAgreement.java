package org.likelihood4j.training.diagnostics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.runs.metrics.MetricsKeys;
import org.likelihood4j.runs.statistics.Moments;

/**
 * Whether the sampled KL agrees with the analytic one, at the same posteriors: their expectations over z are equal, so the mean of
 * the per-example differences is 0 but for its standard error. That is no estimate: the variance of each difference over z is
 * known from its posterior, {@code sum over j of 1/2 (sigma^2 - 1)^2 + mu^2 sigma^2} divided by the number of draws, so that z has
 * the variance 1 for any number of examples.
 *
 * @param examples how many differences
 * @param analytic mean over examples, nats
 * @param sampled mean over examples, nats
 * @param difference mean of sampled - analytic, nats
 * @param standardError of that mean over z, and what rounding may add to it
 */
public record KlAgreement(long examples, double analytic, double sampled, double difference, double standardError) {
    /** Standard errors beyond which chance is no explanation: about 1 in 1.7 million for many examples. */
    public static final double LIMIT = 5;

    /**
     * Differences below which the tails are too far from a normal's for {@link #LIMIT}, since each is mostly of chi-squared terms: of
     * so many by one latent dimension, the worst case, 1 in 74,000 is beyond it. docs/kl-laboratory.md has the table.
     */
    public static final long FEWEST = 100;

    /** Of float32, relative to the KLs: it is the same in all examples, so that no mean makes it smaller. */
    private static final double ROUNDING = 0x1p-20;

    /** {@code difference / standardError}: mean 0 and variance 1 where the two agree. */
    public double z() {
        return difference == 0 ? 0 : difference / standardError;
    }

    /**
     * The smallest bias that shows, nats: {@value #LIMIT} standard errors. One of this size is found in every second
     * comparison, one of 7 standard errors in 98 of 100.
     */
    public double detectableBias() {
        return LIMIT * standardError;
    }

    /** Whether there are enough examples for an alarm. */
    public boolean isJudged() {
        return examples >= FEWEST;
    }

    /** Whether the difference is more than chance, or no number; few examples alone cannot tell. */
    public boolean disagrees() {
        return examples > 0 && (isJudged() ? !(Math.abs(z()) <= LIMIT) : Double.isNaN(z()));
    }

    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(MetricsKeys.EXAMPLES, examples);
        values.put(MetricsKeys.ANALYTIC, finiteOrNull(analytic));
        values.put(MetricsKeys.SAMPLED, finiteOrNull(sampled));
        values.put(MetricsKeys.DIFFERENCE, finiteOrNull(difference));
        values.put(MetricsKeys.STANDARD_ERROR, finiteOrNull(standardError));
        values.put(MetricsKeys.Z, finiteOrNull(z()));
        values.put(MetricsKeys.DETECTABLE_BIAS, isJudged() ? finiteOrNull(detectableBias()) : null);
        return values;
    }

    private static Double finiteOrNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Collects examples. */
    public static final class Sum {
        private final Moments analytic = new Moments();
        private final Moments sampled = new Moments();
        private final Moments differences = new Moments();
        private final Moments variances = new Moments();

        /**
         * Takes in the KLs of some examples, nats.
         *
         * @param variance of each sampled KL over z, nats^2
         */
        public void add(double[] analyticKl, double[] sampledKl, double[] variance) {
            for (int i = 0; i < analyticKl.length; i++) {
                analytic.add(analyticKl[i]);
                sampled.add(sampledKl[i]);
                differences.add(sampledKl[i] - analyticKl[i]);
                variances.add(variance[i]);
            }
        }

        public void add(Sum other) {
            analytic.add(other.analytic);
            sampled.add(other.sampled);
            differences.add(other.differences);
            variances.add(other.variances);
        }

        /** All four, live. */
        List<Moments> moments() {
            return List.of(analytic, sampled, differences, variances);
        }

        public List<Moments.Snapshot> snapshot() {
            return moments().stream().map(Moments::snapshot).toList();
        }

        /**
         * The sum that a snapshot was taken of.
         *
         * @throws IllegalArgumentException if that is no such snapshot; it may be a file's
         */
        public static Sum of(List<Moments.Snapshot> snapshot) {
            Sum sum = new Sum();
            if (snapshot.size() != sum.moments().size()) {
                throw new IllegalArgumentException(
                        "two KLs have " + sum.moments().size() + " running means, not " + snapshot.size());
            }
            for (int i = 0; i < snapshot.size(); i++) {
                sum.moments().get(i).restore(snapshot.get(i));
            }
            return sum;
        }

        public KlAgreement result() {
            double byChance = Math.sqrt(variances.mean() / (double) variances.count());
            double byRounding = ROUNDING * (1 + Math.abs(analytic.mean()));
            return new KlAgreement(
                    differences.count(),
                    analytic.mean(),
                    sampled.mean(),
                    differences.mean(),
                    Math.hypot(byChance, byRounding));
        }
    }
}
