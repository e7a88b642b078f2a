package org.likelihood4j.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes files and folders so that a reader, or a crash at any moment, sees the old content or the new content and
 * never a part of it.
 *
 * <p>New content is written beside its target under a name that starts with a dot and ends in {@code .tmp}, forced to
 * the disk, and renamed. A crash may leave such a file behind; nothing reads it, and {@link #deleteLeftovers} removes it. The
 * folder that holds the target must exist.
 */
public final class AtomicFiles {
    /** What {@link #beside} makes. */
    private static final Pattern LEFTOVER = Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    private AtomicFiles() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface FileBody {
        /**
         * Writes all of it.
         *
         * @param out where the content goes; not buffered, and closed by the caller
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Makes a file, or fills a folder, at a path. */
    @FunctionalInterface
    public interface PathBody {
        /**
         * Puts everything there.
         *
         * @param temporary an empty folder, or the name of a file to be made; it will be renamed, so that nothing may keep
         *     its path
         */
        void fill(Path temporary) throws IOException;
    }

    /** Creates or replaces a file with a text in UTF-8. */
    public static void write(Path target, String text) throws IOException {
        write(target, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Creates or replaces a file. */
    public static void write(Path target, byte[] content) throws IOException {
        write(target, out -> out.write(content));
    }

    /**
     * Creates or replaces a file with what the body writes. If the body fails, the target stays as it was.
     *
     * @throws IOException if the disk or the body fails
     */
    public static void write(Path target, FileBody body) throws IOException {
        fill(target, temporary -> {
            try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
                body.writeTo(out);
            }
        });
    }

    /**
     * Creates or replaces a file with the one that the body makes, which may also look at it and refuse it. If the body fails,
     * the target stays as it was.
     *
     * @throws IOException if the disk or the body fails
     */
    public static void fill(Path target, PathBody body) throws IOException {
        requireReplaceable(target);
        Path temporary = beside(target);
        try {
            body.fill(temporary);
            forceTree(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            deleteAfter(e, temporary);
            throw e;
        }
        forceFolder(folderOf(target));
    }

    /** Renaming would put a file in the place of a device or a pipe, also of one that a link leads to. */
    private static void requireReplaceable(Path target) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target)) {
            throw new FileSystemException(
                    target.toString(),
                    null,
                    "it is a device or a pipe, expected a file; --output - is standard output");
        }
    }

    /**
     * Creates a folder with what the body puts there. If the body fails, or there is something of that name already, nothing
     * changes: no file system replaces a folder that is not empty in one step.
     *
     * @throws FileAlreadyExistsException if the target exists
     * @throws IOException if the disk or the body fails
     */
    public static void createFolder(Path target, PathBody body) throws IOException {
        fill(target, temporary -> {
            Files.createDirectory(temporary);
            body.fill(temporary);
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(target.toString());
            }
        });
    }

    /**
     * Deletes what writes that were cut off have left in a folder; nothing if there is no such folder. Nobody else may be
     * writing there.
     */
    public static void deleteLeftovers(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> leftovers;
        try (Stream<Path> children = Files.list(folder)) {
            leftovers = children.filter(child ->
                            LEFTOVER.matcher(child.getFileName().toString()).matches())
                    .toList();
        }
        for (Path leftover : leftovers) {
            delete(leftover);
        }
    }

    /** As {@link Files#createDirectories}, which on older JDKs refuses a link to a folder. */
    public static void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
    }

    /** Deletes a file, or a folder with all that is in it, without following links; nothing if there is none. */
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** A new name in the target's folder: only there is a rename one step. */
    private static Path beside(Path target) {
        return folderOf(target).resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    private static Path folderOf(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("not a file or folder that can be written: " + target);
        }
        return folder;
    }

    private static void deleteAfter(Throwable failure, Path temporary) {
        try {
            delete(temporary);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void forceTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                forceFolder(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Makes a rename last. Some systems cannot open a folder, and those keep renames in order by themselves. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The content is complete either way; only how soon it would survive a power cut is left to the system.
        }
    }
}
