package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Drawings of the plane, of files that were made by hand. */
class PlaneTest {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private static final String HEAD =
            "{\"formatVersion\": 1, \"weights\": {\"checkpoint\": \"best\", \"sha256\": \"0\"}, \"split\": \"test\", ";

    private final Page page = new Page(BROWSER);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("report.html");
    }

    @AfterEach
    void nothingElseHappened() {
        assertThat(BROWSER.console()).isEmpty();
        assertThat(BROWSER.requests()).containsExactly(file.toUri().toString());
    }

    /** N(0, I) on a grid: half of its mass is within a circle of radius sqrt(2 log 2), a share s within sqrt(-2 log(1 - s)). */
    @Test
    void latentsByClassWithContours() throws IOException {
        RunFolder run = RunFolder.vae(folder, "run").epochs(1, 3);
        int size = 65;
        String normal = IntStream.range(0, size * size)
                .mapToObj(i -> {
                    double x = -4 + 8.0 * (i % size) / (size - 1);
                    double y = -4 + 8.0 * Math.floorDiv(i, size) / (size - 1);
                    return String.valueOf(Math.exp(-(x * x + y * y) / 2) / (2 * Math.PI));
                })
                .collect(Collectors.joining(", ", "[", "]"));
        Files.writeString(
                run.path().resolve("latents.json"),
                HEAD + "\"examples\": 3, \"axes\": [{\"name\": \"z_1\", \"variance\": 1, \"share\": 0.6}, {\"name\":"
                        + " \"z_2 <b>\", \"variance\": 1, \"share\": 0.4}], \"classes\": [\"cat\", \"<i>dog</i>\"], \"labels\":"
                        + " [0, 1, 1], \"x\": [-1, 0, 1], \"y\": [0, 0, 0], \"plane\": {\"low\": [-4, -4], \"high\": [4, 4],"
                        + " \"size\": " + size + ", \"posterior\": " + normal
                        + ", \"prior\": null}, \"quantities\": [{\"name\":"
                        + " \"kl\", \"mean\": 12.5, \"standardError\": 0.25, \"description\": \"sampled\"}]}");
        page.openReport(file, run);
        assertThat(BROWSER.is("document.querySelector('#latent-space').hidden")).isFalse();
        assertThat(BROWSER.is("document.querySelector('#layers').hidden")).isTrue();
        assertThat(BROWSER.number("document.querySelectorAll('#latent-map circle').length"))
                .isEqualTo(3);
        assertThat(BROWSER.number("document.querySelectorAll('#latent-map .contour.prior').length"))
                .isEqualTo(0);
        assertThat(BROWSER.text("document.querySelector('#latent-map .legend').textContent"))
                .isEqualTo("cat<i>dog</i>");
        assertThat(BROWSER.text("document.querySelector('#latent-space table').textContent"))
                .contains("12.50\u00a0\u00b1\u00a00.25");
        // Circles stand at -1, 0 and 1: so long is a unit, and there is the centre.
        double centre = BROWSER.number("document.querySelectorAll('#latent-map circle')[1].cx.baseVal.value");
        double down = BROWSER.number("document.querySelectorAll('#latent-map circle')[1].cy.baseVal.value");
        double unit = BROWSER.number("document.querySelectorAll('#latent-map circle')[2].cx.baseVal.value") - centre;
        double[] shares = {0.5, 0.9, 0.99};
        for (int k = 0; k < shares.length; k++) {
            double radius = Math.sqrt(-2 * Math.log(1 - shares[k]));
            for (String extreme : new String[] {"min", "max"}) {
                double seen = BROWSER.number(
                        "Math." + extreme + "(...[...document.querySelectorAll('#latent-map .contour.posterior')[" + k
                                + "].children].map(l => Math.hypot(l.x1.baseVal.value - arguments[0], l.y1.baseVal.value - arguments[1])))",
                        centre,
                        down);
                assertThat(seen / unit).isCloseTo(radius, within(0.08));
            }
        }
        BROWSER.element("#latent-map .legend button").click();
        assertThat(BROWSER.is("document.querySelector('#latent-map .points').style.display === 'none'"))
                .isTrue();
    }

    @Test
    void aSliderThroughLayers() throws IOException {
        RunFolder run = RunFolder.flow(folder, "run").epochs(1, 3);
        Files.writeString(
                run.path().resolve("layers.json"),
                HEAD + "\"extent\": 3, \"size\": 2, \"columns\": [\"a\", \"b\"], \"classes\": [], \"labels\": [0, 0],"
                        + " \"spaces\": [" + space("data", 2, 0.7) + ", " + space("coupling0: latents", 1, 0) + "]}");
        page.openReport(file, run);
        assertThat(BROWSER.is("document.querySelector('#layers').hidden")).isFalse();
        assertThat(BROWSER.number("document.querySelectorAll('#layer-map .lines line').length"))
                .isEqualTo(4);
        assertThat(BROWSER.text("document.querySelector('#layer-map output').textContent"))
                .isEqualTo("0 of 1: data");
        String light = BROWSER.text("document.querySelector('#layer-map .lines line').style.stroke");
        BROWSER.focus("#layer-map input");
        BROWSER.type(org.openqa.selenium.Keys.ARROW_RIGHT);
        assertThat(BROWSER.text("document.querySelector('#layer-map output').textContent"))
                .isEqualTo("1 of 1: behind coupling0: latents");
        assertThat(BROWSER.text("document.querySelector('#layer-map .lines line').style.stroke"))
                .isNotEqualTo(light);
        assertThat(BROWSER.number("document.querySelectorAll('#layer-map circle').length"))
                .isEqualTo(2);
    }

    private static String space(String name, double scale, double logDet) {
        return "{\"name\": \"" + name + "\", \"x\": [" + -scale + ", " + scale + ", " + -scale + ", " + scale
                + "], \"y\": ["
                + -scale + ", " + -scale + ", " + scale + ", " + scale + "], \"logDet\": [" + logDet + ", " + logDet
                + ", "
                + logDet + ", " + logDet + "], \"dataX\": [0, " + scale / 2 + "], \"dataY\": [0, 0]}";
    }

    /** What does not fit is told among the notes, and the page is as ever. */
    @Test
    void filesThatAreNoneAreNoted() throws IOException {
        RunFolder run = RunFolder.flow(folder, "run").epochs(1, 3);
        Files.writeString(
                run.path().resolve("layers.json"),
                HEAD
                        + "\"extent\": 3, \"size\": 3, \"columns\": [\"a\", \"b\"], \"classes\": [], \"labels\": [0, 0], \"spaces\": ["
                        + space("data", 2, 0.7) + ", " + space("latents", 1, 0) + "]}");
        page.openReport(file, run);
        assertThat(BROWSER.is("document.querySelector('#layers').hidden")).isTrue();
        assertThat(BROWSER.text("document.querySelector('#events').textContent"))
                .contains("layers.json", "9 nodes");
    }
}
