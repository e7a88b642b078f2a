package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.browser.Page.Curve;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.report.LiveRun;
import org.likelihood4j.report.LiveServer;
import org.openqa.selenium.Keys;

/** An open page while the run's folder changes under it, and while its server comes and goes. */
class LiveTest {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private final Page page = new Page(BROWSER);

    @TempDir
    private Path folder;

    private RunFolder run;
    private LiveServer server;
    private String address;

    @BeforeEach
    void serve() throws IOException {
        run = RunFolder.vae(folder, "run")
                .epochs(1, 20)
                .pictures("samples", 1, 5, 10, 15, 20)
                .pictures("reconstructions", 5, 10, 15, 20);
        server = start(0);
        address = server.address();
        page.open(address);
    }

    private LiveServer start(int port) throws IOException {
        LiveServer started = LiveServer.bind(port);
        started.serve(LiveRun.open(run.path()));
        return started;
    }

    @AfterEach
    void stop() {
        server.close();
        // Whatever else happened, the page has asked nobody but its server.
        assertThat(BROWSER.requests()).isNotEmpty().allMatch(request -> request.startsWith(address));
        // A page that stays would go on asking, and the next test would be told.
        BROWSER.open("about:blank");
        BROWSER.forget();
    }

    private void untilShown(int epoch) {
        BROWSER.until(
                "(u => u && u.data[0].length > 0 && u.data[0][u.data[0].length - 1] === arguments[0])"
                        + "(likelihood4j.charts['chart-loss'])",
                epoch);
        page.painted();
    }

    private static String state() {
        return BROWSER.text("document.getElementById('live').dataset.state");
    }

    private static String epochOf(String kind) {
        return BROWSER.text("document.querySelector(arguments[0]).textContent", "[data-kind=" + kind + "] .where");
    }

    @Test
    void newEpochsAppearAndZoomAndSlidersStay() {
        page.shows("chart-loss", "validation", Curve.of(run.events("epoch"), "/validation/loss"));
        BROWSER.drag(BROWSER.element("#chart-loss .u-over"), 100, 60, 300, 60);
        BROWSER.focus("[data-kind=reconstructions] input");
        BROWSER.type(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
        BROWSER.js(
                "[...document.querySelectorAll('#chart-kl .legend button')].find(b => b.textContent.startsWith('sampled')).click()");
        page.painted();
        Map<String, Double> zoom = page.scale("chart-loss", "x");
        assertThat(zoom.get("min")).isGreaterThan(1);
        page.showsPicture("reconstructions", 10);
        page.showsPicture("samples", 20);
        BROWSER.js("window.scrollTo(0, 700)");
        double scroll = BROWSER.number("scrollY");

        run.epochs(21, 30).pictures("samples", 25, 30).pictures("reconstructions", 25, 30);
        untilShown(30);
        // The slider that was at the newest picture follows, the one that was moved stays, and so does everything else.
        page.showsPicture("samples", 30);
        page.showsPicture("reconstructions", 10);
        assertThat(epochOf("samples")).isEqualTo("epoch 30");
        assertThat(epochOf("reconstructions")).isEqualTo("epoch 10");
        for (String chart : List.of("chart-loss", "chart-kl", "chart-gradient-norms")) {
            assertThat(page.scale(chart, "x")).as(chart).isEqualTo(zoom);
        }
        assertThat(BROWSER.is("document.activeElement === document.querySelector('[data-kind=reconstructions] input')"))
                .isTrue();
        assertThat(BROWSER.number("scrollY")).isEqualTo(scroll);
        assertThat(BROWSER.is("likelihood4j.charts['chart-kl'].series.find(s => s.label === 'sampled').show"))
                .isFalse();

        // A slider that is moved to the end again follows again.
        BROWSER.type(Keys.END);
        BROWSER.js("likelihood4j.setView(null)");
        run.epochs(31, 32).pictures("reconstructions", 32);
        untilShown(32);
        page.showsPicture("reconstructions", 32);
        page.shows("chart-loss", "validation", Curve.of(run.events("epoch"), "/validation/loss"));

        run.line("'event':'end','time':'TIME','reason':'completed','epoch':32,'step':3200");
        BROWSER.until("document.getElementById('facts').innerText.includes('completed')");
        assertThat(state()).isEqualTo("connected");
        assertThat(BROWSER.console()).isEmpty();
    }

    /** Nothing is sent again while nothing changes, and what is new only once. */
    @Test
    void nothingIsSentTwice() {
        BROWSER.until(
                "a poll",
                () -> BROWSER.requests().stream()
                                .filter(r -> r.endsWith("data.json"))
                                .count()
                        >= 3);
        assertThat(BROWSER.text("JSON.stringify(performance.getEntriesByType('resource')"
                        + ".filter(e => e.name.endsWith('data.json')).map(e => e.responseStatus))"))
                .matches("\\[200(,304)+]");
        List<String> pictures =
                BROWSER.requests().stream().filter(r -> r.contains(".png")).toList();
        assertThat(pictures).doesNotHaveDuplicates().hasSize(9);
        assertThat(BROWSER.console()).isEmpty();
    }

    @Test
    void aServerThatIsGoneIsToldAndOneThatIsBackIsFound() throws IOException {
        int port = server.port();
        BROWSER.until(
                "all pictures",
                () -> BROWSER.requests().stream()
                                .filter(r -> r.contains(".png"))
                                .count()
                        == 9);
        BROWSER.pause(100);
        server.close();
        BROWSER.until("the loss", () -> state().equals("lost"));
        assertThat(BROWSER.text("document.getElementById('live').textContent")).contains("Trying again");
        // All that was shown can still be looked at: pictures too that were not on the screen yet.
        BROWSER.focus("[data-kind=samples] input");
        BROWSER.type(Keys.HOME);
        page.showsPicture("samples", 1);
        BROWSER.drag(BROWSER.element("#chart-loss .u-over"), 100, 60, 300, 60);
        page.painted();
        Map<String, Double> zoom = page.scale("chart-loss", "x");

        run.epochs(21, 24).pictures("samples", 24);
        server = start(port);
        untilShown(24);
        assertThat(state()).isEqualTo("connected");
        assertThat(page.scale("chart-loss", "x")).isEqualTo(zoom);
        page.showsPicture("samples", 1);
        // The browser itself notes the requests that nobody answered; there is nothing else.
        assertThat(BROWSER.console()).isNotEmpty().allMatch(line -> line.contains("ERR_CONNECTION_REFUSED"));
    }

    @Test
    void aTrainingThatWentBackIsShownAsItIsNow() throws IOException {
        run.resumeAfter(8);
        run.seed(3).epochs(9, 12);
        untilShown(12);
        // The mark of the resume covers a point.
        page.shows("chart-loss", "validation", Curve.of(run.events("epoch"), "/validation/loss"), 0.8);
        assertThat(BROWSER.text("document.getElementById('events').innerText")).contains("resumed");
        assertThat(BROWSER.console()).isEmpty();
    }

    @Test
    void aFolderThatIsDeletedAndTrainedAnewIsShownAsItIsNow() throws IOException {
        AtomicFiles.delete(run.path());
        BROWSER.until("the loss", () -> state().equals("lost"));
        assertThat(BROWSER.text("document.getElementById('live').textContent")).contains("folder");
        page.shows("chart-loss", "validation", page.plotted("chart-loss", "validation"));
        run = RunFolder.flow(folder, "run").epochs(1, 22).pictures("samples", 7);
        untilShown(22);
        page.shows("chart-log-scales", "coupling0, rms", Curve.of(run.events("step"), "/blocks/0/log_scale/rms"));
        assertThat(BROWSER.is("document.querySelector('#kl').hidden")).isTrue();
        page.showsPicture("samples", 7);
        assertThat(state()).isEqualTo("connected");
        assertThat(BROWSER.console()).isNotEmpty().allMatch(line -> line.contains("503"));
    }

    /** A run of which nothing is there yet, as when a training has just been started. */
    @Test
    void aRunThatBegins() {
        run = RunFolder.vae(folder, "young");
        // The page of the other server would go on asking it, and say so in the console.
        BROWSER.open("about:blank");
        BROWSER.forget();
        server.close();
        try {
            server = start(0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        address = server.address();
        page.open(address);
        assertThat(BROWSER.is("likelihood4j.charts['chart-loss'] === undefined"))
                .isTrue();
        run.epochs(1, 1);
        untilShown(1);
        run.epochs(2, 3).pictures("samples", 3);
        untilShown(3);
        page.shows("chart-loss", "validation", Curve.of(run.events("epoch"), "/validation/loss"));
        page.showsPicture("samples", 3);
        assertThat(BROWSER.console()).isEmpty();
    }
}
