package org.likelihood4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.TinyRun;
import tools.jackson.databind.JsonNode;

class EvaluatorTest {
    @TempDir
    private static Path runs;

    private static final Map<RunConfig, RunDirectory> TRAINED = new ConcurrentHashMap<>();

    private static RunDirectory run(String model, String... overrides) {
        return TRAINED.computeIfAbsent(TinyRun.config(model, overrides), config -> TinyRun.train(runs, config));
    }

    private static Evaluation evaluate(TrainedModel model, int k, int repeats, int batchSize) {
        Examples test = TinyRun.data(model.config()).test();
        return new Evaluator(model, new EvaluationConfig(k, repeats, batchSize, 1L))
                .evaluate(new RunDirectory(runs.resolve("x")), "last", "test", test, ProgressListener.none());
    }

    private static Evaluation evaluate(RunDirectory run, int k, int repeats, int batchSize) {
        return evaluate(TinyRun.open(run, "last"), k, repeats, batchSize);
    }

    @ParameterizedTest
    @CsvSource({"VAE, float32, 1e-5", "FLOW, float32, 1e-5", "VAE, float64, 1e-12", "FLOW, float64, 1e-12"})
    void theBatchSizeChangesNothing(String model, String precision, double tolerance) {
        RunDirectory run = run(model.equals("VAE") ? TinyRun.VAE : TinyRun.FLOW, "precision=" + precision);
        Evaluation whole = evaluate(run, 3, 2, 30);
        // 7 leaves an incomplete last batch, 1 never has a neighbour, 200 is more than there are images.
        for (int batchSize : new int[] {1, 7, 200}) {
            Evaluation other = evaluate(run, 3, 2, batchSize);
            assertThat(other.quantities()).hasSameSizeAs(whole.quantities()).hasSizeGreaterThan(4);
            for (Evaluation.Quantity quantity : whole.quantities()) {
                double mean = quantity.mean();
                Evaluation.Quantity same = other.quantity(quantity.name());
                assertThat(same.mean()).as(quantity.name()).isCloseTo(mean, within(tolerance * (1 + Math.abs(mean))));
                assertThat(same.standardError())
                        .isCloseTo(quantity.standardError(), within(tolerance * (1 + Math.abs(mean))));
                assertThat(same.nonFinite()).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"VAE", "FLOW"})
    void imageNumberFiveIsTheSameInEverySample(String model) {
        TrainedModel trained = TinyRun.open(run(model.equals("VAE") ? TinyRun.VAE : TinyRun.FLOW), "last");
        // 70 is more than one batch of the sampler.
        List<byte[]> many = trained.sample(70, 1, 1);
        List<byte[]> few = trained.sample(5, 1, 1);
        assertThat(many).hasSize(70);
        assertThat(few).hasSize(5);
        for (int i = 0; i < few.size(); i++) {
            assertThat(few.get(i)).isEqualTo(many.get(i));
        }
        assertThat(many.get(65)).isNotEqualTo(many.get(1));
        assertThat(trained.sample(1, 1, 2).get(0)).isNotEqualTo(many.get(0));
        assertThat(trained.sample(1, 0.5, 1).get(0)).isNotEqualTo(many.get(0));
        // Without noise there is one image.
        List<byte[]> cold = trained.sample(2, 0, 1);
        assertThat(cold.get(0)).isEqualTo(cold.get(1));
    }

    @Test
    void moreImportanceSamplesGiveATighterBound() {
        RunDirectory run = run(TinyRun.VAE, "training.epochs=3", "training.optimizer.learningRate=0.01");
        Evaluation few = evaluate(run, 2, 4, 30);
        Evaluation some = evaluate(run, 20, 4, 30);
        Evaluation many = evaluate(run, 200, 2, 30);
        double elbo = few.quantity("elbo").mean();
        double spread = few.quantity("elbo").spread();
        assertThat(few.quantity("nll").mean()).isLessThan(-elbo + 3 * spread);
        assertThat(some.quantity("nll").mean()).isLessThan(few.quantity("nll").mean());
        assertThat(many.quantity("nll").mean()).isLessThan(some.quantity("nll").mean());
        assertThat(some.quantity("elbo")).isEqualTo(few.quantity("elbo"));
        // The closed-form KL is the mean of the sampled one.
        Evaluation.Quantity sampled = evaluate(run, 1, 100, 30).quantity("kl_sampled");
        assertThat(few.quantity("kl_analytic").mean())
                .isCloseTo(sampled.mean(), within(5 * sampled.spread() / Math.sqrt(100)));
        assertThat(few.quantity("elbo").mean())
                .isCloseTo(
                        few.quantity("reconstruction").mean()
                                - few.quantity("kl_analytic").mean(),
                        within(1e-3));
    }

    /** At K = 1 the bound is the ELBO with the sampled KL, at the same z as the metrics of the first repeat. */
    @Test
    void aSingleImportanceSampleIsTheSampledElbo() {
        Evaluation vae = evaluate(run(TinyRun.VAE), 1, 1, 30);
        assertThat(vae.quantities())
                .extracting(Evaluation.Quantity::name)
                .containsExactly("elbo", "reconstruction", "kl_analytic", "kl_sampled", "nll");
        double expected = vae.quantity("kl_sampled").mean()
                - vae.quantity("reconstruction").mean();
        assertThat(vae.quantity("nll").mean()).isCloseTo(expected, within(1e-4));
        // A flow's would be the log-likelihood once more.
        assertThat(evaluate(run(TinyRun.FLOW), 1, 1, 30).quantities())
                .extracting(Evaluation.Quantity::name)
                .doesNotContain("nll");
    }

    @Test
    void bitsPerDimensionAreTheSumOfTheirTerms() {
        Evaluation evaluation = evaluate(run(TinyRun.FLOW), 1, 2, 30);
        double logLikelihood = evaluation.quantity("log_likelihood").mean();
        double bits = evaluation.quantity("bits_per_dim").mean();
        double terms = 0;
        for (String term : List.of("base", "dequantization", "logit", "standardization", "couplings")) {
            terms += evaluation.quantity("bits_per_dim/" + term).mean();
        }
        assertThat(bits).isCloseTo(-logLikelihood / (784 * Math.log(2)), within(1e-12));
        assertThat(bits).isCloseTo(terms, within(1e-5));
        // 8 bits would be no model at all, and the scaling of pixels to [0, 1) alone costs log2(256) = 8 of them.
        assertThat(evaluation.quantity("bits_per_dim/dequantization").mean()).isCloseTo(8, within(1e-6));
        assertThat(bits).isBetween(0.5, 8.0);
        assertThat(evaluation.quantity("log_likelihood").unit()).isEqualTo("nats");
        assertThat(evaluation.quantity("bits_per_dim").unit()).isEqualTo("bits/dim");
        // Averaging densities over the noise can only raise the estimate (Jensen).
        Evaluation weighted = evaluate(run(TinyRun.FLOW), 5, 2, 30);
        assertThat(weighted.quantity("bits_per_dim_importance_weighted").mean()).isLessThan(bits);
    }

    @ParameterizedTest
    @CsvSource({"VAE", "FLOW"})
    void aBrokenModelIsCountedNotAveraged(String name) {
        TrainedModel model = TinyRun.open(run(name.equals("VAE") ? TinyRun.VAE : TinyRun.FLOW), "last");
        model.values().parameters().flat().putScalar(0, Double.NaN);
        Evaluation evaluation = evaluate(model, 2, 2, 30);
        assertThat(evaluation.finite()).isFalse();
        Evaluation.Quantity objective = evaluation.quantity(name.equals("VAE") ? "elbo" : "log_likelihood");
        assertThat(objective.nonFinite()).isEqualTo(2 * 30);
        assertThat(objective.mean()).isNull();
        assertThat(objective.standardError()).isNull();
        assertThat(evaluate(run(TinyRun.VAE), 2, 1, 30).finite()).isTrue();
        assertThatExceptionOfType(DivergenceException.class)
                .isThrownBy(() -> model.reconstruct(TinyRun.data(model.config()).test(), 2, "test"))
                .withMessageContaining("is NaN");
    }

    @Test
    void theResultIsWrittenAsJson() throws IOException {
        RunDirectory run = run(TinyRun.VAE);
        Evaluation evaluation = evaluate(run, 2, 1, 30);
        evaluation.save(run);
        JsonNode json = JsonFiles.LINE.readTree(Files.readString(run.evaluation("test")));
        assertThat(json.get("images").intValue()).isEqualTo(30);
        assertThat(json.get("importanceSamples").intValue()).isEqualTo(2);
        assertThat(json.get("split").stringValue()).isEqualTo("test");
        JsonNode elbo = json.get("quantities").get(0);
        assertThat(elbo.get("name").stringValue()).isEqualTo("elbo");
        assertThat(elbo.get("mean").doubleValue())
                .isEqualTo(evaluation.quantity("elbo").mean());
        assertThat(elbo.get("spread").isNull()).as("one repeat has no spread").isTrue();
    }

    @Test
    void imagesOfAnotherShapeAreRefused() {
        TrainedModel model = TinyRun.open(run(TinyRun.VAE), "last");
        Examples flat = new ImageSet(new ImageShape(1, 1, 784), new byte[784], new int[1]);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> new Evaluator(model, model.config().evaluation())
                        .evaluate(new RunDirectory(runs), "last", "input", flat, ProgressListener.none()))
                .withMessageContaining("the data are images of 1x1x784, but the run '")
                .withMessageContaining("was trained on images of 1x28x28");
    }

    @Test
    void aSplitWithoutImagesIsRefused() {
        TrainedModel model = TinyRun.open(run(TinyRun.VAE), "last");
        Examples none = TinyRun.data(model.config()).test().slice(0, 0);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> new Evaluator(model, model.config().evaluation())
                        .evaluate(new RunDirectory(runs), "last", "validation", none, ProgressListener.none()))
                .withMessageContaining("validation");
    }
}
