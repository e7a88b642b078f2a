package org.likelihood4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    private Path target;

    @BeforeEach
    void nameTheTarget() {
        target = folder.resolve("target");
    }

    @Test
    void createsAndReplacesAFile() throws IOException {
        AtomicFiles.write(target, "one");
        AtomicFiles.write(target, "tw\u00f6");
        assertThat(target).hasContent("tw\u00f6");
        assertThat(names(folder)).containsExactly("target");
    }

    @Test
    void theOldFileStandsUntilTheNewOneIsWhole() throws IOException {
        AtomicFiles.write(target, "old");
        AtomicFiles.write(target, out -> {
            out.write('n');
            out.flush();
            assertThat(target).hasContent("old");
            out.write('w');
        });
        assertThat(target).hasContent("nw");
    }

    @Test
    void aFailingBodyLeavesTheOldFileAndNothingElse() throws IOException {
        AtomicFiles.write(target, "old");
        assertThatIOException()
                .isThrownBy(() -> AtomicFiles.write(target, out -> {
                    out.write('n');
                    throw new IOException("disk full");
                }))
                .withMessage("disk full");
        assertThat(target).hasContent("old");
        assertThat(names(folder)).containsExactly("target");
    }

    @Test
    void aFileMadeAtAPathMayBeRefused() throws IOException {
        AtomicFiles.fill(target, temporary -> Files.writeString(temporary, "old"));
        assertThatIllegalStateException()
                .isThrownBy(() -> AtomicFiles.fill(target, temporary -> {
                    Files.writeString(temporary, "new");
                    throw new IllegalStateException();
                }));
        assertThat(target).hasContent("old");
        assertThat(names(folder)).containsExactly("target");
    }

    @Test
    void aFileHasTheRightsOfAnyNewFile() throws IOException {
        AtomicFiles.write(target, "x");
        Path plain = Files.writeString(folder.resolve("plain"), "x");
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            assertThat(Files.getPosixFilePermissions(target)).isEqualTo(Files.getPosixFilePermissions(plain));
        }
    }

    @Test
    void createsAFolder() throws IOException {
        AtomicFiles.createFolder(target, inside -> {
            Files.writeString(inside.resolve("a"), "1");
            Files.createDirectory(inside.resolve("sub"));
            Files.writeString(inside.resolve("sub/b"), "2");
            assertThat(target).doesNotExist();
        });
        assertThat(names(target)).containsExactly("a", "sub");
        assertThat(names(folder)).containsExactly("target");
    }

    @Test
    void aFolderIsNeverReplaced() throws IOException {
        AtomicFiles.createFolder(target, inside -> Files.writeString(inside.resolve("a"), "1"));
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(
                        () -> AtomicFiles.createFolder(target, inside -> Files.writeString(inside.resolve("b"), "2")));
        assertThat(names(target)).containsExactly("a");
        assertThat(names(folder)).containsExactly("target");
    }

    @Test
    void aFailingBodyLeavesNothing() throws IOException {
        assertThatIllegalStateException()
                .isThrownBy(() -> AtomicFiles.createFolder(target, inside -> {
                    Files.writeString(inside.resolve("b"), "2");
                    throw new IllegalStateException();
                }));
        assertThat(names(folder)).isEmpty();
    }

    /** What reads the pipe would wait for ever, and a device is everybody's. */
    @Test
    void aPipeIsNotReplacedNorIsALinkToOne() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path link = Files.createSymbolicLink(folder.resolve("link"), pipe);
        for (Path path : new Path[] {pipe, link}) {
            assertThatExceptionOfType(FileSystemException.class)
                    .isThrownBy(() -> AtomicFiles.write(path, "x"))
                    .withMessageContaining("a device or a pipe");
        }
        assertThat(Files.isRegularFile(pipe)).isFalse();
        assertThat(names(folder)).containsExactly("link", "pipe");
    }

    @Test
    void leftoversAreDeletedAndNothingElse() throws IOException {
        Path[] left = new Path[1];
        AtomicFiles.fill(target, temporary -> {
            left[0] = temporary;
            Files.writeString(temporary, "x");
        });
        Files.createDirectory(left[0]);
        Files.writeString(left[0].resolve("half"), "x");
        Files.writeString(folder.resolve(".mine.tmp"), "x");
        AtomicFiles.deleteLeftovers(folder);
        AtomicFiles.deleteLeftovers(folder.resolve("none"));
        assertThat(names(folder)).containsExactly(".mine.tmp", "target");
    }

    @Test
    void deletingDoesNotFollowLinks() throws IOException {
        Path kept =
                Files.writeString(Files.createDirectory(folder.resolve("kept")).resolve("file"), "x");
        Files.createDirectory(target);
        Files.createSymbolicLink(target.resolve("link"), kept.getParent());
        AtomicFiles.delete(target);
        AtomicFiles.delete(target);
        assertThat(target).doesNotExist();
        assertThat(kept).exists();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
