package org.likelihood4j.engine.cuda.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The text of kernels that are written by hand, in a file beside this class. */
final class KernelFile {
    private KernelFile() {}

    /** Behind what all kernels have before them, and lines that define the numbers it is of. */
    static String text(String name, String definitions) {
        try (InputStream file = KernelFile.class.getResourceAsStream(name)) {
            return KernelSource.prelude() + definitions + new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
