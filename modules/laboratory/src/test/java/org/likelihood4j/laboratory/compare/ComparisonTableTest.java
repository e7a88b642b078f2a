package org.likelihood4j.laboratory.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.statistics.MeanAndError;
import org.likelihood4j.training.TinyRun;

/** The table against numbers computed by hand. */
class ComparisonTableTest {
    @TempDir
    private Path folder;

    private Path vae;
    private Path flow;

    @BeforeEach
    void write() throws IOException {
        vae = Files.writeString(folder.resolve("vae.yaml"), TinyRun.VAE);
        flow = Files.writeString(folder.resolve("flow.yaml"), TinyRun.FLOW);
    }

    private static Evaluation.Quantity quantity(String name, Double mean) {
        return new Evaluation.Quantity(name, "unit", mean, 0.5, null, mean == null ? 1 : 0, "about it");
    }

    private static ComparisonResult result(
            String variant, long seed, double seconds, GradientVariance variance, Evaluation.Quantity... quantities) {
        Evaluation evaluation = new Evaluation("r", "best", null, "test", 30, 1, 5, 1, List.of(quantities), 1.0);
        return new ComparisonResult(
                variant, seed, "f-seed" + seed, "completed", null, 10, seconds, seconds / 100, variance, evaluation);
    }

    private static ComparisonResult vaeResult(String variant, long seed, double elbo, double nll, double seconds) {
        return result(
                variant,
                seed,
                seconds,
                new GradientVariance("analytic", 2 * seed, 30 * seed),
                quantity("elbo", elbo),
                quantity("kl_analytic", 7.0),
                quantity("nll", nll));
    }

    private static List<String> lines(ComparisonPlan plan, List<ComparisonResult> results) {
        return new ComparisonTable(plan, results).lines();
    }

    private static List<String> cells(String line) {
        return List.of(line.split("\\s{2,}"));
    }

    private ComparisonPlan plan(Path file, int seeds) {
        String key = file.equals(vae) ? "model.latent" : "model.couplings";
        return ComparisonPlan.of(file, List.of(), List.of(key + "=2,3"), seeds, 1);
    }

    @Test
    void differencesArePairedBySeed() {
        // The seeds differ much, the variants always by about 1: only pairing can see that.
        List<ComparisonResult> results = new ArrayList<>(List.of(
                vaeResult("model.latent=2", 1, -100, 90, 10),
                vaeResult("model.latent=2", 2, -110, 95, 30),
                vaeResult("model.latent=2", 3, -120, 97, 11),
                // In another order, as a continued comparison may have them.
                vaeResult("model.latent=3", 3, -118.7, 96, 40),
                vaeResult("model.latent=3", 1, -99, 89, 20),
                vaeResult("model.latent=3", 2, -109.3, 94, 60)));
        List<String> lines = lines(plan(vae, 3), results);
        assertThat(cells(lines.get(0)))
                .containsExactly(
                        "variant",
                        "elbo [nats]",
                        "difference [nats]",
                        "nll [nats]",
                        "difference [nats]",
                        "grad var mu",
                        "grad var sigma",
                        "step [s]",
                        "training [s]");
        // elbo: deviation 10, error 10/sqrt 3 = 5.77. nll: mean 94, squares 16 + 1 + 9 = 26, error sqrt(13/3) = 2.08.
        assertThat(cells(lines.get(1)))
                .containsExactly(
                        "latent=2",
                        "-110.0 +- 5.8",
                        "reference",
                        "94.0 +- 2.1",
                        "reference",
                        "4.00",
                        "60.0",
                        "0.110",
                        "11.0");
        // elbo: -99, -109.3, -118.7: mean -109, squares 100 + 0.09 + 94.09, error sqrt(97.09/3) = 5.689.
        // Differences 1, 0.7, 1.3: mean 1, squares 0.18, error sqrt(0.09/3) = 0.1732. nll: -1 each, so no error.
        assertThat(cells(lines.get(2)))
                .containsExactly(
                        "latent=3",
                        "-109.0 +- 5.7",
                        "1.00 +- 0.17",
                        "93.0 +- 2.1",
                        "-1.00 +- 0.00",
                        "4.00",
                        "60.0",
                        "0.400",
                        "40.0");
        assertThat(lines).hasSizeGreaterThan(4);
        assertThat(String.join("\n", lines)).contains("3 seeds (1 to 3)", "standard error", "from latent=2");
        assertThat(lines.subList(0, 3))
                .extracting(String::length)
                .containsOnly(lines.get(0).length());
    }

    @Test
    void oneSeedHasNoError() {
        List<String> lines = lines(
                plan(vae, 1),
                List.of(
                        vaeResult("model.latent=2", 1, -100, 90, 10),
                        vaeResult("model.latent=3", 1, -99.5, 90.25, 10)));
        assertThat(cells(lines.get(1))).startsWith("latent=2", "-100.00 +- -", "reference", "90.00 +- -");
        assertThat(cells(lines.get(2))).startsWith("latent=3", "-99.50 +- -", "0.50 +- -", "90.25 +- -", "0.25 +- -");
        assertThat(String.join("\n", lines)).contains("1 seed (1), so no error is known");
    }

    @Test
    void aFlowIsComparedInBitsPerDimension() {
        List<ComparisonResult> results = new ArrayList<>();
        for (long seed = 1; seed <= 2; seed++) {
            results.add(result(
                    "model.couplings=2",
                    seed,
                    10,
                    null,
                    quantity("nll", 5.0),
                    quantity("bits_per_dim", 2 + 0.01 * seed)));
            results.add(result("model.couplings=3", seed, 10, null, quantity("bits_per_dim", 1.9 + 0.03 * seed)));
        }
        List<String> lines = lines(plan(flow, 2), results);
        assertThat(cells(lines.get(0)))
                .containsExactly(
                        "variant", "bits_per_dim [bits/dim]", "difference [bits/dim]", "step [s]", "training [s]");
        // 1.93, 1.96 less 2.01, 2.02: -0.08, -0.06; the error of two values is half their distance.
        assertThat(cells(lines.get(2))).startsWith("couplings=3", "1.945 +- 0.015", "-0.070 +- 0.010");
        assertThat(String.join("\n", lines))
                .doesNotContain("elbo", "nll", "grad var")
                .contains("lower bits_per_dim");
    }

    @Test
    void whatWasNotMeasuredIsADash() {
        ComparisonResult without = new ComparisonResult(
                "model.latent=2",
                1,
                "f",
                "completed",
                null,
                1,
                10,
                null,
                null,
                vaeResult("", 1, -1, 2, 1).evaluation());
        List<String> lines = lines(plan(vae, 1), List.of(without, vaeResult("model.latent=3", 1, -100, 90, 10)));
        assertThat(cells(lines.get(1))).endsWith("-", "-", "-", "10.0");
        assertThat(cells(lines.get(2))).endsWith("2.00", "30.0", "0.100", "10.0");
    }

    @Test
    void whatWentWrongIsNeverDroppedFromAnAverage() {
        ComparisonPlan plan = plan(vae, 2);
        ComparisonResult diverged = new ComparisonResult(
                "model.latent=3",
                1,
                "latent-3-seed1",
                "diverged",
                "training diverged at step 2",
                1,
                10,
                null,
                null,
                null);
        ComparisonResult notFinite =
                result("model.latent=2", 2, 10, null, quantity("elbo", null), quantity("nll", 90.0));
        ComparisonTable table = new ComparisonTable(
                plan,
                List.of(
                        vaeResult("model.latent=2", 1, -100, 90, 10),
                        notFinite,
                        diverged,
                        vaeResult("model.latent=3", 2, -100, 90, 10)));
        assertThat(cells(table.lines().get(1))).startsWith("latent=2", "not finite", "reference", "90.00 +- 0.00");
        assertThat(cells(table.lines().get(2))).startsWith("latent=3", "1 of 2 diverged", "-", "1 of 2 diverged", "-");
        assertThat(table.problems())
                .containsExactly(
                        "f-seed2: some values of its evaluation are not finite",
                        "latent-3-seed1: training diverged at step 2");
    }

    @Test
    void errorsDecideTheDigits() {
        assertThat(new MeanAndError(1.23456, 0.0321).text(2)).isEqualTo("1.235 +- 0.032");
        assertThat(new MeanAndError(-123.456, 45.6).text(2)).isEqualTo("-123 +- 46");
        assertThat(new MeanAndError(1.23456, 0.00996).text(2)).isEqualTo("1.235 +- 0.010");
        assertThat(new MeanAndError(1.23456, 99.6).text(2)).isEqualTo("1 +- 100");
        assertThat(new MeanAndError(1.23456, 0).text(2)).isEqualTo("1.23 +- 0.00");
        assertThat(new MeanAndError(1.23456, 1e-12).text(2)).isEqualTo("1.234560 +- 0.000000");
        assertThat(MeanAndError.of(new double[] {1, 3}).mean()).isEqualTo(2);
        assertThat(MeanAndError.of(new double[] {1, 3}).error()).isCloseTo(1, within(1e-15));
        assertThat(MeanAndError.of(new double[] {1, Double.NaN}).text(2)).isEqualTo("not finite");
    }

    @Test
    void theMedianIsTheMiddle() {
        assertThat(StepTimer.median(new double[] {5, 1, 100})).isEqualTo(5);
        assertThat(StepTimer.median(new double[] {5, 1, 100, 2})).isEqualTo(3.5);
        assertThat(StepTimer.median(new double[0])).isNaN();
    }

    @Test
    void theLastGradientVarianceOfTheRunsOwnEstimatorCounts() throws IOException {
        RunDirectory run = new RunDirectory(folder);
        assertThat(GradientVariance.last(run)).isNull();
        String epoch = """
                {"event":"%s","gradients":{"estimator":"path","loss":{"analytic":{"mu":{"variance":1},\
                "sigma":{"variance":2}},"path":{"mu":{"mean":9,"variance":%s},"sigma":{"variance":0.25}}}}}
                """;
        Files.writeString(
                run.metrics(),
                String.format(epoch, "epoch", "5")
                        + String.format(epoch, "epoch", "0.125")
                        + String.format(epoch, "step", "7")
                        // The first was not measured, the second is not a number.
                        + "{\"event\":\"epoch\",\"epoch\":3}\n"
                        + String.format(epoch, "epoch", "\"NaN\""));
        assertThat(GradientVariance.last(run)).isEqualTo(new GradientVariance("path", 0.125, 0.25));
    }
}
