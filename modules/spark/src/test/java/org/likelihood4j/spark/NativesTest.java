package org.likelihood4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.io.RunException;

/** What a full disk is told by. */
class NativesTest {
    @TempDir
    private Path folder;

    @Test
    void nativeCodeNeedsRoom() throws IOException {
        Path cache = folder.resolve("natives");
        assertThatNoException().isThrownBy(() -> Natives.requireRoom(cache, 1));
        long free = Files.getFileStore(cache).getUsableSpace() >> 20;
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> Natives.requireRoom(cache, 2 * free + 1000))
                .withMessageMatching(".*natives: \\d+ MiB are free where native code is unpacked, which takes "
                        + (2 * free + 1000) + "; give spark.local.dir of the executors a larger disk");
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> Natives.requireRoom(file, 1))
                .withMessageStartingWith(file + ": cannot be written (");
    }

    @Test
    void theLastCauseIsSaid() {
        String said = """
                Job aborted: a task failed:
                java.lang.IllegalStateException: oh
                Caused by: java.io.IOException: no
                Caused by: java.io.IOException: No space left on device
                ... 4 more
                """;
        SparkException failure = new SparkException(said, null);
        assertThat(SparkFailure.firstLine(failure))
                .isEqualTo("Job aborted: a task failed: (java.io.IOException: No space left on device)");
        assertThat(SparkFailure.firstLine(new SparkException("Job aborted", failure)))
                .isEqualTo("Job aborted (java.io.IOException: No space left on device)");
        assertThat(SparkFailure.firstLine(new SparkException("one line", null))).isEqualTo("one line");
    }
}
