package org.likelihood4j.data.sources;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.HeapNeed;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;

/**
 * CIFAR-10 (Krizhevsky 2009), 3x32x32 in 10 classes: 50,000 training and 10,000 test images, read from the binary files or from the
 * archive that they are published in, or downloaded once. Every file's checksum is checked each time.
 *
 * <p>The validation images are the last of the training images, so the others keep their places.
 */
public final class CifarSource implements ExampleSource {
    /** In configurations, and of its folder. */
    private static final String NAME = "cifar-10";

    private static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    private static final int IMAGES = 10_000;
    private static final List<CifarFile> FILES = List.of(
            new CifarFile(
                    "data_batch_1.bin", IMAGES, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
            new CifarFile(
                    "data_batch_2.bin", IMAGES, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
            new CifarFile(
                    "data_batch_3.bin", IMAGES, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
            new CifarFile(
                    "data_batch_4.bin", IMAGES, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
            new CifarFile(
                    "data_batch_5.bin", IMAGES, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
            new CifarFile(
                    "test_batch.bin", IMAGES, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"));
    private static final URI MIRROR = URI.create("https://www.cs.toronto.edu/~kriz/");
    private static final long MOST_BYTES = 200L << 20; // the archive has 163 MB

    private final List<CifarFile> files;
    private final int validation;
    private final PublishedFinder finder;

    /** With any files and download, for tests; the last file is the test's. */
    CifarSource(List<CifarFile> files, List<URI> mirrors, List<Path> folders, int validation, Download download) {
        this.files = List.copyOf(files);
        this.validation = validation;
        this.finder = new PublishedFinder(wanted(), mirrors, folders, download);
        int most = training();
        if (validation < 0 || validation >= most) {
            throw new DataException(
                    "data.validation must be 0 to " + (most - 1) + " for " + NAME + ", was " + validation);
        }
    }

    /**
     * CIFAR-10.
     *
     * @param folders where to look for the files, in this order; the archive is downloaded into the first. See {@link #folders}
     * @param validation how many of the training images to keep for validation, 0 to 49,999
     * @throws DataException if there is no folder, or {@code validation} is out of range
     */
    public CifarSource(List<Path> folders, int validation) {
        this(FILES, List.of(MIRROR), folders, validation, new Download(Duration.ofSeconds(20), MOST_BYTES));
    }

    /**
     * Where CIFAR-10 may be: {@code cifar-10} in the project's {@code datasets} folder, and in each folder in the environment's
     * {@code LIKELIHOOD4J_DATASETS}.
     *
     * @throws DataException if the variable holds something that cannot be a path
     */
    public static List<Path> folders(Path projectDatasets, Map<String, String> environment) {
        return PublishedFinder.folders(NAME, projectDatasets, environment);
    }

    private PublishedFinder.Wanted wanted() {
        List<String> list = new ArrayList<>();
        list.add("Get " + CifarArchive.NAME + " (CIFAR-10, binary version), or these files of it (SHA-256):");
        files.forEach(file -> list.add("  " + file.name() + "  " + file.sha256()));
        return new PublishedFinder.Wanted("CIFAR-10", "its archive or files", list);
    }

    private int training() {
        return files.subList(0, files.size() - 1).stream()
                .mapToInt(CifarFile::images)
                .sum();
    }

    @Override
    public Splits load(ProgressListener progress) {
        int test = files.get(files.size() - 1).images();
        // The training files are there once more while they are put together.
        HeapNeed.check(NAME, 2L * training() + test, CifarFile.SHAPE, 1);
        List<ImageSet> sets = new ArrayList<>(sets(progress));
        ImageSet last = sets.remove(sets.size() - 1);
        ImageSet all = joined(sets);
        return new Splits(all.slice(0, all.size() - validation), all.slice(all.size() - validation, all.size()), last)
                .withClasses(CLASSES);
    }

    private List<ImageSet> sets(ProgressListener progress) {
        boolean unpacked =
                files.stream().anyMatch(file -> finder.find(file.names()).isPresent());
        boolean packed = finder.find(List.of(CifarArchive.NAME)).isPresent();
        if (packed || !unpacked) {
            return finder.get(new CifarArchive(files), progress);
        }
        List<ImageSet> sets = new ArrayList<>();
        for (CifarFile file : files) {
            Path path = finder.find(file.names())
                    .orElseThrow(() -> new DataException("CIFAR-10: " + file.name()
                            + " is missing beside the other files, and so is their archive; put either there"));
            sets.add(file.read(path));
            progress.progress("reading " + NAME, sets.size(), files.size());
        }
        return sets;
    }

    private static ImageSet joined(List<ImageSet> sets) {
        int count = sets.stream().mapToInt(ImageSet::size).sum();
        byte[] pixels = new byte[count * CifarFile.SHAPE.size()];
        int[] labels = new int[count];
        int at = 0;
        for (ImageSet set : sets) {
            for (int i = 0; i < set.size(); i++) {
                set.copyPixels(i, pixels, at * CifarFile.SHAPE.size());
                labels[at++] = set.label(i);
            }
        }
        return ImageSet.owning(CifarFile.SHAPE, pixels, labels);
    }

    @Override
    public ImageShape shape() {
        return CifarFile.SHAPE;
    }

    @Override
    public String describe() {
        return NAME + ": " + (training() - validation) + " training, " + validation
                + " validation (the last of the training files), "
                + files.get(files.size() - 1).images()
                + " test images of " + CifarFile.SHAPE;
    }
}
