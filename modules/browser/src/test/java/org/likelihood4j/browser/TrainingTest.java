package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.browser.Page.Curve;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** Real trainings of both models: watched to their end, and then in the report that they leave. */
class TrainingTest {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    /** 100 steps an epoch. */
    private static final String COMMON = """
            name: run
            data: {type: digits, train: 400, validation: 40, test: 30}
            training: {epochs: 4, batchSize: 4, logEvery: 10}
            """;

    private static final String VAE = """
            model: {type: vae, latent: 4, encoder: {hidden: [16]}, decoder: {hidden: [16]}}
            diagnostics: {images: 40, gradientImages: 10, gradientDraws: 4}
            """;

    private static final String FLOW = """
            model: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [16]}, alpha: 0.01}
            """;

    /** A training takes a few seconds, on a machine that may be busy. */
    private static final Duration TRAINING = Duration.ofMinutes(1);

    private static final Pattern ADDRESS = Pattern.compile("live at (http://127\\.0\\.0\\.1:\\d+/)\n");

    private final Page page = new Page(BROWSER);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"vae", "flow"})
    void isWatchedToItsEnd(String model) throws Exception {
        Path config = Files.writeString(folder.resolve("c.yaml"), COMMON + (model.equals("vae") ? VAE : FLOW));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<Integer> training = CompletableFuture.supplyAsync(() -> Commands.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                "train",
                config.toString(),
                "--runs",
                folder.toString(),
                "--live",
                "--port",
                "0"));
        Matcher address = ADDRESS.matcher("");
        BROWSER.until(
                "the address",
                TRAINING,
                () -> address.reset(out.toString(StandardCharsets.UTF_8)).find());
        page.open(address.group(1));
        BROWSER.until(
                "the end",
                TRAINING,
                () -> BROWSER.is("document.getElementById('facts').innerText.includes('completed')"));
        assertThat(training.get(TRAINING.toSeconds(), TimeUnit.SECONDS))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        BROWSER.until("document.getElementById('live').textContent.startsWith('The training has ended')");
        page.painted();
        RunFolder run = RunFolder.at(folder.resolve("run"));
        showsAll(model, run);
        BROWSER.focus("[data-kind=reconstructions] input");
        BROWSER.type(Keys.HOME);
        BROWSER.until("a picture", () -> page.picture("reconstructions") >= 0);
        assertThat(BROWSER.console()).allMatch(line -> line.contains("ERR_CONNECTION_REFUSED"));
        assertThat(BROWSER.requests()).allMatch(request -> request.startsWith(address.group(1)));

        BROWSER.forget();
        Path report = run.path().resolve("report.html");
        page.open(report);
        showsAll(model, run);
        assertThat(BROWSER.console()).isEmpty();
        assertThat(BROWSER.requests()).containsExactly(report.toUri().toString());
    }

    /** Every chart that a model's page promises has something to show, and the main ones show what the file says. */
    private void showsAll(String model, RunFolder run) {
        List<JsonNode> epochs = run.events("epoch");
        List<JsonNode> steps = run.events("step");
        assertThat(epochs).hasSize(4);
        assertThat(steps).hasSize(40);
        for (String chart : model.equals("vae")
                ? List.of("loss", "kl", "kl-difference", "kl-z", "gradient-variance", "gradient-norms")
                : List.of("loss", "bits", "log-scales", "gradient-norms")) {
            assertThat(BROWSER.is("'chart-' + arguments[0] in likelihood4j.charts", chart))
                    .as(chart)
                    .isTrue();
        }
        page.shows("chart-gradient-norms", "whole gradient", Curve.of(steps, "/gradient_norm"));
        assertThat(page.plotted("chart-loss", "validation")).isEqualTo(Curve.of(epochs, "/validation/loss"));
        if (model.equals("vae")) {
            page.shows("chart-kl", "analytic", Curve.of(epochs, "/kl/analytic"));
            assertThat(BROWSER.number("document.getElementById('heat-kl').width"))
                    .isGreaterThan(300);
        } else {
            page.shows("chart-log-scales", "coupling0, rms", Curve.of(steps, "/blocks/0/log_scale/rms"), 0.5);
        }
        assertThat(page.picture("samples")).isNotNegative();
    }
}
