package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.likelihood4j.browser.Page.Curve;

/** Alone, since it looks at the clock. */
@Isolated
class LongTrainingTest {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private final Page page = new Page(BROWSER);

    @TempDir
    private Path folder;

    /** Ten thousand epochs: quickly there, and a single bad epoch among them is not lost. */
    @Test
    void opensAtOnce() throws IOException {
        Path file = folder.resolve("report.html");
        RunFolder run = RunFolder.vae(folder, "run").epochs(1, 6000);
        run.line("'event':'epoch','time':'TIME','epoch':6001,'step':600100,'validation':{'loss':4321.5}");
        run.epochs(6002, 10_000)
                .pictures(
                        "samples",
                        IntStream.rangeClosed(1, 40).map(i -> i * 250).toArray());
        page.write(file, run);
        // From the address to what is painted.
        long start = System.nanoTime();
        page.open(file);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "measured: a report of 10,000 epochs opens in %.2f s.%n", seconds);
        assertThat(seconds).isLessThan(5);
        Curve curve = page.plotted("chart-loss", "validation");
        assertThat(curve.y()).hasSizeLessThan(2000).contains(4321.5);
        assertThat(curve.x().get(0)).isEqualTo(1);
        assertThat(curve.x().get(curve.x().size() - 1)).isEqualTo(10_000);
        Curve norms = page.plotted("chart-gradient-norms", "whole gradient");
        assertThat(page.seen("chart-gradient-norms", "whole gradient", norms, 0))
                .isGreaterThan(0.9);
        assertThat(page.seen("chart-loss", "validation", new Curve(List.of(6001.0), List.of(4321.5)), 0))
                .isEqualTo(1);
    }
}
