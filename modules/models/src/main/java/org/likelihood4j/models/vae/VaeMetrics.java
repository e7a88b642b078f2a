package org.likelihood4j.models.vae;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.graph.Outputs;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * What a VAE reports at every step: which metrics it has, and their values in the graph of its
 * loss.
 */
record VaeMetrics(VaeOptions options) {
    List<Metric> metrics() {
        boolean likelihood = options.likelihood().isLikelihood();
        String measure = options.likelihood().measure();
        int k = options.importanceSamples();
        List<Metric> metrics = new ArrayList<>();
        if (k > 1) {
            metrics.add(new Metric(
                    "iwae", "nats", true, "importance-weighted bound of log p(x), " + k + " draws: what is trained"));
        }
        String kl = hasAnalyticKl() ? "analytic KL" : "sampled KL";
        metrics.add(new Metric(
                boundName(),
                "nats",
                true,
                likelihood
                        ? "evidence lower bound, reconstruction - " + kl
                        : "minus cross-entropy - " + kl + ": not a bound of any likelihood"));
        metrics.add(new Metric(
                reconstructionName(),
                "nats",
                true,
                likelihood
                        ? "log p(x|z) at " + (k > 1 ? k + " draws" : "one z") + " from the posterior"
                                + (measure.isEmpty() ? "" : ": " + measure)
                        : "minus cross-entropy of unbinarised pixels: not a log-likelihood"));
        if (hasAnalyticKl()) {
            metrics.add(
                    new Metric(LatentVariableModel.KL_ANALYTIC, "nats", false, "KL(q(z|x) || p(z)) in closed form"));
        }
        if (reportsSampled()) {
            int extra = options.klReport().draws();
            metrics.add(new Metric(
                    LatentVariableModel.KL_SAMPLED,
                    "nats",
                    false,
                    "log q(z|x) - log p(z) at the same z" + (extra > 0 ? " and " + extra + " more" : "")));
        }
        return List.copyOf(metrics);
    }

    /**
     * The loss, the metrics in their order, and the variance of the sampled KL where both KLs are
     * among them.
     */
    Outputs outputs(VaeLoss terms) {
        SDVariable loss = terms.loss();
        Map<String, SDVariable> values = new LinkedHashMap<>();
        terms.iwae().ifPresent(iwae -> values.put("iwae", iwae));
        terms.analyticKl().ifPresent(kl -> values.put(LatentVariableModel.KL_ANALYTIC, kl));
        if (reportsSampled()) {
            values.put(LatentVariableModel.KL_SAMPLED, terms.sampledKl());
        }
        SDVariable reconstruction = terms.reconstruction();
        values.put(reconstructionName(), reconstruction);
        SDVariable kl = values.get(hasAnalyticKl() ? LatentVariableModel.KL_ANALYTIC : LatentVariableModel.KL_SAMPLED);
        values.put(boundName(), reconstruction.sub(kl));
        Outputs outputs = new Outputs().scalar("loss", loss);
        metrics().forEach(metric -> outputs.perExample(metric.name(), values.get(metric.name())));
        if (hasAnalyticKl() && reportsSampled()) {
            outputs.perExample(LatentVariableModel.KL_SAMPLED_VARIANCE, terms.sampledKlVariance());
        }
        return outputs;
    }

    boolean hasAnalyticKl() {
        return options.factorizedPrior().isPresent();
    }

    private String boundName() {
        return options.likelihood().isLikelihood() ? "elbo" : "surrogate";
    }

    private String reconstructionName() {
        return options.likelihood().isLikelihood() ? "reconstruction" : "negative_cross_entropy";
    }

    private boolean reportsSampled() {
        return options.klReport().sampled() || options.objective().estimator() != KlEstimator.ANALYTIC;
    }
}
