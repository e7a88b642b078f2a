package org.likelihood4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveFolderTest {
    @TempDir
    private Path folder;

    private Map<String, String> seen(int depth) throws IOException {
        Map<String, String> seen = new TreeMap<>();
        LiveFolder.visit(
                folder,
                depth,
                (path, attributes) -> seen.put(
                        folder.relativize(path).toString(),
                        attributes.isSymbolicLink() ? "link" : attributes.isDirectory() ? "folder" : "file"));
        return seen;
    }

    @Test
    void filesAndLinksAreVisitedAsDeepAsAsked() throws IOException {
        Files.createDirectories(folder.resolve("a/b/c"));
        Files.writeString(folder.resolve("1"), "");
        Files.writeString(folder.resolve("a/2"), "");
        Files.createSymbolicLink(folder.resolve("a/l"), folder.resolve("a"));
        Files.writeString(folder.resolve("a/b/3"), "");
        assertThat(seen(1)).isEqualTo(Map.of("1", "file", "a", "folder"));
        assertThat(seen(2)).isEqualTo(Map.of("1", "file", "a/2", "file", "a/l", "link", "a/b", "folder"));
        assertThat(seen(4)).isEqualTo(Map.of("1", "file", "a/2", "file", "a/l", "link", "a/b/3", "file"));
    }

    /** {@link Files#walk} mostly fails here. */
    @Test
    void whatDisappearsMeanwhileIsPassedOver() throws Exception {
        Path kept = Files.writeString(folder.resolve("kept"), "");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; !done.get(); i++) {
                    Path child = Files.createDirectory(folder.resolve("child"));
                    AtomicFiles.write(child.resolve("file"), "number " + i);
                    AtomicFiles.delete(child);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            for (int i = 0; i < 2000; i++) {
                assertThat(seen(3)).containsKey(kept.getFileName().toString());
            }
        } finally {
            done.set(true);
            writer.get();
        }
    }
}
