package org.likelihood4j.data.sources;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.Splits;

/**
 * A folder of pictures ({@link ImageFolder}), scaled to one shape. Where it has a folder {@code train}, that is what is trained on,
 * and {@code test} beside it the test set; else {@link SplitShares} divide.
 */
public final class ImagesSource implements PartialSource {
    private final Path folder;
    private final ImageShape shape;
    private final boolean skipUnreadable;
    private final SplitShares shares;

    /**
     * A source; nothing is read yet.
     *
     * @param shape 1 channel for grey, 3 for colours
     * @param skipUnreadable whether pictures that cannot be read are left out; else they are an error
     */
    public ImagesSource(Path folder, ImageShape shape, boolean skipUnreadable, SplitShares shares) {
        this.folder = folder;
        this.shape = shape;
        this.skipUnreadable = skipUnreadable;
        this.shares = shares;
    }

    @Override
    public Splits load(ProgressListener progress) {
        ImageFolder trained = ImageFolder.list(trainFolder()).forTraining();
        Optional<ImageFolder> tested =
                testFolder().map(test -> ImageFolder.list(test).forTraining());
        List<String> classes = trained.classes();
        tested.filter(test -> !test.classes().equals(classes)).ifPresent(test -> {
            throw new DataException(
                    test.folder() + ": has other folders of pictures (classes) than " + trained.folder());
        });
        ImageFolder.Content train = trained.read(shape, skipUnreadable, progress);
        Optional<ImageFolder.Content> test = tested.map(folder -> folder.read(shape, skipUnreadable, progress));
        return shares.divide(
                        train.labelled(classes),
                        test.map(content -> content.labelled(classes)),
                        trained.folder().toString())
                .withClasses(classes)
                .withLeftOut(Stream.concat(
                                train.leftOut().stream(), test.stream().flatMap(content -> content.leftOut().stream()))
                        .toList());
    }

    @Override
    public int[] trainingRows(SplitSizes sizes) {
        return shares.trainedOn(sizes, testFolder().isPresent());
    }

    @Override
    public ImageSet readRows(int[] rows, SplitSizes sizes, ProgressListener progress) {
        return ImageFolder.list(trainFolder())
                .some(rows)
                .read(shape, false, progress)
                .labelled(sizes.classes());
    }

    /**
     * All pictures of a folder, this source's own or another one, and of the folders in it, in the order of their paths; or a single
     * picture. They are scaled as this source's own.
     *
     * @throws DataException if there are none, or some cannot be read and this source does not leave them out
     */
    public ImageRows rows(Path folder, ProgressListener progress) {
        ImageFolder list = ImageFolder.list(folder);
        List<String> classes = list.classes();
        ImageFolder.Content content = list.read(shape, skipUnreadable, progress);
        return new ImageRows(
                content.labelled(classes),
                content.entries().stream().map(ImageFolder.Entry::name).toList(),
                content.entries().stream().map(ImageFolder.Entry::label).toList(),
                classes,
                content.leftOut());
    }

    /**
     * How many pictures there are to train on, if all of them can be read.
     *
     * @throws DataException if there are none
     */
    public int trainPictures() {
        int all = ImageFolder.list(trainFolder()).forTraining().pictures().size();
        return shares.trained(all, testFolder().isPresent());
    }

    /**
     * The names of the classes, without reading a picture; none where the pictures have no folders of their own.
     *
     * @throws DataException if there are no pictures, or both classes and pictures without one
     */
    public List<String> classes() {
        return ImageFolder.list(trainFolder()).forTraining().classes();
    }

    private Path trainFolder() {
        Path train = folder.resolve("train");
        return Files.isDirectory(train) ? train : folder;
    }

    private Optional<Path> testFolder() {
        Path test = folder.resolve("test");
        return Files.isDirectory(folder.resolve("train")) && Files.isDirectory(test)
                ? Optional.of(test)
                : Optional.empty();
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public String describe() {
        return "images: " + folder + ", " + ImageFolder.list(trainFolder()).describe()
                + testFolder()
                        .map(test -> ", for the test " + ImageFolder.list(test).describe())
                        .orElse("")
                + ", scaled to " + shape + "; " + shares.describe(testFolder().isPresent());
    }
}
