package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.inference.Evaluator;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.events.TrainingListener;
import org.likelihood4j.training.loop.PreflightCheck;
import tools.jackson.databind.JsonNode;

/** What the loss section changes in a training, and what of it is recorded. */
class ObjectivesTest {
    /** Ten steps an epoch, two epochs. */
    @Test
    void aCyclicalWarmupNeedsAStepToRiseIn(@TempDir Path runs) {
        RunConfig tooMany = TinyRun.config(TinyRun.VAE, "loss.kl.warmup={type: cyclical, cycles: 20}");
        RunDirectory run = RunDirectory.create(runs, tooMany);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> TinyRun.trainer(run, tooMany).run())
                .withMessage(
                        "loss.kl.warmup.cycles: must be below the training's 20 steps, or no cycle has a step to rise in,"
                                + " was 20");
        assertThat(run.metrics()).doesNotExist();
        RunConfig most = TinyRun.config(TinyRun.VAE, "loss.kl.warmup={type: cyclical, cycles: 19}");
        PreflightCheck.check(most, TinyRun.data(most));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loss.kl.estimator=sampled",
                "loss.kl.estimator=path",
                "loss={importanceSamples: 3}",
                "loss={importanceSamples: 3, kl: {estimator: path}}",
                "loss.kl.freeBits=0.1",
                "loss.kl={beta: 0.5, warmup: {type: linear, epochs: 1}}",
                "loss.kl.warmup={type: cyclical, cycles: 2}",
                "model.prior={type: mixture, components: 3}",
                "model.prior={type: realnvp, couplings: 2, conditioner: {hidden: [8]}}",
                "model.posterior={type: coupling, couplings: 2, conditioner: {hidden: [8]}, context: 3}",
                "model.posterior={type: iaf, steps: 2, conditioner: {hidden: [8]}, context: 0}"
            })
    void everyObjectiveTrainsSamplesAndEvaluates(String setting, @TempDir Path runs) {
        RunConfig config = TinyRun.config(
                TinyRun.VAE, setting, "training.epochs=3", "diagnostics={gradientImages: 4, gradientDraws: 2}");
        RunDirectory run = TinyRun.train(runs, config);
        List<JsonNode> epochs = TinyRun.lines(run, "epoch");
        double first = epochs.get(0).get("validation").get("loss").doubleValue();
        double last = epochs.get(2).get("validation").get("loss").doubleValue();
        assertThat(last).isLessThan(first);
        assertThat(epochs.get(2).get("latents").get("images").intValue()).isEqualTo(40);
        TrainedModel trained = TinyRun.open(run, "last");
        assertThat(trained.sample(5, 1, 7)).hasSize(5);
        Evaluation evaluation = new Evaluator(trained, config.evaluation())
                .evaluate(run, "last", "test", TinyRun.data(config).test(), (what, done, total) -> {});
        assertThat(evaluation.finite()).isTrue();
        boolean closedForm = !setting.startsWith("model.p");
        assertThat(evaluation.quantities().stream().anyMatch(q -> q.name().equals("kl_analytic")))
                .isEqualTo(closedForm);
        assertThat(epochs.get(2).has("kl")).isEqualTo(closedForm);
        // The bound with many draws is above the ELBO.
        assertThat(-evaluation.quantity("nll").mean())
                .isGreaterThan(evaluation.quantity("elbo").mean());
    }

    /** Ten steps an epoch, a line every five, the weight rising over 20 steps to 0.5. */
    @Test
    void theWeightAndTheWeightedLossAreRecordedBesideTheUnscaledElbo(@TempDir Path runs) {
        RunConfig config = TinyRun.config(
                TinyRun.VAE,
                "loss.kl={beta: 0.5, warmup: {type: linear, epochs: 2}}",
                "training.logEvery=1",
                "diagnostics.gradientDraws=0");
        List<JsonNode> steps = TinyRun.lines(TinyRun.train(runs, config), "step");
        for (int i = 0; i < steps.size(); i++) {
            JsonNode step = steps.get(i);
            double weight = 0.5 * i / 20;
            assertThat(step.get("kl_weight").doubleValue()).isCloseTo(weight, within(1e-12));
            double reconstruction = step.get("reconstruction").doubleValue();
            double kl = step.get("kl_analytic").doubleValue();
            assertThat(step.get("weighted_loss").doubleValue()).isCloseTo(weight * kl - reconstruction, within(1e-3));
            assertThat(step.get("elbo").doubleValue()).isCloseTo(reconstruction - kl, within(1e-3));
            assertThat(step.get("loss").doubleValue())
                    .isCloseTo(-step.get("elbo").doubleValue(), within(1e-9));
        }
        assertThat(steps).hasSize(20);
    }

    @Test
    void thePlainElboHasNoWeightedLoss(@TempDir Path runs) {
        RunConfig config = TinyRun.config(TinyRun.VAE, "diagnostics.gradientDraws=0");
        JsonNode step = TinyRun.lines(TinyRun.train(runs, config), "step").get(0);
        assertThat(step.has("weighted_loss")).isFalse();
        assertThat(step.has("kl_weight")).isFalse();
        assertThat(step.get("kl").get("examples").intValue()).isEqualTo(5 * 20);
    }

    /** Every step says what its own two KLs are, at the same z. */
    @Test
    void everyStepHasItsOwnAgreement(@TempDir Path runs) {
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.epochs=1", "diagnostics.gradientDraws=0");
        int[] steps = {0};
        TinyRun.train(runs, config, new TrainingListener() {
            @Override
            public void stepped(Step step) {
                steps[0]++;
                assertThat(step.kl().examples()).isEqualTo(20);
                assertThat(step.kl().difference())
                        .isCloseTo(step.kl().sampled() - step.kl().analytic(), within(1e-9));
                assertThat(Math.abs(step.kl().z())).isLessThan(5);
            }
        });
        assertThat(steps[0]).isEqualTo(10);
    }

    /** Neither the report's extra draws nor its absence may change what is trained. */
    @Test
    void diagnosticsDoNotChangeTheTraining(@TempDir Path runs) {
        TinyRun.Losses plain = new TinyRun.Losses();
        TinyRun.Losses drawn = new TinyRun.Losses();
        TinyRun.Losses silent = new TinyRun.Losses();
        TinyRun.train(runs, TinyRun.config(TinyRun.VAE), plain);
        TinyRun.train(runs, TinyRun.config(TinyRun.VAE, "loss.kl.samples=3", "diagnostics.gradientDraws=2"), drawn);
        RunDirectory quiet = TinyRun.train(
                runs, TinyRun.config(TinyRun.VAE, "diagnostics={everyStep: false, gradientDraws: 0}"), silent);
        assertThat(drawn.values).isEqualTo(plain.values);
        assertThat(silent.values).isEqualTo(plain.values);
        JsonNode step = TinyRun.lines(quiet, "step").get(0);
        assertThat(step.has("kl_sampled")).isFalse();
        assertThat(step.has("kl")).isFalse();
    }

    /** With more draws for the report the standard error shrinks. */
    @Test
    void extraDrawsSharpenTheComparison(@TempDir Path runs) {
        double one = standardError(runs, 0);
        double many = standardError(runs, 15);
        assertThat(many / one).isBetween(0.15, 0.4);
    }

    private static double standardError(Path runs, int samples) {
        RunConfig config = TinyRun.config(
                TinyRun.VAE, "loss.kl.samples=" + samples, "data.validation=200", "diagnostics.gradientDraws=0");
        JsonNode epoch = TinyRun.lines(TinyRun.train(runs, config), "epoch").get(1);
        return epoch.get("kl").get("standard_error").doubleValue();
    }

    @Test
    void theTableIsWrittenWhenItIsItsTurn(@TempDir Path runs) {
        RunConfig config = TinyRun.config(
                TinyRun.VAE, "training.epochs=5", "diagnostics={every: 2, gradientImages: 4, gradientDraws: 2}");
        RunDirectory run = TinyRun.train(runs, config);
        for (int epoch = 1; epoch <= 5; epoch++) {
            boolean turn = epoch % 2 == 0 || epoch == 5;
            assertThat(Files.exists(run.diagnostics(epoch)))
                    .as("epoch " + epoch)
                    .isEqualTo(turn);
            assertThat(TinyRun.lines(run, "epoch").get(epoch - 1).has("gradients"))
                    .isEqualTo(turn);
            assertThat(TinyRun.lines(run, "epoch").get(epoch - 1).has("kl")).isTrue();
        }
    }
}
