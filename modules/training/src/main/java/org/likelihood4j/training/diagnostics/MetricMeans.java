package org.likelihood4j.training.diagnostics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.Metric;
import org.likelihood4j.runs.statistics.Moments;

/** Means of the per-example metrics of a model over any number of batches, with the loss that they imply. */
final class MetricMeans {
    private final List<Metric> metrics;
    private final Moments[] moments;

    MetricMeans(List<Metric> metrics) {
        this.metrics = metrics;
        this.moments = new Moments[metrics.size()];
        for (int i = 0; i < moments.length; i++) {
            moments[i] = new Moments();
        }
    }

    /** @param values for each metric its per-example values */
    void add(List<double[]> values) {
        for (int i = 0; i < moments.length; i++) {
            for (double value : values.get(i)) {
                moments[i].add(value);
            }
        }
    }

    /** Of each metric, live. */
    List<Moments> moments() {
        return List.of(moments);
    }

    /** @param other of the same metrics */
    void add(MetricMeans other) {
        for (int i = 0; i < moments.length; i++) {
            moments[i].add(other.moments[i]);
        }
    }

    /** {@code loss} (minus the mean of the first metric), then each metric by name. */
    Map<String, Double> means() {
        Map<String, Double> means = new LinkedHashMap<>();
        means.put("loss", -moments[0].mean());
        for (int i = 0; i < moments.length; i++) {
            means.put(metrics.get(i).name(), moments[i].mean());
        }
        return means;
    }
}
