package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The tests' own eyes: a browser that sees nothing would let every page pass. */
class BrowserTest {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    @TempDir
    private Path folder;

    @Test
    void seesErrorsRequestsAndColours() throws IOException {
        Path page = Files.writeString(folder.resolve("bad.html"), """
                <!DOCTYPE html><meta charset="utf-8"><body style="margin: 0; background: #123456">
                <img src="http://example.invalid/x.png"><script>fetch('http://127.0.0.1:1/y'); boom();</script>
                """);
        BROWSER.open(page);
        BROWSER.until("an error", () -> BROWSER.console().stream().anyMatch(line -> line.contains("boom")));
        assertThat(BROWSER.requests())
                .contains(page.toUri().toString(), "http://example.invalid/x.png", "http://127.0.0.1:1/y");
        assertThat(BROWSER.screenshot().getRGB(5, 300)).isEqualTo(0xff123456);
        BROWSER.colours("dark");
        assertThat(BROWSER.is("matchMedia('(prefers-color-scheme: dark)').matches"))
                .isTrue();
    }

    @Test
    void startsEveryTestAnew() {
        assertThat(BROWSER.console()).isEmpty();
        assertThat(BROWSER.requests()).isEmpty();
        assertThat(BROWSER.is("matchMedia('(prefers-color-scheme: dark)').matches"))
                .isFalse();
    }
}
