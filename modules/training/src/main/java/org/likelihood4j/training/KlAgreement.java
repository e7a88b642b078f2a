package org.likelihood4j.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the sampled KL agrees with the analytic one, at the same posteriors and the same z: their expectations over z are
 * equal, so the mean of the per-example differences is 0 but for its standard error.
 *
 * @param examples how many differences
 * @param analytic mean over examples, nats
 * @param sampled mean over examples, nats
 * @param difference mean of sampled - analytic, nats
 * @param standardError of that mean, over examples and their draws
 */
public record KlAgreement(long examples, double analytic, double sampled, double difference, double standardError) {
    /** Standard errors beyond which chance is no explanation: about 1 in 1.7 million. */
    public static final double LIMIT = 5;

    /** {@code difference / standardError}: N(0, 1) where the two agree; 0 where every difference is 0. */
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

    /** Whether the difference is more than chance, which one example alone cannot tell. */
    public boolean disagrees() {
        return examples > 1 && !(Math.abs(z()) <= LIMIT);
    }

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("examples", examples);
        values.put("analytic", finiteOrNull(analytic));
        values.put("sampled", finiteOrNull(sampled));
        values.put("difference", finiteOrNull(difference));
        values.put("standard_error", finiteOrNull(standardError));
        values.put("z", finiteOrNull(z()));
        values.put("detectable_bias", finiteOrNull(detectableBias()));
        return values;
    }

    private static Double finiteOrNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Collects examples. */
    static final class Sum {
        private final Moments analytic = new Moments();
        private final Moments sampled = new Moments();
        private final Moments differences = new Moments();

        void add(double[] analyticKl, double[] sampledKl) {
            for (int i = 0; i < analyticKl.length; i++) {
                analytic.add(analyticKl[i]);
                sampled.add(sampledKl[i]);
                differences.add(sampledKl[i] - analyticKl[i]);
            }
        }

        void add(Sum other) {
            analytic.add(other.analytic);
            sampled.add(other.sampled);
            differences.add(other.differences);
        }

        /** All three, live. */
        List<Moments> moments() {
            return List.of(analytic, sampled, differences);
        }

        KlAgreement result() {
            return new KlAgreement(
                    differences.count(),
                    analytic.mean(),
                    sampled.mean(),
                    differences.mean(),
                    differences.standardError());
        }
    }
}
