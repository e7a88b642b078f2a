package org.likelihood4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    private Path folder;

    @Test
    void oneAtATime() throws IOException {
        try (FolderLock first = FolderLock.take(folder).orElseThrow()) {
            assertThat(first).isNotNull();
            assertThat(FolderLock.take(folder)).isEmpty();
        }
        FolderLock.take(folder).orElseThrow().close();
    }

    @Test
    void aFolderThatIsNotThere() {
        assertThatIOException().isThrownBy(() -> FolderLock.take(folder.resolve("none")));
    }
}
