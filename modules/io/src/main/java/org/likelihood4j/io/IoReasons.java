package org.likelihood4j.io;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Short reasons for failures of input and output, as people would give them. */
public final class IoReasons {
    private IoReasons() {}

    /** A reason without class names or repeated paths, such as "permission denied": the system's own where it gave one. */
    public static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        } else if (e instanceof AccessDeniedException) {
            return "permission denied";
        } else if (e instanceof FileAlreadyExistsException) {
            return "there is a file of that name";
        } else if (e instanceof NotDirectoryException) {
            return "not a folder";
        } else if (e instanceof CharacterCodingException) {
            return "not UTF-8 text";
        }
        String detail = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return detail == null ? "input/output error" : detail;
    }
}
