package org.likelihood4j.training.diagnostics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.runs.metrics.MetricsKeys;

/**
 * How the estimators of the KL differ as gradients, over the posterior draws of fixed images: with respect to the posterior's
 * mean mu and standard deviation sigma of each image, from the graph's own backward pass.
 *
 * @param images M
 * @param draws R of each image's posterior, the same for all estimators
 * @param estimator the one that the training uses; empty if it minimises something else than this loss
 * @param reference what the differences are from: ANALYTIC, or SAMPLED where there is no closed form
 * @param kl of the KL term alone
 * @param loss of the whole loss -log p(x|z) + KL, one draw z in both terms, the KL with weight 1
 */
public record GradientReport(
        int images,
        int draws,
        Optional<KlEstimator> estimator,
        KlEstimator reference,
        Map<KlEstimator, Gradient> kl,
        Map<KlEstimator, Gradient> loss) {

    /** With respect to mu and to sigma. */
    public record Gradient(Component mu, Component sigma) {
        private Map<String, Object> values() {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put(MetricsKeys.MU, mu.values());
            values.put(MetricsKeys.SIGMA, sigma.values());
            return values;
        }
    }

    /**
     * One gradient. Variances are over the draws of an image, then averaged over the images; the overall one is the sum over
     * dimensions.
     *
     * @param variance sum over dimensions
     * @param difference mean over images and draws of the sum over dimensions of (gradient - the reference's)
     * @param standardError of that mean
     * @param variances {@code [latent]}
     * @param differences {@code [latent]}
     * @param standardErrors {@code [latent]}
     */
    public record Component(
            double variance,
            double difference,
            double standardError,
            List<Double> variances,
            List<Double> differences,
            List<Double> standardErrors) {
        private Map<String, Object> values() {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put(MetricsKeys.VARIANCE, variance);
            values.put(MetricsKeys.DIFFERENCE, difference);
            values.put(MetricsKeys.STANDARD_ERROR, standardError);
            Map<String, Object> dimensions = new LinkedHashMap<>();
            dimensions.put("variance", variances);
            dimensions.put("difference", differences);
            dimensions.put("standard_error", standardErrors);
            values.put("per_dimension", dimensions);
            return values;
        }
    }

    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(MetricsKeys.IMAGES, images);
        values.put("draws", draws);
        values.put(MetricsKeys.ESTIMATOR, estimator.map(GradientReport::name).orElse(null));
        values.put("reference", name(reference));
        values.put(MetricsKeys.KL, values(kl));
        values.put(MetricsKeys.LOSS, values(loss));
        return values;
    }

    private static Map<String, Object> values(Map<KlEstimator, Gradient> gradients) {
        Map<String, Object> values = new LinkedHashMap<>();
        gradients.forEach((estimator, gradient) -> values.put(name(estimator), gradient.values()));
        return values;
    }

    /** Its name in files and tables. */
    public static String name(KlEstimator estimator) {
        return estimator.name().toLowerCase(Locale.ROOT);
    }
}
