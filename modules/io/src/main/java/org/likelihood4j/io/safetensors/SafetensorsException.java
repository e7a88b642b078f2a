package org.likelihood4j.io.safetensors;

import java.io.IOException;
import java.nio.file.Path;
import org.likelihood4j.io.Printable;

/** A safetensors file that is damaged or not one at all, told in one line that names the file and the tensor. */
public final class SafetensorsException extends IOException {
    SafetensorsException(Path file, String problem) {
        super(Printable.line(file + ": " + problem));
    }
}
