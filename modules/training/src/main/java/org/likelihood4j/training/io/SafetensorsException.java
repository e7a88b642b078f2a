package org.likelihood4j.training.io;

import java.io.IOException;
import java.nio.file.Path;

/** A safetensors file that is damaged or not one at all, told in one line that names the file and the tensor. */
public final class SafetensorsException extends IOException {
    private static final int MAX_LENGTH = 1000;

    SafetensorsException(Path file, String problem) {
        super(file + ": " + oneLine(problem));
    }

    /** Names in a file are a stranger's text: none of their line breaks or control characters reaches a terminal. */
    private static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?");
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
    }
}
