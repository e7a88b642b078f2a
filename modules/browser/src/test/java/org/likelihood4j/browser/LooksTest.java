package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.browser.Page.Curve;

/** What a report looks like: in light and dark colours, on a phone, in a window that changes. */
class LooksTest extends OpenReport {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private static final int PHONE = 390;

    LooksTest() {
        super(BROWSER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void lightAndDark(String scheme) {
        BROWSER.colours(scheme);
        page.painted();
        int rgb = BROWSER.screenshot().getRGB(3, 3);
        float brightness = Color.RGBtoHSB((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255, null)[2];
        assertThat(brightness).isBetween(scheme.equals("light") ? 0.9f : 0f, scheme.equals("light") ? 1f : 0.25f);
        // What was drawn in the other colours is drawn anew.
        assertThat(BROWSER.text("likelihood4j.charts['chart-loss'].series[1].stroke()"))
                .isEqualTo(BROWSER.text("getComputedStyle(document.documentElement).getPropertyValue('--c0').trim()"));
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
            assertThat(BROWSER.text(
                            "[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, nav, .unseen'))"
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
}
