package org.likelihood4j.data.formats;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.likelihood4j.data.DataException;
import org.likelihood4j.io.Printable;

/**
 * NumPy's {@code .npz} files: zip archives of {@link NpyFile}s. An array of one is called by its name behind the file's, as if that
 * were a folder: {@code data.npz/X}.
 */
final class NpzFile {
    private static final String ENDING = ".npy";
    private static final int MOST_NAMED = 20;

    private NpzFile() {}

    /** Whether a path leads into such a file. */
    static boolean leadsInto(Path array) {
        Path archive = array.getParent();
        return archive != null && isArchive(archive);
    }

    /** Whether a file is a zip archive. */
    static boolean isArchive(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        byte[] start = GzipFile.start(file, 2);
        return start.length == 2 && start[0] == 'P' && start[1] == 'K';
    }

    /**
     * The content of an array's own file.
     *
     * @throws DataException if the archive has no such array
     * @throws IOException if the archive cannot be read
     */
    static InputStream open(Path array) throws IOException {
        Path archive = array.getParent();
        ZipFile zip = new ZipFile(archive.toFile());
        try {
            String name = array.getFileName().toString();
            ZipEntry entry = zip.getEntry(name.endsWith(ENDING) ? name : name + ENDING);
            if (entry == null) {
                throw new DataException(
                        archive + ": has no array '" + Printable.line(Printable.shorten(name)) + "'; " + holds(zip));
            }
            return new FilterInputStream(zip.getInputStream(entry)) {
                @Override
                public void close() throws IOException {
                    zip.close();
                }
            };
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** What is to be said to whoever takes the archive for an array. */
    static String advice(Path archive) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            List<String> names = names(zip);
            return "is a .npz file; " + holds(zip)
                    + (names.isEmpty() ? "" : ": name one, such as " + archive.resolve(names.get(0)));
        } catch (IOException e) {
            return "is a damaged .npz file (" + Printable.line(String.valueOf(e.getMessage())) + ")";
        }
    }

    private static String holds(ZipFile zip) {
        List<String> names = names(zip);
        return names.isEmpty()
                ? "it holds no array"
                : "it holds "
                        + names.stream()
                                .limit(MOST_NAMED)
                                .map(name -> Printable.line(Printable.shorten(name)))
                                .collect(Collectors.joining(", "))
                        + (names.size() > MOST_NAMED ? ", ..." : "");
    }

    private static List<String> names(ZipFile zip) {
        return zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(ENDING))
                .map(name -> name.substring(0, name.length() - ENDING.length()))
                .filter(name -> !name.isEmpty() && name.indexOf('\0') < 0)
                .toList();
    }
}
