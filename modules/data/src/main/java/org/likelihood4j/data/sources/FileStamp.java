package org.likelihood4j.data.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What tells that a file, or a folder's files, may have become others, without reading them.
 *
 * @param files sizes and times by their paths; empty if they cannot be looked at, which their reader says better
 */
record FileStamp(Map<Path, State> files) {
    record State(long size, FileTime modified) {
        private static State of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(attributes.size(), attributes.lastModifiedTime());
        }
    }

    FileStamp {
        files = Map.copyOf(files);
    }

    /** Of now. */
    static FileStamp of(Path path) {
        try {
            Map<Path, State> files = new HashMap<>();
            for (Path file : files(path)) {
                files.put(file, State.of(file));
            }
            return new FileStamp(files);
        } catch (IOException e) {
            return new FileStamp(Map.of());
        }
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.toList();
        }
    }
}
