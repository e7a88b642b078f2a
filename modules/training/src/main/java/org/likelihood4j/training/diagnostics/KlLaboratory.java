package org.likelihood4j.training.diagnostics;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.DiagnosticsConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.training.diagnostics.GradientReport.Gradient;

/** Makes a VAE's {@link KlDiagnostics} with the parameters as they are: programs stay compiled from epoch to epoch. */
final class KlLaboratory implements AutoCloseable {
    /** What of the posterior's outputs no report is made of. */
    private static final List<String> DENSITIES =
            List.of(LatentVariableModel.LOG_POSTERIOR, LatentVariableModel.LOG_PRIOR);

    private final RunConfig config;
    private final LatentVariableModel model;
    private final int latent;
    private final Examples images;
    private final Examples gradientImages;
    private final CompiledFunction posterior;
    private final List<String> posteriorOutputs;
    private final CompiledFunction reconstruction;
    private final Map<KlEstimator, CompiledFunction> kl = new EnumMap<>(KlEstimator.class);

    /**
     * Compiles what is needed.
     *
     * @param values that are reported on; later changes of them are seen
     * @param validation at least one image
     */
    KlLaboratory(Engine engine, RunConfig config, LatentVariableModel model, ModelValues values, Examples validation) {
        DiagnosticsConfig diagnostics = config.diagnostics();
        this.config = config;
        this.model = model;
        this.latent = model.latentShape().size();
        this.images = validation.slice(0, Math.min(diagnostics.images(), validation.size()));
        this.gradientImages = validation.slice(0, Math.min(diagnostics.gradientImages(), validation.size()));
        int rows = Math.min(MemoryNeed.rows(config, model, config.evaluation().batchSize()), images.size());
        ModelFunction function = model.posterior();
        this.posteriorOutputs = function.outputNames().stream()
                .filter(name -> !DENSITIES.contains(name))
                .toList();
        this.posterior = CompiledFunction.compile(engine, function, posteriorOutputs, values, rows);
        if (diagnostics.gradientDraws() > 0) {
            int some = MemoryNeed.rows(config, model, gradientImages.size());
            this.reconstruction = CompiledFunction.compileGradient(engine, model.reconstructionTerm(), values, some);
            for (KlEstimator estimator : model.estimators()) {
                kl.put(estimator, CompiledFunction.compileGradient(engine, model.klTerm(estimator), values, some));
            }
        } else {
            this.reconstruction = null;
        }
    }

    /**
     * The reports.
     *
     * @param validated what the epoch's validation found
     * @param pooled of all validations so far, or null
     * @param full whether it is the turn of the latents and the gradients
     */
    KlDiagnostics run(Validation.Result validated, KlAgreement pooled, boolean full) {
        KlAgreement agreement = validated.agreement();
        Double sampled = agreement == null ? validated.means().get(LatentVariableModel.KL_SAMPLED) : null;
        Optional<String> apart = KlSlipFinder.apart(agreement, pooled);
        if (!full && apart.isEmpty()) {
            return new KlDiagnostics(agreement, pooled, sampled, List.of(), null, null);
        }
        Posteriors posteriors = posteriors();
        List<String> warnings = apart.map(line -> KlSlipFinder.explain(line, posteriors, latent)).stream()
                .toList();
        LatentReport latents = full
                ? LatentReport.of(
                        images.size(),
                        posteriors.encoding(),
                        model.hasGaussianPosterior() ? posteriors.logVariance() : null,
                        posteriors.z(),
                        posteriors.klAnalytic(),
                        posteriors.klSampled())
                : null;
        return new KlDiagnostics(
                agreement, pooled, sampled, warnings, latents, full && reconstruction != null ? gradients() : null);
    }

    private Posteriors posteriors() {
        Map<String, double[]> collected = new HashMap<>();
        posteriorOutputs.forEach(name -> collected.put(name, new double[images.size() * latent]));
        int[] filled = {0};
        posterior.overSet(images, keys(0), (batch, outputs) -> {
            collected.forEach((name, all) ->
                    System.arraycopy(outputs.get(name), 0, all, filled[0] * latent, batch.size() * latent));
            filled[0] += batch.size();
        });
        return new Posteriors(
                collected.get(LatentVariableModel.MEAN),
                collected.get(LatentVariableModel.LOG_VARIANCE),
                collected.get(model.encodingOutput()),
                collected.get(LatentVariableModel.LATENT),
                collected.get(LatentVariableModel.KL_ANALYTIC_PER_DIMENSION),
                collected.get(LatentVariableModel.KL_SAMPLED_PER_DIMENSION));
    }

    private NoiseKeys keys(long draw) {
        return NoiseKeys.evaluation(config.seed(), config.evaluation().seed(), Validation.SPLIT, draw);
    }

    private GradientReport gradients() {
        int m = gradientImages.size();
        int draws = config.diagnostics().gradientDraws();
        KlEstimator reference = model.hasAnalyticKl() ? KlEstimator.ANALYTIC : KlEstimator.SAMPLED;
        Map<KlEstimator, Pair> klStatistics = statistics(m);
        Map<KlEstimator, Pair> lossStatistics = statistics(m);
        for (int draw = 0; draw < draws; draw++) {
            MuSigma minusLogLikelihood = gradient(reconstruction, draw);
            Map<KlEstimator, MuSigma> terms = new EnumMap<>(KlEstimator.class);
            for (Map.Entry<KlEstimator, CompiledFunction> program : kl.entrySet()) {
                terms.put(program.getKey(), gradient(program.getValue(), draw));
            }
            MuSigma klReference = terms.get(reference);
            MuSigma lossReference = minusLogLikelihood.plus(klReference);
            terms.forEach((estimator, term) -> {
                klStatistics.get(estimator).add(term, klReference);
                // Differentiation is linear: the whole loss's gradient at this draw is the sum of its terms'.
                lossStatistics.get(estimator).add(minusLogLikelihood.plus(term), lossReference);
            });
        }
        return new GradientReport(
                m, draws, model.plainEstimator(), reference, results(klStatistics), results(lossStatistics));
    }

    private Map<KlEstimator, Pair> statistics(int m) {
        Map<KlEstimator, Pair> statistics = new EnumMap<>(KlEstimator.class);
        for (KlEstimator estimator : model.estimators()) {
            statistics.put(estimator, new Pair(new GradientStatistics(m, latent), new GradientStatistics(m, latent)));
        }
        return statistics;
    }

    private static Map<KlEstimator, Gradient> results(Map<KlEstimator, Pair> statistics) {
        Map<KlEstimator, Gradient> results = new EnumMap<>(KlEstimator.class);
        statistics.forEach((estimator, pair) -> results.put(
                estimator, new Gradient(pair.mu().result(), pair.sigma().result())));
        return results;
    }

    private record Pair(GradientStatistics mu, GradientStatistics sigma) {
        void add(MuSigma gradient, MuSigma reference) {
            mu.add(gradient.mu(), reference.mu());
            sigma.add(gradient.sigma(), reference.sigma());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    private record MuSigma(double[] mu, double[] sigma) {
        MuSigma plus(MuSigma other) {
            return new MuSigma(sum(mu, other.mu), sum(sigma, other.sigma));
        }

        private static double[] sum(double[] a, double[] b) {
            double[] sum = a.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += b[i];
            }
            return sum;
        }
    }

    /** Of a term summed over the batch, so that each row is its own example's gradient. */
    private MuSigma gradient(CompiledFunction program, int draw) {
        double[] mu = new double[gradientImages.size() * latent];
        double[] sigma = new double[mu.length];
        program.overSet(gradientImages, keys(draw), (batch, outputs) -> {
            double[] logVariance = outputs.get(LatentVariableModel.LOG_VARIANCE);
            double[] byMean = outputs.gradient(LatentVariableModel.MEAN);
            double[] byLogVariance = outputs.gradient(LatentVariableModel.LOG_VARIANCE);
            int at = batch.indices()[0] * latent;
            for (int i = 0; i < logVariance.length; i++) {
                mu[at + i] = byMean[i];
                // log sigma^2 = 2 log sigma, so d/dsigma = 2/sigma d/dlog sigma^2.
                sigma[at + i] = byLogVariance[i] * 2 * Math.exp(-0.5 * logVariance[i]);
            }
        });
        return new MuSigma(mu, sigma);
    }

    @Override
    public void close() {
        posterior.close();
        if (reconstruction != null) {
            reconstruction.close();
        }
        kl.values().forEach(CompiledFunction::close);
    }
}
