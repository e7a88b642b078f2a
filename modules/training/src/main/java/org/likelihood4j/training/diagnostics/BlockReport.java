package org.likelihood4j.training.diagnostics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.PartReport;
import org.likelihood4j.runs.metrics.MetricsKeys;

/**
 * What one step tells of a {@link ModelPart} of the model: where a divergence comes from shows here
 * first.
 *
 * @param name the block's path, such as {@code coupling0} or {@code encoder}
 * @param gradientNorm 2-norm of the gradient of its parameters before clipping; the squares of all
 *     blocks add up to that of the whole gradient's norm
 * @param quantities what it is reported by, by the names of its {@link PartReport}s, over all of
 *     the batch's values of it
 */
public record BlockReport(String name, double gradientNorm, Map<String, Spread> quantities) {
    public BlockReport {
        quantities = Collections.unmodifiableMap(new LinkedHashMap<>(quantities));
    }

    /**
     * How the values a of a quantity are spread; of log-scales, by which a column is scaled as
     * exp(a), in nats.
     *
     * @param mean of a
     * @param rms {@code sqrt(mean of a^2)}
     * @param maxAbs greatest |a|
     * @param saturated of a bounded quantity the share with {@code |a| > 0.99 c}, where the bound
     *     {@code a = c tanh(r/c)} lets less than 2% of the gradient through
     */
    public record Spread(double mean, double rms, double maxAbs, OptionalDouble saturated) {
        private static final double NEAR_BOUND = 0.99;

        static Spread of(double[] values, OptionalDouble bound) {
            double limit = NEAR_BOUND * bound.orElse(Double.POSITIVE_INFINITY);
            double sum = 0;
            double squares = 0;
            double largest = 0;
            int near = 0;
            for (double value : values) {
                double size = Math.abs(value);
                sum += value;
                squares += value * value;
                largest = Math.max(largest, size);
                near += size > limit ? 1 : 0;
            }
            int n = values.length;
            OptionalDouble saturated =
                    bound.isPresent() ? OptionalDouble.of((double) near / n) : OptionalDouble.empty();
            return new Spread(sum / n, Math.sqrt(squares / n), largest, saturated);
        }

        private Map<String, Object> values() {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("mean", mean);
            values.put("rms", rms);
            values.put("max_abs", maxAbs);
            saturated.ifPresent(share -> values.put("saturated", share));
            return values;
        }
    }

    public static List<Map<String, Object>> values(List<BlockReport> blocks) {
        return blocks.stream().map(BlockReport::values).toList();
    }

    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(MetricsKeys.NAME, name);
        values.put(MetricsKeys.GRADIENT_NORM, gradientNorm);
        quantities.forEach((quantity, spread) -> values.put(quantity, spread.values()));
        return values;
    }
}
