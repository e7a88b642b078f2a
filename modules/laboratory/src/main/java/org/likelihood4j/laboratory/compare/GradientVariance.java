package org.likelihood4j.laboratory.compare;

import java.io.IOException;
import java.nio.file.Files;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.SmallFiles;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.metrics.MetricsEvent;
import org.likelihood4j.runs.metrics.MetricsKeys;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The variance of a loss's gradient with respect to the posterior's mean and deviation, as a run has measured it for the
 * estimator that it trained with.
 *
 * @param estimator of the KL
 */
public record GradientVariance(String estimator, double mu, double sigma) {
    private static final int MOST_LINE_BYTES = 1 << 24;

    /**
     * The last one that a run's metrics have.
     *
     * @return {@code null} where there is none
     * @throws RunException if the metrics cannot be read
     */
    public static GradientVariance last(RunDirectory run) {
        if (!Files.exists(run.metrics())) {
            return null;
        }
        GradientVariance last = null;
        int number = 0;
        try (SmallFiles.Lines lines = SmallFiles.lines(run.metrics(), MOST_LINE_BYTES)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                number++;
                GradientVariance found = of(JsonFiles.LINE.readTree(line));
                last = found == null ? last : found;
            }
        } catch (IOException e) {
            throw new RunException(run.metrics() + ": cannot be read (" + IoReasons.of(e) + ")", e);
        } catch (JacksonException e) {
            throw new RunException(run.metrics() + ":" + number + ": not JSON", e);
        }
        return last;
    }

    private static GradientVariance of(JsonNode line) {
        JsonNode gradients = line.path(MetricsKeys.GRADIENTS);
        JsonNode estimator = gradients.path(MetricsKeys.ESTIMATOR);
        if (!MetricsEvent.Kind.EPOCH.is(line) || !estimator.isString()) {
            return null;
        }
        JsonNode loss = gradients.path(MetricsKeys.LOSS).path(estimator.stringValue());
        JsonNode mu = loss.path(MetricsKeys.MU).path(MetricsKeys.VARIANCE);
        JsonNode sigma = loss.path(MetricsKeys.SIGMA).path(MetricsKeys.VARIANCE);
        return mu.isNumber() && sigma.isNumber()
                ? new GradientVariance(estimator.stringValue(), mu.doubleValue(), sigma.doubleValue())
                : null;
    }
}
