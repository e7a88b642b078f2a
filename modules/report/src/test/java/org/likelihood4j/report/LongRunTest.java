package org.likelihood4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many epochs of a VAE with 50 latents. {@code -Dlong.epochs=10000} makes them more, and {@code -Dlong.run=FOLDER} keeps the run and
 * its page, to be looked at.
 */
class LongRunTest {
    private static final int EPOCHS = Integer.getInteger("long.epochs", 2000);
    private static final int LATENT = 50;

    @TempDir
    private Path temporary;

    @Test
    void aLongRunMakesAPageOfModestSize() throws IOException {
        String kept = System.getProperty("long.run");
        Path run = LongRun.write(kept == null ? temporary.resolve("run") : Path.of(kept), EPOCHS, LATENT);
        long started = System.nanoTime();
        ReportData data = ReportData.read(List.of(run));
        double read = (System.nanoTime() - started) / 1e9;
        String page = ReportPage.render(data, PageMode.STATIC);
        double seconds = (System.nanoTime() - started) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%,d epochs: %.1f MB of metrics read in %.2f s; page of %.2f MB after %.2f s%n",
                EPOCHS,
                Files.size(run.resolve("metrics.jsonl")) / 1e6,
                read,
                page.length() / 1e6,
                seconds);
        if (kept != null) {
            Files.writeString(run.resolve("report.html"), page);
        }
        RunReport report = data.runs().get(0);
        report.course().tables().forEach((name, rows) -> {
            assertThat(rows.x().length).as(name).isBetween(500, 1500);
            assertThat(rows.x()[rows.x().length - 1]).as(name).isEqualTo(EPOCHS);
        });
        assertThat(report.course().latents().x().length).isBetween(300, 400);
        assertThat(Arrays.stream(report.course().latents().x())).contains(1.0, (double) EPOCHS);
        assertThat(page.length()).isLessThan(8_000_000);
        assertThat(seconds).isLessThan(60);
    }
}
