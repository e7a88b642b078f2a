package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.browser.Page.Curve;
import tools.jackson.databind.JsonNode;

/** What the charts have drawn is what the files say: the files' numbers against the charts' data, and against their pixels. */
class ChartsTest {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    /** Matplotlib's viridis at 0, 1/4, ... 1. */
    private static final int[][] VIRIDIS = {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}};

    private static final double DASHED = 0.4;

    private final Page page = new Page(BROWSER);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("report.html");
    }

    /** In every test: a report asks for nothing but itself, and has nothing to complain about. */
    @AfterEach
    void nothingElseHappened() {
        assertThat(BROWSER.console()).isEmpty();
        assertThat(BROWSER.requests()).containsExactly(file.toUri().toString());
    }

    private static Curve map(Curve curve, DoubleUnaryOperator operation) {
        return new Curve(
                curve.x(), curve.y().stream().map(operation::applyAsDouble).toList());
    }

    @Test
    void aVae() throws IOException {
        RunFolder run = RunFolder.vae(folder, "run").epochs(1, 40);
        page.openReport(file, run);
        List<JsonNode> epochs = run.events("epoch");
        List<JsonNode> steps = run.events("step");
        page.shows("chart-loss", "validation", Curve.of(epochs, "/validation/loss"));
        page.shows("chart-loss", "training", Curve.of(epochs, "/training/loss"), DASHED);
        page.shows("chart-terms", "validation", map(Curve.of(epochs, "/validation/reconstruction"), y -> -y));
        page.shows("chart-kl", "analytic", Curve.of(epochs, "/kl/analytic"));
        page.shows("chart-kl-difference", "sampled \u2212 analytic", Curve.of(epochs, "/kl/difference"));
        page.shows("chart-kl-z", "z", Curve.of(epochs, "/kl/z"));
        page.shows("chart-active", "active", Curve.of(epochs, "/latents/active"));
        for (String estimator : List.of("analytic", "sampled", "path")) {
            String loss = "/gradients/loss/" + estimator;
            page.shows("chart-gradient-variance", estimator + ", \u03bc", Curve.of(epochs, loss + "/mu/variance"));
            page.shows(
                    "chart-gradient-variance",
                    estimator + ", \u03c3",
                    Curve.of(epochs, loss + "/sigma/variance"),
                    DASHED);
        }
        page.shows("chart-gradient-norms", "whole gradient", Curve.of(steps, "/gradient_norm"));
        page.shows("chart-gradient-norms", "encoder", Curve.of(steps, "/blocks/0/gradient_norm"), DASHED);
        page.shows("chart-learning-rate", "learning rate", Curve.of(steps, "/learning_rate"));
        assertThat(BROWSER.is("document.querySelector('#bits').hidden && document.querySelector('#blocks').hidden"))
                .isTrue();
    }

    /** The band of two standard errors around the sampled KL and around the difference. */
    @Test
    void theErrorBands() throws IOException {
        RunFolder run = RunFolder.vae(folder, "run").epochs(1, 40);
        page.openReport(file, run);
        List<JsonNode> epochs = run.events("epoch");
        Curve error = Curve.of(epochs, "/kl/standard_error");
        for (String chart : List.of("chart-kl", "chart-kl-difference")) {
            Curve middle = Curve.of(epochs, chart.equals("chart-kl") ? "/kl/sampled" : "/kl/difference");
            for (double errors : new double[] {-1.5, 1.5, -3, 3}) {
                Curve at = new Curve(
                                middle.x(),
                                IntStream.range(0, middle.y().size())
                                        .mapToObj(i -> middle.y().get(i)
                                                + errors * error.y().get(i))
                                        .toList())
                        .only(15, 40);
                List<List<Integer>> pixels = page.pixels(chart, at);
                // Vermilion, through which the paper shows; grid lines are grey.
                double share = pixels.stream()
                                .filter(pixel -> pixel.get(3) > 30 && pixel.get(0) - pixel.get(2) > 30)
                                .count()
                        / (double) pixels.size();
                if (Math.abs(errors) < 2) {
                    assertThat(share).as(chart + " at " + errors + pixels).isGreaterThan(0.9);
                } else {
                    assertThat(share).as(chart + " at " + errors + pixels).isLessThan(0.1);
                }
            }
        }
    }

    @Test
    void aFlow() throws IOException {
        RunFolder run = RunFolder.flow(folder, "run").epochs(1, 40);
        page.openReport(file, run);
        List<JsonNode> epochs = run.events("epoch");
        List<JsonNode> steps = run.events("step");
        page.shows("chart-loss", "validation", Curve.of(epochs, "/validation/loss"));
        double unit = RunFolder.FLOW_DIMENSIONS * Math.log(2);
        Curve bits = map(Curve.of(epochs, "/validation/log_likelihood"), y -> -y / unit);
        Curve drawn = page.plotted("chart-bits", "bits/dim");
        assertThat(drawn.x()).isEqualTo(bits.x());
        for (int i = 0; i < bits.y().size(); i++) {
            assertThat(drawn.y().get(i)).isCloseTo(bits.y().get(i), within(1e-9));
        }
        assertThat(page.seen("chart-bits", "bits/dim", bits, 0)).isGreaterThan(0.9);
        assertThat(page.seen("chart-bits", "bits/dim", bits, 16)).isLessThan(0.2);
        assertThat(page.seen("chart-bits-total", "validation", bits, 0)).isGreaterThan(0.7);
        for (int block = 0; block < 2; block++) {
            String at = "/blocks/" + block;
            page.shows("chart-log-scales", "coupling" + block + ", rms", Curve.of(steps, at + "/log_scale/rms"));
            page.shows("chart-saturation", "coupling" + block, Curve.of(steps, at + "/log_scale/saturated"), 0);
            page.shows("chart-gradient-norms", "coupling" + block, Curve.of(steps, at + "/gradient_norm"), DASHED);
        }
        assertThat(BROWSER.is("document.querySelector('#kl').hidden && document.querySelector('#latents').hidden"))
                .isTrue();
    }

    /** An older version's first line says neither what the model can nor D. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunOfAnOlderVersionHasTheSameSections(boolean flow) throws IOException {
        RunFolder run = (flow ? RunFolder.flow(folder, "run") : RunFolder.vae(folder, "run")).epochs(1, 5);
        Path metrics = run.path().resolve("metrics.jsonl");
        Files.writeString(
                metrics, Files.readString(metrics).replaceFirst("(\"parameters\":1000).*(,\"provenance\")", "$1$2"));
        assertThat(metrics).content().doesNotContain("abilities", "dimensions\"");
        page.openReport(file, run);
        for (String section : List.of("kl", "latents", "gradients", "bits", "blocks")) {
            assertThat(BROWSER.is("document.querySelector('#" + section + "').hidden"))
                    .as(section)
                    .isEqualTo(flow != List.of("bits", "blocks").contains(section));
        }
    }

    /** Of real numbers there are no bits: neither D nor the dequantisation is among their lines. */
    @Test
    void rowsHaveTermsInNatsAndNoBits() throws IOException {
        RunFolder run = RunFolder.flow(folder, "run").epochs(1, 5);
        Path metrics = run.path().resolve("metrics.jsonl");
        Files.writeString(
                metrics,
                Files.readString(metrics)
                        .replaceFirst("\"dimensions\":\\d+,", "")
                        .replace("\"dequantization\"", "\"columns\""));
        page.openReport(file, run);
        assertThat(BROWSER.is("document.querySelector('#bits').hidden")).isTrue();
        assertThat(BROWSER.is("document.querySelector('#chart-bits-total').hidden"))
                .isTrue();
        assertThat(BROWSER.is("document.querySelector('#chart-parts').hidden")).isFalse();
        assertThat(BROWSER.text("document.querySelector('#chart-parts').textContent"))
                .contains("base", "columns", "couplings")
                .doesNotContain("log likelihood");
    }

    /** What is piled up adds up: in the middle of each term's share of the column is its colour. */
    @Test
    void theTermsOfAFlowArePiledUp() throws IOException {
        RunFolder run = RunFolder.flow(folder, "run").epochs(1, 40);
        page.openReport(file, run);
        double unit = RunFolder.FLOW_DIMENSIONS * Math.log(2);
        double up = 0;
        double down = 0;
        for (String term : List.of("base", "dequantization", "logit", "standardization", "couplings")) {
            double value = -run.term(term, 20.5) / unit;
            double middle = (value > 0 ? up : down) + value / 2;
            up += Math.max(0, value);
            down += Math.min(0, value);
            if (Math.abs(value) > 0.5) {
                List<Integer> pixel = page.pixels("chart-bits", new Curve(List.of(20.5), List.of(middle)))
                        .get(0);
                List<Integer> colour = page.colour("chart-bits", term);
                assertThat(pixel.get(3))
                        .as(term + " at " + middle + ": " + pixel)
                        .isGreaterThan(100);
                for (int i = 0; i < 3; i++) {
                    assertThat(pixel.get(i))
                            .as(term + " at " + middle + ": " + pixel + " for " + colour)
                            .isCloseTo(colour.get(i), within(30));
                }
            }
        }
    }

    @Test
    void theHeatMap() throws IOException {
        RunFolder run = RunFolder.vae(folder, "run").epochs(1, 40);
        page.openReport(file, run);
        List<JsonNode> epochs = run.events("epoch");
        double most = epochs.stream()
                .flatMap(line -> line.at("/latents/kl_analytic").valueStream())
                .mapToDouble(JsonNode::asDouble)
                .max()
                .orElseThrow();
        for (int epoch : new int[] {1, 2, 7, 20, 39, 40}) {
            for (int j = 0; j < RunFolder.LATENT; j++) {
                double kl =
                        epochs.get(epoch - 1).at("/latents/kl_analytic/" + j).asDouble();
                assertHeat(epoch, j, viridis(kl / most));
            }
        }
        // In the order of the last KL, the strongest dimension comes first.
        BROWSER.js("[...document.querySelectorAll('button')].find(b => b.textContent.startsWith('sort')).click()");
        assertHeat(40, 0, VIRIDIS[4]);
    }

    private static int[] viridis(double share) {
        int i = Math.min(3, (int) (share * 4));
        double part = share * 4 - i;
        return IntStream.range(0, 3)
                .map(c -> (int) Math.round(VIRIDIS[i][c] + part * (VIRIDIS[i + 1][c] - VIRIDIS[i][c])))
                .toArray();
    }

    private static void assertHeat(int epoch, int row, int[] colour) {
        Object pixel = BROWSER.js(
                "((epoch, row) => { const {box} = likelihood4j.heat; const heat = document.getElementById('heat-kl');"
                        + "const c = Object.assign(document.createElement('canvas'), {width: heat.width, height: heat.height})"
                        + "  .getContext('2d'); c.drawImage(heat, 0, 0); return [...c.getImageData(Math.round(likelihood4j.heat.position(epoch)),"
                        + " Math.round(box.top + (row + 0.5) * box.rowHeight), 1, 1).data].slice(0, 3); }).apply(null, arguments)",
                epoch,
                row);
        List<Integer> seen =
                ((List<?>) pixel).stream().map(v -> ((Number) v).intValue()).toList();
        for (int i = 0; i < 3; i++) {
            // The interpolation between few colours, theirs and ours, is off by so much.
            assertThat(seen.get(i))
                    .as("epoch " + epoch + ", row " + row + ": " + seen)
                    .isCloseTo(colour[i], within(26));
        }
    }

    @Test
    void severalRunsLieOverEachOther() throws IOException {
        RunFolder one = RunFolder.vae(folder, "one").epochs(1, 40);
        RunFolder two = RunFolder.vae(folder, "two").seed(4).epochs(1, 25);
        two.config("name: run\nmodel: {type: vae, latent: 8}\ntraining: {epochs: 25}\n");
        page.openReport(file, one, two);
        page.shows("chart-loss", "one \u00b7 validation", Curve.of(one.events("epoch"), "/validation/loss"));
        page.shows("chart-loss", "two \u00b7 validation", Curve.of(two.events("epoch"), "/validation/loss"));
        page.shows("chart-kl-z", "two \u00b7 z", Curve.of(two.events("epoch"), "/kl/z"), DASHED);
        String colour = "likelihood4j.charts['chart-loss'].series.find(s => s.label === arguments[0]).stroke()";
        assertThat(BROWSER.text(colour, "one \u00b7 validation"))
                .isNotEqualTo(BROWSER.text(colour, "two \u00b7 validation"));
        String table = BROWSER.text("document.getElementById('facts').innerText");
        assertThat(Stream.of(table.split("\n"))
                        .map(line -> line.replaceAll("\\s+", " ").strip()))
                .contains("training.epochs 40 25")
                .noneMatch(line -> line.startsWith("model.latent"));
    }

    @Test
    void numbersThatAreNotFiniteAreGaps() throws IOException {
        RunFolder run = RunFolder.vae(folder, "run").epochs(1, 10);
        run.line("'event':'step','time':'TIME','step':1050,'epoch':11,'loss':'NaN','gradient_norm':'Infinity'");
        run.line("'event':'divergence','time':'TIME','step':1051,'epoch':11,'quantity':'loss','blocks':[]");
        run.line("'event':'end','time':'TIME','reason':'diverged','epoch':10,'step':1050");
        page.openReport(file, run);
        page.shows(
                "chart-gradient-norms",
                "whole gradient",
                Curve.of(run.events("step"), "/gradient_norm").only(0, 10));
        assertThat(BROWSER.text("document.getElementById('events').innerText")).contains("loss is not finite");
        assertThat(BROWSER.text("document.getElementById('facts').innerText")).contains("diverged");
    }
}
