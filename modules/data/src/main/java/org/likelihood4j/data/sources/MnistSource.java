package org.likelihood4j.data.sources;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.formats.IdxFile;

/**
 * MNIST (handwritten digits) or Fashion-MNIST (articles of clothing), 1x28x28: 60,000 training and 10,000 test images, read from
 * IDX files that are on this machine, or downloaded once. Every file's checksum is checked each time.
 *
 * <p>The validation images are the last of the training images, so the others keep their places.
 */
public final class MnistSource implements ExampleSource {
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);
    private static final int TRAINING_IMAGES = 60_000;
    private static final long MOST_BYTES = 64L << 20; // the largest file has 10 MB

    private final MnistSet set;
    private final PublishedFinder finder;
    private final int validation;

    private MnistSource(MnistSet set, List<Path> folders, int validation) {
        this(set, folders, validation, new Download(Duration.ofSeconds(20), MOST_BYTES));
    }

    /** With any set and download, for tests. */
    MnistSource(MnistSet set, List<Path> folders, int validation, Download download) {
        if (validation < 0 || validation >= TRAINING_IMAGES) {
            throw new DataException("data.validation must be 0 to " + (TRAINING_IMAGES - 1) + " for " + set.name()
                    + ", was " + validation);
        }
        this.set = set;
        this.finder = new PublishedFinder(set.wanted(), set.mirrors(), folders, download);
        this.validation = validation;
    }

    /**
     * MNIST.
     *
     * @param folders where to look for the files, in this order; what is missing is downloaded into the first. See
     *     {@link #mnistFolders}
     * @param validation how many of the training images to keep for validation, 0 to 59,999
     * @throws DataException if there is no folder, or {@code validation} is out of range
     */
    public static MnistSource mnist(List<Path> folders, int validation) {
        return new MnistSource(MnistSet.MNIST, folders, validation);
    }

    /** Fashion-MNIST; the arguments are as for {@link #mnist}. See {@link #fashionFolders}. */
    public static MnistSource fashion(List<Path> folders, int validation) {
        return new MnistSource(MnistSet.FASHION, folders, validation);
    }

    /**
     * Where MNIST may be: {@code mnist} in the project's {@code datasets} folder; for each folder in the environment's
     * {@code LIKELIHOOD4J_DATASETS}, its {@code mnist} folder and itself; the cache that Deeplearning4j keeps in the home
     * folder.
     *
     * @throws DataException if the variable holds something that cannot be a path
     */
    public static List<Path> mnistFolders(Path projectDatasets, Map<String, String> environment, Path home) {
        List<Path> folders = new ArrayList<>();
        folders.add(projectDatasets.resolve(MnistSet.MNIST.name()));
        for (Path folder : PublishedFinder.named(environment)) {
            folders.add(folder.resolve(MnistSet.MNIST.name()));
            folders.add(folder);
        }
        folders.add(home.resolve(".deeplearning4j").resolve("data").resolve("MNIST"));
        return List.copyOf(folders);
    }

    /**
     * Where Fashion-MNIST may be: {@code fashion-mnist} in the project's {@code datasets} folder, and in each folder in the
     * environment's {@code LIKELIHOOD4J_DATASETS}. Not in these themselves: its files have the names of MNIST's.
     *
     * @throws DataException if the variable holds something that cannot be a path
     */
    public static List<Path> fashionFolders(Path projectDatasets, Map<String, String> environment) {
        return PublishedFinder.folders(MnistSet.FASHION.name(), projectDatasets, environment);
    }

    @Override
    public Splits load(ProgressListener progress) {
        List<MnistFile> files = set.files();
        ImageSet all = load(files.get(0), files.get(1), progress);
        ImageSet test = load(files.get(2), files.get(3), progress);
        int train = all.size() - validation;
        if (train < 1) {
            throw new DataException(set.name() + ": " + validation + " validation images leave none of the "
                    + all.size() + " training images");
        }
        return new Splits(all.slice(0, train), all.slice(train, all.size()), test);
    }

    @Override
    public ImageShape shape() {
        return SHAPE;
    }

    @Override
    public String describe() {
        return set.name() + ": " + (TRAINING_IMAGES - validation) + " training, " + validation
                + " validation (the last of the training file), 10000 test images of 1x28x28";
    }

    private ImageSet load(MnistFile imageFile, MnistFile labelFile, ProgressListener progress) {
        IdxFile images = finder.get(imageFile, progress);
        IdxFile labelled = finder.get(labelFile, progress);
        int[] extents = images.dimensions();
        if (extents[0] != labelled.size()) { // cannot be with the true checksums
            throw new DataException(set.name() + ": " + extents[0] + " images in " + imageFile.stem() + ", but "
                    + labelled.size() + " labels");
        }
        int[] labels = new int[labelled.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = labelled.values()[i] & 0xff;
        }
        progress.progress("reading " + imageFile.stem(), labels.length, labels.length);
        return ImageSet.owning(new ImageShape(1, extents[1], extents[2]), images.values(), labels);
    }
}
