package org.likelihood4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallFilesTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatIsSmallEnough() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "caf\u00e9");
        assertThat(SmallFiles.read(file, 5)).isEqualTo("caf\u00e9");
        assertThatThrownBy(() -> SmallFiles.read(file, 4))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("larger than the 4 bytes");
        assertThatThrownBy(() -> SmallFiles.read(folder.resolve("none"), 4)).isInstanceOf(NoSuchFileException.class);
        Files.write(file, new byte[] {(byte) 0xff});
        assertThatThrownBy(() -> SmallFiles.read(file, 4)).isInstanceOf(CharacterCodingException.class);
    }

    @Test
    @Timeout(10)
    void neverWaitsForAPipe() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0) {
            assertThatThrownBy(() -> SmallFiles.read(pipe, 4)).hasMessageContaining("not a file");
        }
        assertThatThrownBy(() -> SmallFiles.read(folder, 4)).hasMessageContaining("not a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a\n", "a\n\nb", "\n", "a\nb\n"})
    void linesAreThoseOfTheLibrary(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("lines"), text);
        List<String> read = new ArrayList<>();
        try (SmallFiles.Lines lines = SmallFiles.lines(file, 1)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                read.add(line);
            }
        }
        assertThat(read).isEqualTo(Files.readAllLines(file));
    }

    @Test
    void aLongLineIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("lines"), "abc\n");
        try (SmallFiles.Lines lines = SmallFiles.lines(file, 2)) {
            assertThatThrownBy(lines::next).hasMessageContaining("longer than the 2 bytes");
        }
    }
}
