package org.likelihood4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void plainTextStays() {
        assertThat(Printable.line("caf\u00e9 \ud83d\ude00 \u65e5\u672c x=1"))
                .isEqualTo("caf\u00e9 \ud83d\ude00 \u65e5\u672c x=1");
        assertThat(Printable.line("")).isEmpty();
    }

    @Test
    void controlsAreEscaped() {
        assertThat(Printable.line("a\u001b[31mb\u0007\u0000\u007f\u009b"))
                .isEqualTo("a\\u001b[31mb\\u0007\\u0000\\u007f\\u009b");
        assertThat(Printable.line("\u202e\u200b\ufeff\ud800")).isEqualTo("\\u202e\\u200b\\ufeff\\ud800");
        // A tag character, outside of the plane of the others.
        assertThat(Printable.line("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void linesBecomeOne() {
        assertThat(Printable.line("a\nb\r\nc\td\u2028e")).isEqualTo("a b  c d e");
    }

    @Test
    void longTextIsCut() {
        assertThat(Printable.line("x".repeat(5000))).isEqualTo("x".repeat(1000) + "...");
        assertThat(Printable.line("\u0000".repeat(5000)).length()).isLessThan(1010);
        // A cut line is one already, wherever an escape ended.
        for (int before = 990; before < 1010; before++) {
            String line = Printable.line("x".repeat(before) + "\u0001".repeat(9));
            assertThat(Printable.line(line)).isEqualTo(line);
            assertThat(line.length()).isLessThan(1010);
        }
        assertThat(Printable.shorten("x".repeat(60))).isEqualTo("x".repeat(60));
        assertThat(Printable.shorten("x".repeat(61))).isEqualTo("x".repeat(60) + "...");
    }
}
