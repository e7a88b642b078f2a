package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of a report that is open when they begin, of a VAE after 40 epochs, with pictures of five of them. Whatever they do, the
 * page may say nothing on the console and ask for nothing but its own file.
 */
abstract class OpenReport {
    final Page page;

    @TempDir
    Path folder;

    Path file;
    RunFolder run;

    private final Browser browser;

    /** Each class has a browser of its own: classes run at the same time. */
    OpenReport(Browser browser) {
        this.browser = browser;
        this.page = new Page(browser);
    }

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("report.html");
        run = RunFolder.vae(folder, "run")
                .epochs(1, 40)
                .pictures("samples", 1, 2, 3, 4, 5)
                .pictures("reconstructions", 1, 3, 5);
        page.openReport(file, run);
    }

    @AfterEach
    void nothingElseHappened() {
        assertThat(browser.console()).isEmpty();
        assertThat(browser.requests())
                .allMatch(request -> request.equals(file.toUri().toString()));
    }
}
