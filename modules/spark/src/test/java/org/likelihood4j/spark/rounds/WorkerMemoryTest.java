package org.likelihood4j.spark.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.likelihood4j.io.RunException;

class WorkerMemoryTest {
    /** Spark ends an executor by an error, and by one that is behind an exception. */
    @Test
    void theErrorBecomesALine() {
        OutOfMemoryError error = new OutOfMemoryError("Java heap space");
        for (Throwable failure : new Throwable[] {error, new IOException(error.toString(), error)}) {
            assertThatExceptionOfType(RunException.class)
                    .isThrownBy(() -> WorkerMemory.within(() -> {
                        if (failure instanceof Exception e) {
                            throw e;
                        }
                        throw (Error) failure;
                    }))
                    .withMessageStartingWith("a worker's memory has no room")
                    .withNoCause()
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        }
    }

    @Test
    void allElseIsAsItIs() throws Exception {
        assertThat(WorkerMemory.within(() -> 3)).isEqualTo(3);
        IOException other = new IOException("another reason");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> WorkerMemory.within(() -> {
                    throw other;
                }))
                .isSameAs(other);
    }
}
