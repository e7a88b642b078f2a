package org.likelihood4j.data.sources;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.HeapNeed;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.images.ImageFile;
import org.likelihood4j.data.images.PictureKind;
import org.likelihood4j.io.Printable;

/**
 * The pictures of a folder and of all folders in it, in the order of their paths, so that a folder is always read alike. The first
 * folder below is a picture's class. Links are followed. Hidden files, and those that systems leave in every folder, are passed
 * over; other files are counted.
 *
 * @param pictures files whose names say that they are pictures, whether they can be read or not
 * @param others how many other files there are, by their suffixes
 */
record ImageFolder(Path folder, List<Entry> pictures, Map<String, Integer> others) {
    /**
     * A picture.
     *
     * @param name its path in the folder, with slashes
     * @param label the first folder of that path; empty for a picture that lies in the folder itself
     */
    record Entry(Path file, String name, String label) {}

    /**
     * Pictures that were read.
     *
     * @param pixels (C, H, W), one after the other
     * @param all pictures of the folder, in the order of their paths
     * @param places of those that were read, among all
     * @param leftOut a line for each picture that could not be read
     */
    @SuppressWarnings("ArrayRecordComponent") // of this package, and not changed
    record Content(ImageShape shape, byte[] pixels, List<Entry> all, int[] places, List<String> leftOut) {
        /** Where the pictures came from. */
        List<Entry> entries() {
            return Arrays.stream(places).mapToObj(all::get).toList();
        }

        /** @param classes the names of the labels, in the order of their numbers; a picture without one has number 0 */
        ImageSet labelled(List<String> classes) {
            Map<String, Integer> numbers = new HashMap<>();
            classes.forEach(name -> numbers.put(name, numbers.size()));
            ImageSet images = ImageSet.owning(
                            shape,
                            pixels,
                            entries().stream()
                                    .mapToInt(entry -> numbers.getOrDefault(entry.label(), 0))
                                    .toArray())
                    .withFiles(all.stream().map(Entry::name).toList(), places);
            return classes.isEmpty() ? images.withoutLabels() : images;
        }
    }

    private static final int MOST_FILES = 2_000_000;
    private static final int MOST_BYTES = 1 << 30;
    private static final int MOST_COMPLAINTS = 10;
    private static final int MOST_NAMED = 10;
    private static final int CHUNK = 64;
    private static final Set<String> OF_SYSTEMS = Set.of("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx");

    ImageFolder {
        pictures = List.copyOf(pictures);
    }

    /**
     * What is in a folder; or a single picture.
     *
     * @throws DataException if it cannot be looked into, or links lead in a circle
     */
    static ImageFolder list(Path folder) {
        Walk walk = new Walk();
        if (Files.isDirectory(folder)) {
            walk.enter(folder, "", "");
        } else if (Files.exists(folder)) {
            walk.add(folder, folder.getFileName().toString(), "");
        } else {
            throw new DataException(folder + ": no such folder");
        }
        return new ImageFolder(folder, walk.pictures, walk.others);
    }

    /** Collects files, deepest folders first where their names come first. */
    private static final class Walk {
        private final List<Entry> pictures = new ArrayList<>();
        private final Map<String, Integer> others = new TreeMap<>();
        private final Deque<Path> open = new ArrayDeque<>();
        private int seen;

        void enter(Path folder, String name, String label) {
            try {
                Path real = folder.toRealPath();
                if (open.contains(real)) {
                    throw new DataException(folder + ": is a link to a folder that it is in, which would never end;"
                            + " remove the link");
                }
                open.push(real);
                for (Path child : children(folder)) {
                    String file = child.getFileName().toString();
                    if (Files.isDirectory(child)) {
                        enter(child, name + file + "/", label.isEmpty() ? file : label);
                    } else {
                        add(child, name + file, label);
                    }
                }
                open.pop();
            } catch (IOException | DirectoryIteratorException e) {
                throw new DataException(folder + ": cannot be read (" + Printable.line(e.toString()) + ")", e);
            }
        }

        private List<Path> children(Path folder) throws IOException {
            List<Path> children = new ArrayList<>();
            try (DirectoryStream<Path> list = Files.newDirectoryStream(folder)) {
                for (Path child : list) {
                    String name = child.getFileName().toString();
                    if (name.startsWith(".") || OF_SYSTEMS.contains(name.toLowerCase(Locale.ROOT))) {
                        continue;
                    }
                    children.add(child);
                    // Links to folders can multiply a few files without a circle.
                    if (++seen > MOST_FILES) {
                        throw new DataException(folder + ": the data have more than " + MOST_FILES
                                + " files; expected at most as many");
                    }
                }
            }
            children.sort(Comparator.comparing(child -> child.getFileName().toString()));
            return children;
        }

        void add(Path file, String name, String label) {
            if (PictureKind.isNamed(file)) {
                pictures.add(new Entry(file, name, label));
            } else {
                others.merge(PictureKind.suffix(file), 1, Integer::sum);
            }
        }
    }

    /** The names of the classes, in their order; none if all pictures lie in the folder itself. */
    List<String> classes() {
        return pictures.stream()
                .map(Entry::label)
                .filter(label -> !label.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * This, which is fit to be trained on.
     *
     * @throws DataException if there are no pictures, or both classes and pictures without one
     */
    ImageFolder forTraining() {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": is not a folder");
        }
        requireSome();
        List<String> classes = classes();
        pictures.stream()
                .filter(entry -> entry.label().isEmpty() && !classes.isEmpty())
                .findFirst()
                .ifPresent(direct -> {
                    throw new DataException(folder + ": holds pictures, such as " + direct.name()
                            + ", and also folders of pictures, such as " + classes.get(0)
                            + "; expected one or the other");
                });
        return this;
    }

    /**
     * Some of the pictures, by their places.
     *
     * @throws DataException if there are fewer
     */
    ImageFolder some(int[] places) {
        if (places[places.length - 1] >= pictures.size()) {
            throw new DataException(folder + ": has only " + pictures.size() + " pictures; is it another folder?");
        }
        return new ImageFolder(
                folder, Arrays.stream(places).mapToObj(pictures::get).toList(), others);
    }

    private void requireSome() {
        if (pictures.isEmpty()) {
            throw new DataException(folder + ": no picture is there (" + PictureKind.SUFFIXES_FOR_PEOPLE + ")"
                    + (others.isEmpty() ? "" : ", only " + describeOthers()));
        }
    }

    /**
     * All pictures, scaled to one shape, on all cores.
     *
     * @param skip whether those that cannot be read are left out
     * @throws DataException if they are too many for that shape, none can be read, or some cannot and none are to be left out:
     *     names the first ones
     */
    Content read(ImageShape shape, boolean skip, ProgressListener progress) {
        requireSome();
        int most = MOST_BYTES / shape.size();
        if (pictures.size() > most) {
            throw new DataException(folder + ": holds " + pictures.size() + " pictures; expected at most " + most
                    + " of " + shape + " pixels");
        }
        // Once as they are read, once divided.
        HeapNeed.check(folder.toString(), pictures.size(), shape, 2);
        byte[] pixels = new byte[pictures.size() * shape.size()];
        String[] failures = new String[pictures.size()];
        for (int start = 0; start < pictures.size(); start += CHUNK) {
            int end = Math.min(start + CHUNK, pictures.size());
            IntStream.range(start, end).parallel().forEach(i -> {
                try {
                    ImageFile.read(pictures.get(i).file(), shape, pixels, i * shape.size());
                } catch (DataException e) {
                    failures[i] = Printable.line(e.getMessage());
                }
            });
            progress.progress("reading pictures", end, pictures.size());
        }
        List<String> failed = Stream.of(failures).filter(Objects::nonNull).toList();
        if (failed.isEmpty()) {
            return new Content(
                    shape, pixels, pictures, IntStream.range(0, failures.length).toArray(), List.of());
        } else if (!skip || failed.size() == pictures.size()) {
            throw new DataException(complaint(failed));
        }
        return rest(shape, pixels, failures, failed);
    }

    private Content rest(ImageShape shape, byte[] pixels, String[] failures, List<String> failed) {
        byte[] kept = new byte[(pictures.size() - failed.size()) * shape.size()];
        int[] places = IntStream.range(0, failures.length)
                .filter(i -> failures[i] == null)
                .toArray();
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(pixels, places[i] * shape.size(), kept, i * shape.size(), shape.size());
        }
        return new Content(shape, kept, pictures, places, failed);
    }

    private String complaint(List<String> failed) {
        if (pictures.size() == 1) {
            return failed.get(0);
        }
        List<String> lines = new ArrayList<>();
        lines.add(folder + ": " + failed.size() + " of " + pictures.size() + " pictures cannot be read"
                + (failed.size() < pictures.size()
                        ? "; mend or remove them, or set data.skipUnreadable: true to go on without them"
                        : ""));
        failed.stream().limit(MOST_COMPLAINTS).forEach(line -> lines.add("  " + line));
        if (failed.size() > MOST_COMPLAINTS) {
            lines.add("  and " + (failed.size() - MOST_COMPLAINTS) + " more");
        }
        return String.join("\n", lines);
    }

    /** How many pictures there are, of which classes, and what else. */
    String describe() {
        Map<String, Integer> counts = new TreeMap<>();
        pictures.stream()
                .filter(entry -> !entry.label().isEmpty())
                .forEach(entry -> counts.merge(entry.label(), 1, Integer::sum));
        String classes = "";
        if (counts.size() > MOST_NAMED) {
            classes = " in " + counts.size() + " classes of "
                    + counts.values().stream().mapToInt(Integer::intValue).min().orElseThrow() + " to "
                    + counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        } else if (!counts.isEmpty()) {
            classes = counts.entrySet().stream()
                    .map(count -> Printable.item(count.getKey()) + " " + count.getValue())
                    .collect(Collectors.joining(", ", " (", ")"));
        }
        int all = pictures.size()
                + others.values().stream().mapToInt(Integer::intValue).sum();
        return pictures.size() + " of " + all + " files are pictures" + classes
                + (others.isEmpty() ? "" : ", not " + describeOthers());
    }

    private String describeOthers() {
        String first = others.entrySet().stream()
                .limit(MOST_NAMED)
                .map(count -> count.getValue() + " " + (count.getKey().isEmpty() ? "without a suffix" : count.getKey()))
                .collect(Collectors.joining(", "));
        return first + (others.size() > MOST_NAMED ? " and others" : "");
    }
}
