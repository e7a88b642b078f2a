package org.likelihood4j.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.data.ImageGrid;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.io.AtomicFiles;

/** The grids of images that a run keeps: prior samples, and originals beside their reconstructions. */
public final class Pictures {
    private static final int COLUMNS = 8;
    private static final int SAMPLES = 64;
    private static final int RECONSTRUCTIONS = 32;
    private static final int SCALE = 2;
    /** The same noise after every epoch, so that the pictures show one thing change. */
    private static final long SEED = 1;

    private Pictures() {}

    static void write(RunDirectory run, long epoch, TrainedModel model, Examples set) {
        if (model.shape() instanceof ImageShape shape) {
            samples(run.samples(epoch), shape, model.sample(SAMPLES, 1, SEED));
            reconstructions(run.reconstructions(epoch), shape, model.reconstruct(set, RECONSTRUCTIONS, "pictures"));
        } else {
            ScatterPictures.write(run.samples(epoch), model, set, SEED);
        }
    }

    /** A near-square grid. */
    public static void samples(Path file, ImageShape shape, List<byte[]> images) {
        int columns = images.size() == 64 ? COLUMNS : (int) Math.ceil(Math.sqrt(images.size()));
        write(file, shape, images, columns);
    }

    /** Pairs side by side: each original with its reconstruction on its right. */
    public static void reconstructions(Path file, ImageShape shape, TrainedModel.Reconstruction pairs) {
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < pairs.originals().size(); i++) {
            images.add(pairs.originals().get(i));
            images.add(pairs.reconstructions().get(i));
        }
        write(file, shape, images, COLUMNS);
    }

    private static void write(Path file, ImageShape shape, List<byte[]> images, int columns) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                AtomicFiles.createFolders(parent);
            }
        } catch (IOException e) {
            throw new TrainingException(file + ": cannot be written (" + RunDirectory.reason(e) + ")", e);
        }
        if (Files.isDirectory(file)) {
            throw new TrainingException(file + ": is a folder, expected a file name such as samples.png");
        }
        ImageGrid.write(file, shape, images, columns, SCALE);
    }
}
