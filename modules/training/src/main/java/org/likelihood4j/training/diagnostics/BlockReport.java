package org.likelihood4j.training.diagnostics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.Block;
import org.likelihood4j.runs.metrics.MetricsKeys;

/**
 * What one step tells of a {@link Block} of the model: where a divergence comes from shows here first.
 *
 * @param name the block's path, such as {@code coupling0} or {@code encoder}
 * @param gradientNorm 2-norm of the gradient of its parameters before clipping; the squares of all blocks add up to that of the
 *     whole gradient's norm
 * @param logScale of a coupling block G(x2), over the examples and the transformed half; else {@code null}
 * @param conditioningLogScale of a coupling block s, over the conditioning half; else {@code null}
 */
public record BlockReport(String name, double gradientNorm, LogScale logScale, LogScale conditioningLogScale) {
    /**
     * Log-scales a, bounded by c (nats): a column is scaled by exp(a).
     *
     * @param mean of a
     * @param rms {@code sqrt(mean of a^2)}
     * @param maxAbs greatest |a|
     * @param saturated the share with {@code |a| > 0.99 c}, where the bound {@code a = c tanh(r/c)} lets less than 2% of the
     *     gradient through
     */
    public record LogScale(double mean, double rms, double maxAbs, double saturated) {
        private static final double NEAR_BOUND = 0.99;

        static LogScale of(double[] values, double bound) {
            double sum = 0;
            double squares = 0;
            double largest = 0;
            int near = 0;
            for (double value : values) {
                double size = Math.abs(value);
                sum += value;
                squares += value * value;
                largest = Math.max(largest, size);
                near += size > NEAR_BOUND * bound ? 1 : 0;
            }
            int n = values.length;
            return new LogScale(sum / n, Math.sqrt(squares / n), largest, (double) near / n);
        }

        private Map<String, Object> values() {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("mean", mean);
            values.put("rms", rms);
            values.put("max_abs", maxAbs);
            values.put("saturated", saturated);
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
        if (logScale != null) {
            values.put(MetricsKeys.LOG_SCALE, logScale.values());
            values.put(MetricsKeys.CONDITIONING_LOG_SCALE, conditioningLogScale.values());
        }
        return values;
    }
}
