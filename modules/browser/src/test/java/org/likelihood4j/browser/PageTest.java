package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.likelihood4j.browser.Page.Curve;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What a reader does with a report: zooms, reads values, moves sliders; by mouse and by keyboard. */
class PageTest extends OpenReport {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    PageTest() {
        super(BROWSER);
    }

    private static WebElement over(String chart) {
        return BROWSER.element("#" + chart + " .u-over");
    }

    @Test
    void draggingZoomsAllChartsAndADoubleClickShowsAllAgain() {
        Map<String, Double> all = page.scale("chart-loss", "x");
        BROWSER.drag(over("chart-loss"), 100, 60, 300, 80);
        page.painted();
        double width = over("chart-loss").getSize().getWidth();
        double perPixel = (all.get("max") - all.get("min")) / width;
        Map<String, Double> zoomed = page.scale("chart-loss", "x");
        assertThat(zoomed.get("min")).isCloseTo(all.get("min") + 100 * perPixel, within(2 * perPixel));
        assertThat(zoomed.get("max")).isCloseTo(all.get("min") + 300 * perPixel, within(2 * perPixel));
        for (String chart : List.of("chart-kl", "chart-kl-z", "chart-gradient-norms")) {
            assertThat(page.scale(chart, "x")).as(chart).isEqualTo(zoomed);
        }
        // What is drawn now is that part, larger.
        Curve part = Curve.of(run.events("epoch"), "/validation/loss").only(zoomed.get("min"), zoomed.get("max"));
        assertThat(page.seen("chart-loss", "validation", part, 0)).isGreaterThan(0.9);
        assertThat(page.scale("chart-loss", "y").get("max")).isLessThan(run.validationLoss(1));

        BROWSER.doubleClick(over("chart-loss"));
        page.painted();
        assertThat(page.scale("chart-loss", "x")).isEqualTo(all);
        assertThat(page.scale("chart-kl", "x")).isEqualTo(all);
    }

    @Test
    void hoveringReadsValues() {
        WebElement chart = over("chart-loss");
        BROWSER.scrollTo(chart);
        int x = (int) Math.round(BROWSER.number("likelihood4j.charts['chart-loss'].valToPos(7, 'x')"));
        BROWSER.move(chart, x, 50);
        page.painted();
        assertThat(BROWSER.text("document.querySelector('#chart-loss .where').textContent"))
                .isEqualTo("epoch 7");
        assertThat(BROWSER.text("document.querySelector('#chart-loss .legend').innerText"))
                .contains(shown(run.validationLoss(7)))
                .contains(shown(run.trainingLoss(7)));
    }

    /** Five digits, as the page has them. */
    private static String shown(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.2f" : "%.3f", value);
    }

    @Test
    void aLogScaleIsLogarithmic() {
        double before = middleOf("chart-loss");
        BROWSER.js("document.querySelector('#chart-loss .tools button').click()");
        page.painted();
        assertThat(before).isBetween(0.45, 0.55);
        assertThat(middleOf("chart-loss")).isLessThan(before - 0.02);
        Curve losses = Curve.of(run.events("epoch"), "/validation/loss");
        assertThat(page.seen("chart-loss", "validation", losses, 0)).isGreaterThan(0.9);
        assertThat(page.seen("chart-loss", "validation", losses, 16)).isLessThan(0.35);
    }

    /** Where the arithmetic mean of the scale's limits is: in the middle of a linear scale, above it in a logarithmic one. */
    private static double middleOf(String chart) {
        return BROWSER.number(
                "(id => { const u = likelihood4j.charts[id]; const {min, max} = u.scales.y;"
                        + "return u.valToPos((min + max) / 2, 'y') / u.over.clientHeight; }).apply(null, arguments)",
                chart);
    }

    @Test
    void theTabKeyReachesEveryControl() {
        BROWSER.js("window.reached = new Set()");
        BROWSER.js("document.addEventListener('focusin', e => window.reached.add(e.target))");
        double controls =
                BROWSER.number("document.querySelectorAll('button:not(:disabled), input:not(:disabled), select, .plot,"
                        + " canvas[tabindex], nav a').length");
        BROWSER.type(Keys.TAB.toString().repeat((int) controls + 20));
        assertThat(BROWSER.text(
                        "[...document.querySelectorAll('button, input, select, .plot, canvas[tabindex], nav a')]"
                                + ".filter(e => !e.disabled && e.checkVisibility() && !window.reached.has(e)).map(e => e.outerHTML.slice(0, 99))"
                                + ".join('\\n')"))
                .isEmpty();
        for (String control : List.of(
                "#chart-loss .plot",
                "#chart-kl .legend button",
                "#heat-kl",
                ".zoom input",
                "[data-kind=samples] input")) {
            assertThat(BROWSER.is("window.reached.has(document.querySelector(arguments[0]))", control))
                    .as(control)
                    .isTrue();
        }
    }

    @Test
    void keysReadValuesAndZoom() {
        BROWSER.focus("#chart-loss .plot");
        BROWSER.type(Keys.END);
        assertThat(BROWSER.text("document.getElementById('spoken').textContent"))
                .startsWith("epoch 40: ")
                .contains("validation " + shown(run.validationLoss(40)));
        BROWSER.type("+");
        page.painted();
        assertThat(page.scale("chart-loss", "x").get("min")).isCloseTo(20, within(0.01));
        assertThat(page.scale("chart-kl", "x").get("min")).isCloseTo(20, within(0.01));
        BROWSER.type(Keys.ESCAPE);
        page.painted();
        assertThat(page.scale("chart-kl", "x").get("min")).isZero();

        BROWSER.focus("#heat-kl");
        BROWSER.type(Keys.ARROW_RIGHT);
        BROWSER.type(Keys.ARROW_DOWN);
        assertThat(BROWSER.text("document.getElementById('spoken').textContent"))
                .startsWith("z1, epoch 40: " + String.format(Locale.ROOT, "%.3f", run.klOf(1, 40)));
    }

    /** The fields choose epochs without a mouse. */
    @Test
    void epochsCanBeTyped() {
        BROWSER.focus(".zoom input");
        BROWSER.type(Keys.chord(Keys.CONTROL, "a"), "10", Keys.TAB, Keys.chord(Keys.CONTROL, "a"), "12", Keys.ENTER);
        page.painted();
        assertThat(page.scale("chart-loss", "x")).isEqualTo(Map.of("min", 10.0, "max", 12.0));
    }

    @Test
    void theSliderMovesThePicturesByMouse() {
        page.showsPicture("samples", 5);
        page.showsPicture("reconstructions", 5);
        WebElement slider = BROWSER.element("[data-kind=samples] input");
        int width = slider.getSize().getWidth();
        BROWSER.click(slider, width / 2, 13);
        page.showsPicture("samples", 3);
        assertThat(BROWSER.text("document.querySelector('[data-kind=samples] .where').textContent"))
                .isEqualTo("epoch 3");
        BROWSER.drag(slider, width / 2, 13, 10, 13);
        page.showsPicture("samples", 1);
        // Each kind has a slider of its own.
        page.showsPicture("reconstructions", 5);
    }

    @Test
    void theSliderMovesThePicturesByKeyboard() {
        BROWSER.focus("[data-kind=reconstructions] input");
        BROWSER.type(Keys.ARROW_LEFT);
        page.showsPicture("reconstructions", 3);
        BROWSER.type(Keys.HOME);
        page.showsPicture("reconstructions", 1);
        BROWSER.type(Keys.END);
        page.showsPicture("reconstructions", 5);
        page.showsPicture("samples", 5);
    }
}
