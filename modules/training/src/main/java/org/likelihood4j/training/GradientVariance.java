package org.likelihood4j.training;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The variance of a loss's gradient with respect to the posterior's mean and deviation, as a run has measured it for the
 * estimator that it trained with.
 *
 * @param estimator of the KL
 */
public record GradientVariance(String estimator, double mu, double sigma) {
    /**
     * The last one that a run's metrics have.
     *
     * @return {@code null} where there is none
     * @throws TrainingException if the metrics cannot be read
     */
    static GradientVariance last(RunDirectory run) {
        List<String> lines;
        try {
            lines = Files.exists(run.metrics()) ? Files.readAllLines(run.metrics()) : List.of();
        } catch (IOException e) {
            throw new TrainingException(run.metrics() + ": cannot be read (" + RunDirectory.reason(e) + ")", e);
        }
        for (int i = lines.size() - 1; i >= 0; i--) {
            GradientVariance found;
            try {
                found = of(Json.LINE.readTree(lines.get(i)));
            } catch (JacksonException e) {
                throw new TrainingException(run.metrics() + ":" + (i + 1) + ": not JSON", e);
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static GradientVariance of(JsonNode line) {
        JsonNode gradients = line.path("gradients");
        JsonNode estimator = gradients.path("estimator");
        if (!line.path("event").asString("").equals("epoch") || !estimator.isString()) {
            return null;
        }
        JsonNode loss = gradients.path("loss").path(estimator.stringValue());
        JsonNode mu = loss.path("mu").path("variance");
        JsonNode sigma = loss.path("sigma").path("variance");
        return mu.isNumber() && sigma.isNumber()
                ? new GradientVariance(estimator.stringValue(), mu.doubleValue(), sigma.doubleValue())
                : null;
    }
}
