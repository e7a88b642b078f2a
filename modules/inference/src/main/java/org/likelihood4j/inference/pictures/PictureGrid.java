package org.likelihood4j.inference.pictures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.drawing.ImageGrid;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.latents.Interpolation;
import org.likelihood4j.inference.latents.ScaleRedraws;
import org.likelihood4j.inference.latents.Traversal;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.RunException;

/**
 * Images to look at, together in one file or each in one of its own.
 *
 * @param images row after row
 * @param names of each one's own file, without ending, all different
 */
public record PictureGrid(ImageShape shape, List<byte[]> images, List<String> names, int columns) {
    private static final int PAIRED_COLUMNS = 8;
    /** Images up to this height and width are drawn twice as large. */
    private static final int SMALL = 64;

    public PictureGrid {
        if (names.size() != images.size()) {
            throw new IllegalArgumentException(names.size() + " names for " + images.size() + " images");
        }
    }

    /** A near-square grid. */
    public static PictureGrid samples(ImageShape shape, List<byte[]> images) {
        return samples(shape, images, (int) Math.ceil(Math.sqrt(images.size())));
    }

    /** So many in a row. */
    public static PictureGrid samples(ImageShape shape, List<byte[]> images, int columns) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            names.add(number("sample", i));
        }
        return new PictureGrid(shape, images, names, columns);
    }

    /** Pairs side by side: each original with its reconstruction on its right. */
    public static PictureGrid reconstructions(ImageShape shape, TrainedModel.Reconstruction pairs) {
        List<byte[]> images = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < pairs.originals().size(); i++) {
            images.add(pairs.originals().get(i));
            names.add(number("image", i) + "-original");
            images.add(pairs.reconstructions().get(i));
            names.add(number("image", i) + "-reconstruction");
        }
        return new PictureGrid(shape, images, names, PAIRED_COLUMNS);
    }

    /** A pair of images a row. */
    public static PictureGrid of(ImageShape shape, Interpolation interpolation) {
        return rows(shape, interpolation.images(), interpolation.steps());
    }

    /** A direction a row. */
    public static PictureGrid of(ImageShape shape, Traversal traversal) {
        return rows(shape, traversal.images(), traversal.steps());
    }

    /** An image a row. */
    public static PictureGrid of(ImageShape shape, ScaleRedraws redraws) {
        return rows(shape, redraws.images(), redraws.columns());
    }

    private static PictureGrid rows(ImageShape shape, List<byte[]> images, int columns) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            names.add(number("row", i / columns) + "-" + number("step", i % columns));
        }
        return new PictureGrid(shape, images, names, columns);
    }

    private static String number(String what, int i) {
        return String.format(Locale.ROOT, "%s-%04d", what, i);
    }

    /**
     * Writes all in one PNG, with its folder where there is none.
     *
     * @throws RunException if that cannot be
     */
    public void write(Path file) {
        prepare(file);
        int scale = Math.max(shape.height(), shape.width()) <= SMALL ? 2 : 1;
        ImageGrid.write(file, shape, images, columns, scale);
    }

    /**
     * Writes each as a PNG of its own, pixel by pixel, into a folder that then holds these and no others: the one that is wanted,
     * in which files of the same names are replaced, or, where it holds anything else, the first such of {@code wanted-2}, ...
     *
     * @return the folder
     * @throws RunException if that cannot be
     */
    public Path writeEach(Path wanted) {
        if (Files.exists(wanted) && !Files.isDirectory(wanted)) {
            throw new RunException(wanted + ": is a file, expected a folder for one PNG of each image");
        }
        Set<String> files = names.stream().map(name -> name + ".png").collect(Collectors.toSet());
        Path folder = wanted;
        for (int number = 2; holdsOthers(folder, files); number++) {
            folder = wanted.resolveSibling(wanted.getFileName() + "-" + number);
        }
        for (int i = 0; i < images.size(); i++) {
            Path file = folder.resolve(names.get(i) + ".png");
            prepare(file);
            ImageGrid.writeOne(file, shape, images.get(i));
        }
        return folder;
    }

    /** Whether there is more than those files, hidden ones not counted. */
    private static boolean holdsOthers(Path folder, Set<String> files) {
        if (!Files.isDirectory(folder)) {
            return Files.exists(folder);
        }
        try (Stream<Path> there = Files.list(folder)) {
            return there.map(file -> file.getFileName().toString())
                    .anyMatch(name -> !name.startsWith(".") && !files.contains(name));
        } catch (IOException e) {
            throw new RunException(folder + ": cannot be read (" + IoReasons.of(e) + ")", e);
        }
    }

    private static void prepare(Path file) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                AtomicFiles.createFolders(parent);
            }
        } catch (IOException e) {
            throw new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
        if (Files.isDirectory(file)) {
            throw new RunException(file + ": is a folder, expected a file name such as samples.png");
        }
    }
}
