package org.likelihood4j.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A flow's log-likelihood and its terms, in nats, as bits/dim: {@code -term/(D ln 2)}. D follows from the term of the
 * dequantisation, {@code -D ln 256}, which is the same for every image.
 */
final class Bits {
    /** The sum of the terms. */
    static final String TOTAL = "total";

    private static final String LIKELIHOOD = "log_likelihood";
    private static final String DEQUANTIZATION = "dequantization";
    private static final double LEVELS = 256;

    private Bits() {}

    /** The total and each term; empty if these are not a flow's metrics. */
    static Map<String, Double> of(Map<String, Double> nats) {
        double dimensions = Math.rint(-nats.getOrDefault(DEQUANTIZATION, Double.NaN) / Math.log(LEVELS));
        if (!(dimensions >= 1) || !nats.containsKey(LIKELIHOOD)) {
            return Map.of();
        }
        double unit = -dimensions * Math.log(2);
        Map<String, Double> bits = new LinkedHashMap<>();
        nats.forEach((name, value) -> {
            if (name.equals(LIKELIHOOD)) {
                bits.put(TOTAL, value / unit);
            } else if (!name.equals("loss") && !name.equals("weighted_loss")) {
                bits.put(name, value / unit);
            }
        });
        return bits;
    }
}
