package org.likelihood4j.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.cli.report.Page.Curve;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What a reader does with a report: zooms, reads values, moves sliders; by mouse and by keyboard, in the dark and on a phone. */
class PageTest {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private static final int PHONE = 390;

    private final Page page = new Page(BROWSER);

    @TempDir
    private Path folder;

    private Path file;
    private RunFolder run;

    @BeforeEach
    void make() throws IOException {
        file = folder.resolve("report.html");
        run = RunFolder.vae(folder, "run")
                .epochs(1, 40)
                .pictures("samples", 1, 2, 3, 4, 5)
                .pictures("reconstructions", 1, 3, 5);
        page.openReport(file, run);
    }

    @AfterEach
    void nothingElseHappened() {
        assertThat(BROWSER.console()).isEmpty();
        assertThat(BROWSER.requests()).containsOnly(file.toUri().toString());
    }

    private static WebElement over(String chart) {
        return BROWSER.element("#" + chart + " .u-over");
    }

    // ---- zoom --------------------------------------------------------------------------------------------------------

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
        return String.format(java.util.Locale.ROOT, value >= 100 ? "%.2f" : "%.3f", value);
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
        return BROWSER.number("(id => { const u = likelihood4j.charts[id]; const {min, max} = u.scales.y;"
                + "return u.valToPos((min + max) / 2, 'y') / u.over.clientHeight; }).apply(null, arguments)", chart);
    }

    // ---- keyboard ----------------------------------------------------------------------------------------------------

    @Test
    void theTabKeyReachesEveryControl() {
        BROWSER.js("window.reached = new Set()");
        BROWSER.js("document.addEventListener('focusin', e => window.reached.add(e.target))");
        double controls = BROWSER.number("document.querySelectorAll('button:not(:disabled), input:not(:disabled), select, .plot,"
                + " canvas[tabindex], nav a').length");
        for (int i = 0; i < controls + 20; i++) {
            BROWSER.type(Keys.TAB);
        }
        assertThat(BROWSER.text("[...document.querySelectorAll('button, input, select, .plot, canvas[tabindex], nav a')]"
                        + ".filter(e => !e.disabled && e.checkVisibility() && !window.reached.has(e)).map(e => e.outerHTML.slice(0, 99))"
                        + ".join('\\n')"))
                .isEmpty();
        for (String control : List.of("#chart-loss .plot", "#chart-kl .legend button", "#heat-kl", ".zoom input",
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
                .startsWith("z1, epoch 40: " + String.format(java.util.Locale.ROOT, "%.3f", run.klOf(1, 40)));
    }

    /** The fields choose epochs without a mouse. */
    @Test
    void epochsCanBeTyped() {
        BROWSER.focus(".zoom input");
        BROWSER.type(Keys.chord(Keys.CONTROL, "a"), "10", Keys.TAB, Keys.chord(Keys.CONTROL, "a"), "12", Keys.ENTER);
        page.painted();
        assertThat(page.scale("chart-loss", "x")).isEqualTo(Map.of("min", 10.0, "max", 12.0));
    }

    // ---- pictures ----------------------------------------------------------------------------------------------------

    @Test
    void theSliderMovesThePicturesByMouse() {
        page.showsPicture("samples", 5);
        page.showsPicture("reconstructions", 5);
        WebElement slider = BROWSER.element("[data-kind=samples] input");
        int width = slider.getSize().getWidth();
        BROWSER.click(slider, width / 2, 13);
        page.showsPicture("samples", 3);
        assertThat(BROWSER.text("document.querySelector('[data-kind=samples] .where').textContent")).isEqualTo("epoch 3");
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

    // ---- looks -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void lightAndDark(String scheme) {
        BROWSER.colours(scheme);
        page.painted();
        int rgb = BROWSER.screenshot().getRGB(3, 3);
        float brightness = Color.RGBtoHSB((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255, null)[2];
        assertThat(brightness).isBetween(scheme.equals("light") ? 0.9f : 0f, scheme.equals("light") ? 1f : 0.25f);
        // What was drawn in the other colours is drawn anew.
        Curve losses = Curve.of(run.events("epoch"), "/validation/loss");
        assertThat(page.seen("chart-loss", "validation", losses, 0)).isGreaterThan(0.9);
        // Every text stands out against what is behind it, by the measure of WCAG (AA).
        String faint = BROWSER.text("(() => { const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3)"
                + "  .map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));"
                + "  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };"
                + "const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;"
                + "  if (!/, 0\\)$/.test(c)) return c; } };"
                + "return [...document.querySelectorAll('h1, h2, h3, p, dt, dd, td, th, button:not(:disabled), a, .where, .unit')]"
                + "  .filter(e => e.checkVisibility() && e.textContent.trim()).filter(e => {"
                + "    const a = light(getComputedStyle(e).color), b = light(behind(e));"
                + "    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5; })"
                + "  .map(e => e.outerHTML.slice(0, 120)).join('\\n'); })()");
        assertThat(faint).isEmpty();
    }

    @Test
    void theButtonSwitchesColours() {
        int light = BROWSER.screenshot().getRGB(3, 3);
        BROWSER.js("[...document.querySelectorAll('button')].find(b => b.textContent === 'Dark').click()");
        page.painted();
        int dark = BROWSER.screenshot().getRGB(3, 3);
        assertThat(light & 255).isGreaterThan(200);
        assertThat(dark & 255).isLessThan(60);
        assertThat(page.seen("chart-loss", "validation", Curve.of(run.events("epoch"), "/validation/loss"), 0))
                .isGreaterThan(0.9);
    }

    @Test
    void fitsAPhone() throws IOException {
        BROWSER.screen(PHONE, 844, true);
        RunFolder flow = RunFolder.flow(folder, "a-flow-with-a-rather-long-name_that-cannot_be_broken_anywhere_at_all")
                .epochs(1, 20)
                .pictures("samples", 1, 2);
        List<List<RunFolder>> pages = List.of(List.of(run), List.of(flow), List.of(run, flow));
        for (List<RunFolder> runs : pages) {
            page.openReport(file, runs.toArray(RunFolder[]::new));
            assertThat(BROWSER.number("innerWidth")).isEqualTo(PHONE);
            assertThat(BROWSER.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(PHONE);
            // Nothing sticks out, but for what scrolls within itself.
            assertThat(BROWSER.text("[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, nav, .unseen'))"
                            + ".filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"
                            + ".join('\\n')"))
                    .isEmpty();
        }
        page.openReport(file, run);
        page.shows("chart-loss", "validation", Curve.of(run.events("epoch"), "/validation/loss"));
        page.shows("chart-kl", "analytic", Curve.of(run.events("epoch"), "/kl/analytic"));
    }

    /** Turning the phone, or another size of the window, draws anew. */
    @Test
    void followsTheWindow() {
        BROWSER.screen(PHONE, 844, true);
        BROWSER.until("likelihood4j.charts['chart-loss'].width < " + PHONE);
        page.painted();
        page.shows("chart-loss", "validation", Curve.of(run.events("epoch"), "/validation/loss"));
        assertThat(BROWSER.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(PHONE);
    }

    // ---- hostile runs ------------------------------------------------------------------------------------------------

    private static final String EVIL = "<img src=x onerror=window.pwned=1><script>window.pwned=2<\\/script>";

    /** Names, numbers' names, values and texts of a run that someone has made to break out of them. */
    @Test
    void aRunCannotSayMarkup() throws IOException {
        RunFolder evil = RunFolder.vae(folder, "\"'><img src=x onerror=window.pwned=3><svg onload=window.pwned=4>");
        evil.config("name: x\nmodel: {type: vae, latent: 8}\n'" + EVIL + "': '" + EVIL + "'\n");
        evil.line(("'event':'start','time':'EVIL','steps_per_epoch':100,'parameters':'EVIL','provenance':{'data':'EVIL',"
                        + "'EVIL':'</script><script>window.pwned=5</script>','__proto__':{'data':'EVIL'}}")
                .replace("EVIL", EVIL));
        evil.epochs(1, 10);
        evil.line(("'event':'epoch','epoch':11,'step':1100,'training':{'EVIL':1,'loss':98,'__proto__':5,'constructor':6},"
                        + "'validation':{'EVIL':2,'loss':99},'warnings':['EVIL'],"
                        + "'gradients':{'loss':{'EVIL':{'mu':{'variance':3},'sigma':{'variance':4}},"
                        + "'__proto__':{'mu':{'variance':3}}}}")
                .replace("EVIL", EVIL));
        evil.line(("'event':'step','step':1150,'epoch':12,'loss':97,'gradient_norm':3,'blocks':[{'name':'EVIL','gradient_norm':3},"
                        + "{'name':'__proto__','gradient_norm':4,'log_scale':{'rms':1}},{'name':'toString','gradient_norm':4}]")
                .replace("EVIL", EVIL));
        evil.line("'event':'rollback','step':1160,'problem':'EVIL','to_step':1,'learning_rate_factor':0.5".replace("EVIL", EVIL));
        evil.line("'event':'end','reason':'EVIL'".replace("EVIL", EVIL));
        evil.pictures("samples", 1, 2);
        Files.writeString(evil.path().resolve("samples/epoch-0003.png"), "<svg xmlns='http://www.w3.org/2000/svg' onload='pwned=1'/>");

        List<List<RunFolder>> pages = List.of(List.of(evil), List.of(evil, run));
        for (List<RunFolder> runs : pages) {
            page.openReport(file, runs.toArray(RunFolder[]::new));
            BROWSER.js("document.querySelectorAll('button').forEach(button => button.click())");
            page.painted();
            BROWSER.pause(200);
            assertThat(BROWSER.text("typeof window.pwned")).isEqualTo("undefined");
            // As many scripts as ours, no element of theirs, no handler in any attribute; images only in the pictures.
            List<String> found = new ArrayList<>();
            for (String selector : List.of("script:not([type]):not(body > script)", "svg[onload]", "[onerror]", "[onload]",
                    "iframe", "object", "img:not([data-x]):not(.pictures img)")) {
                if (BROWSER.number("document.querySelectorAll(arguments[0]).length", selector) > 0) {
                    found.add(selector);
                }
            }
            assertThat(found).isEmpty();
            // Shown they are, as what they are: texts.
            assertThat(BROWSER.text("document.getElementById('title').parentElement.parentElement.parentElement.innerText"))
                    .contains("onerror=window.pwned=3");
            assertThat(BROWSER.text("document.getElementById('events').innerText")).contains("onerror=window.pwned=1");
        }
        page.openReport(file, evil);
        assertThat(BROWSER.text("document.title")).startsWith("\"'><img src=x");
        page.shows("chart-kl", "analytic", Curve.of(evil.events("epoch"), "/kl/analytic").only(0, 10));
    }

    /** Were a page to let markup in, the policy would still let nothing run or load: tried by hand here. */
    @Test
    void thePolicyLetsNothingElseRun() {
        BROWSER.js("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.pwned=1\"><img src=\"http://127.0.0.1:9/\">"
                + "<iframe src=\"http://127.0.0.1:9/\"></iframe><style>body{background:rgb(1,2,3)!important}</style>')");
        BROWSER.js("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.pwned=2'}))");
        BROWSER.pause(200);
        assertThat(BROWSER.text("typeof window.pwned")).isEqualTo("undefined");
        assertThat(BROWSER.text("getComputedStyle(document.body).backgroundColor")).isNotEqualTo("rgb(1, 2, 3)");
        assertThat(BROWSER.requests()).containsOnly(file.toUri().toString());
        assertThat(BROWSER.console()).hasSizeGreaterThan(3).allMatch(line -> line.contains("Content Security Policy"));
        BROWSER.forgetConsole();
    }
}
