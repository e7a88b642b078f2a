package org.likelihood4j.io;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.function.BiConsumer;

/** What is in a folder that another process may be writing in, where {@link Files#walk} fails on what disappears meanwhile. */
public final class LiveFolder {
    private LiveFolder() {}

    /**
     * Visits all that is below a folder but is no folder itself, without following links; folders at the greatest depth are
     * visited, too. What disappears while it is looked at is passed over.
     *
     * @param depth how deep: 1 for what is in the folder itself
     * @param visitor gets each path and its attributes, of a link those of the link itself
     */
    public static void visit(Path folder, int depth, BiConsumer<Path, BasicFileAttributes> visitor) throws IOException {
        Files.walkFileTree(folder, Set.of(), depth, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!file.equals(folder)) {
                    visitor.accept(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                return goOnAfter(failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                return failure == null ? FileVisitResult.CONTINUE : goOnAfter(failure);
            }
        });
    }

    private static FileVisitResult goOnAfter(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
