package org.likelihood4j.training.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.training.TinyRun;
import org.likelihood4j.training.diagnostics.GradientReport.Component;

/** The gradient report of a real model, at perturbed parameters in float64, against the closed forms of the derivation. */
class KlLaboratoryTest {
    private static final int IMAGES = 20;
    private static final int DRAWS = 300;
    private static final int LATENT = 4;

    private static final RunConfig CONFIG = TinyRun.config(
            TinyRun.VAE,
            "precision=float64",
            "diagnostics={images: 30, gradientImages: " + IMAGES + ", gradientDraws: " + DRAWS + "}");

    /** Made once: it takes seconds. */
    private static KlDiagnostics diagnostics;

    @BeforeAll
    static void diagnose() {
        diagnostics = run(CONFIG);
    }

    private static ModelValues values(RunConfig config, Examples set) {
        ModelValues values =
                ModelValues.initial(ModelBuilder.create(config, set.shape()), ModelBuilder.type(config.precision()), 3);
        // Far from the start, where sigma is about 1: posteriors of many widths.
        values.parameters().flat().muli(2);
        return values;
    }

    private static KlDiagnostics run(RunConfig config) {
        Examples validation = TinyRun.data(config).validation();
        ModelValues values = values(config, validation);
        try (KlLaboratory laboratory = new KlLaboratory(
                Engines.reference(), config, (LatentVariableModel) values.model(), values, validation)) {
            return laboratory.run(Validation.Result.NOTHING, null, true);
        }
    }

    /** mu and sigma of the images that the gradients are of. */
    private static List<double[]> posteriors() {
        Examples set = TinyRun.data(CONFIG).validation().slice(0, IMAGES);
        ModelValues values = values(CONFIG, set);
        LatentVariableModel model = (LatentVariableModel) values.model();
        try (CompiledFunction program =
                CompiledFunction.compile(Engines.reference(), model.posterior(), values, IMAGES)) {
            NoiseKeys keys =
                    NoiseKeys.evaluation(CONFIG.seed(), CONFIG.evaluation().seed(), "validation", 0);
            OutputValues outputs = program.overBatch(Batches.evaluation(set, IMAGES, 0), keys);
            double[] sigma = outputs.get(LatentVariableModel.LOG_VARIANCE);
            for (int i = 0; i < sigma.length; i++) {
                sigma[i] = Math.exp(0.5 * sigma[i]);
            }
            return List.of(outputs.get(LatentVariableModel.MEAN), sigma);
        }
    }

    /** A variance in closed form, from one dimension's mu and sigma. */
    @FunctionalInterface
    private interface Variance {
        double of(double mu, double sigma);
    }

    private static void check(Component actual, Variance formula) {
        List<double[]> posteriors = posteriors();
        double total = 0;
        for (int j = 0; j < LATENT; j++) {
            double expected = 0;
            for (int m = 0; m < IMAGES; m++) {
                expected +=
                        formula.of(posteriors.get(0)[m * LATENT + j], posteriors.get(1)[m * LATENT + j]) / IMAGES;
            }
            // A sample variance of n draws has the relative error sqrt((kurtosis - 1)/n), here with the kurtosis of a
            // product
            // of normals, below 15; there are IMAGES of them in the mean, of which some weigh more.
            assertThat(actual.variances().get(j))
                    .isCloseTo(expected, within(4 * expected * Math.sqrt(14.0 / DRAWS / 4) + 1e-12));
            total += expected;
        }
        assertThat(actual.variance()).isCloseTo(total, within(0.1 * total + 1e-12));
    }

    @Test
    void theVariancesOfTheKlTermAreTheDerivedOnes() {
        GradientReport report = diagnostics.gradients();
        assertThat(report.images()).isEqualTo(IMAGES);
        assertThat(report.draws()).isEqualTo(DRAWS);
        check(report.kl().get(KlEstimator.ANALYTIC).mu(), (mu, sigma) -> 0);
        check(report.kl().get(KlEstimator.ANALYTIC).sigma(), (mu, sigma) -> 0);
        check(report.kl().get(KlEstimator.SAMPLED).mu(), (mu, sigma) -> sigma * sigma);
        check(report.kl().get(KlEstimator.SAMPLED).sigma(), (mu, sigma) -> mu * mu + 2 * sigma * sigma);
        check(report.kl().get(KlEstimator.PATH).mu(), (mu, sigma) -> Math.pow(sigma - 1 / sigma, 2));
        check(report.kl().get(KlEstimator.PATH).sigma(), (mu, sigma) -> mu * mu + 2 * Math.pow(sigma - 1 / sigma, 2));
    }

    /** The estimators' expectations are equal, for the KL and for the whole loss. */
    @Test
    void noEstimatorIsBiased() {
        GradientReport report = diagnostics.gradients();
        assertThat(report.reference()).isEqualTo(KlEstimator.ANALYTIC);
        for (var gradients : List.of(report.kl(), report.loss())) {
            assertThat(gradients.keySet()).containsExactly(KlEstimator.values());
            gradients.forEach((estimator, gradient) -> {
                for (Component component : List.of(gradient.mu(), gradient.sigma())) {
                    assertThat(Math.abs(component.difference())).isLessThanOrEqualTo(4 * component.standardError());
                    if (estimator != KlEstimator.ANALYTIC) {
                        assertThat(component.standardError()).isPositive();
                    }
                    for (int j = 0; j < LATENT; j++) {
                        assertThat(Math.abs(component.differences().get(j)))
                                .isLessThanOrEqualTo(
                                        4.5 * component.standardErrors().get(j));
                    }
                }
            });
        }
        assertThat(report.loss().get(KlEstimator.ANALYTIC).mu().variance()).isPositive();
    }

    @Test
    void aLearnedPriorHasNoAnalyticColumnAndIsHeldAgainstTheSampledOne() {
        for (String prior : List.of("{type: mixture, components: 3}", "{type: realnvp, conditioner: {hidden: [8]}}")) {
            RunConfig config = TinyRun.config(
                    TinyRun.VAE,
                    "precision=float64",
                    "model.prior=" + prior,
                    "diagnostics={gradientImages: 5, gradientDraws: 40}");
            KlDiagnostics kl = run(config);
            assertThat(kl.latents().klAnalytic()).isNull();
            assertThat(kl.gradients().reference()).isEqualTo(KlEstimator.SAMPLED);
            assertThat(kl.gradients().loss().keySet()).containsExactly(KlEstimator.SAMPLED, KlEstimator.PATH);
            Component path = kl.gradients().loss().get(KlEstimator.PATH).mu();
            assertThat(Math.abs(path.difference())).isLessThanOrEqualTo(4 * path.standardError());
            assertThat(KlText.text(1, kl)).contains("Analytic KL: none").doesNotContain("NaN");
        }
    }

    /** No dimension has a density of its own, and the path gradient needs the flow backwards. */
    @Test
    void aPosteriorWithAFlowHasASampledKlAlone() {
        RunConfig config = TinyRun.config(
                TinyRun.VAE,
                "precision=float64",
                "model.posterior={type: iaf, steps: 2, conditioner: {hidden: [8]}, context: 3}",
                "diagnostics={gradientImages: 5, gradientDraws: 40}");
        KlDiagnostics kl = run(config);
        LatentReport latents = kl.latents();
        assertThat(latents.klAnalytic()).isNull();
        assertThat(latents.klSampled()).isNull();
        assertThat(latents.mutualInformation()).isNull();
        assertThat(latents.marginalKl()).isNull();
        assertThat(latents.meanVariance()).hasSize(LATENT).allMatch(variance -> variance > 0);
        assertThat(kl.gradients().reference()).isEqualTo(KlEstimator.SAMPLED);
        assertThat(kl.gradients().loss().keySet()).containsExactly(KlEstimator.SAMPLED);
        assertThat(kl.gradients().kl().get(KlEstimator.SAMPLED).sigma().variance())
                .isPositive();
        KlDiagnostics told = new KlDiagnostics(null, null, 2.5, List.of(), kl.latents(), kl.gradients());
        assertThat(KlText.text(1, told))
                .contains("Analytic KL: none, so there is nothing to compare the sampled KL with, which is 2.5000.")
                .contains("of 4 active (variance of f(mu), f the posterior's flow, above 0.01).")
                .contains("Behind a flow no dimension has a density of its own in closed form.")
                .doesNotContain("NaN")
                .doesNotContain("null");
    }

    /** The latents' columns come from the same posteriors, however many rows are computed at once. */
    @Test
    void batchesOfThePosteriorsDoNotMatter() {
        LatentReport whole = diagnostics.latents();
        RunConfig small = TinyRun.config(
                TinyRun.VAE,
                "precision=float64",
                "evaluation.batchSize=7",
                "diagnostics={images: 30, gradientDraws: 0}");
        KlDiagnostics inBatches = run(small);
        assertThat(inBatches.gradients()).isNull();
        assertThat(whole.images()).isEqualTo(30);
        for (int j = 0; j < LATENT; j++) {
            assertThat(inBatches.latents().klSampled().get(j))
                    .isCloseTo(whole.klSampled().get(j), within(1e-10));
            assertThat(inBatches.latents().mutualInformation().get(j))
                    .isCloseTo(whole.mutualInformation().get(j), within(1e-10));
        }
    }
}
