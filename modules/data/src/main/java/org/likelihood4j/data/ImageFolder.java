package org.likelihood4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The PNG and JPEG files of a folder, or of the folders in it, which then are the classes: in the order of their names, so that a
 * folder is always read alike. Other files, and what starts with a dot, are passed over.
 *
 * @param labels of the files: the place of its folder among the classes, 0 if there are none
 * @param classes names of folders; none if the files lie in the folder itself
 */
@SuppressWarnings("ArrayRecordComponent") // of this package, and not changed
record ImageFolder(Path folder, List<Path> files, int[] labels, List<String> classes) {
    private static final int MOST_FILES = 2_000_000;
    private static final int MOST_BYTES = 1 << 30;
    private static final int MOST_COMPLAINTS = 10;
    private static final int CHUNK = 64;

    /** @throws DataException if there are none, or both classes and files without one; or links, which could lead anywhere */
    static ImageFolder list(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + (Files.exists(folder) ? ": is not a folder" : ": no such folder"));
        }
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<String> classes = new ArrayList<>();
        for (Path child : children(folder)) {
            if (Files.isDirectory(child)) {
                List<Path> inside =
                        children(child).stream().filter(ImageFolder::isImage).toList();
                inside.forEach(file -> labels.add(classes.size()));
                files.addAll(inside);
                if (!inside.isEmpty()) {
                    classes.add(child.getFileName().toString());
                }
            }
        }
        List<Path> direct =
                children(folder).stream().filter(ImageFolder::isImage).toList();
        if (!direct.isEmpty() && !files.isEmpty()) {
            throw new DataException(
                    folder + ": holds pictures, such as " + direct.get(0).getFileName()
                            + ", and also folders of pictures, such as " + classes.get(0)
                            + "; expected one or the other");
        }
        files.addAll(direct);
        direct.forEach(file -> labels.add(0));
        if (files.isEmpty()) {
            throw new DataException(folder + ": holds no .png, .jpg or .jpeg file, nor do the folders in it");
        } else if (files.size() > MOST_FILES) {
            throw new DataException(folder + ": holds " + files.size() + " pictures; expected at most " + MOST_FILES);
        }
        return new ImageFolder(
                folder,
                List.copyOf(files),
                labels.stream().mapToInt(Integer::intValue).toArray(),
                List.copyOf(classes));
    }

    private static boolean isImage(Path file) {
        return Files.isRegularFile(file) && ImageFile.isNamed(file);
    }

    private static List<Path> children(Path folder) {
        List<Path> children;
        try (Stream<Path> list = Files.list(folder)) {
            children = list.filter(child -> !child.getFileName().toString().startsWith("."))
                    .limit(MOST_FILES + 1L)
                    .sorted((a, b) ->
                            a.getFileName().toString().compareTo(b.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be read (" + e.getMessage() + ")", e);
        }
        for (Path child : children) {
            if (Files.isSymbolicLink(child)) {
                throw new DataException(
                        child + ": is a link, which is not followed; put what it points to in its place");
            }
        }
        return children;
    }

    /**
     * All pictures, scaled to one shape, on all cores.
     *
     * @throws DataException if they are too many for that shape, or some cannot be read: names each
     */
    ImageSet read(ImageShape shape, ProgressListener progress) {
        int most = MOST_BYTES / shape.size();
        if (files.size() > most) {
            throw new DataException(folder + ": holds " + files.size() + " pictures; expected at most " + most + " of "
                    + shape + " pixels");
        }
        byte[] pixels = new byte[files.size() * shape.size()];
        DataException[] failures = new DataException[files.size()];
        for (int start = 0; start < files.size(); start += CHUNK) {
            int end = Math.min(start + CHUNK, files.size());
            IntStream.range(start, end).parallel().forEach(i -> {
                try {
                    ImageFile.read(files.get(i), shape, pixels, i * shape.size());
                } catch (DataException e) {
                    failures[i] = e;
                }
            });
            progress.progress("reading pictures", end, files.size());
        }
        List<DataException> failed =
                Stream.of(failures).filter(failure -> failure != null).toList();
        if (!failed.isEmpty()) {
            throw new DataException(complaint(failed), failed.get(0));
        }
        return ImageSet.owning(shape, pixels, labels);
    }

    private static String complaint(List<DataException> failed) {
        StringBuilder text = new StringBuilder();
        failed.stream()
                .limit(MOST_COMPLAINTS)
                .forEach(failure -> text.append(text.isEmpty() ? "" : "\n").append(failure.getMessage()));
        if (failed.size() > MOST_COMPLAINTS) {
            text.append("\nand ").append(failed.size() - MOST_COMPLAINTS).append(" more files");
        }
        return text.toString();
    }
}
