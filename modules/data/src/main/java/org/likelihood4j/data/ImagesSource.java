package org.likelihood4j.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder of pictures ({@link ImageFolder}), scaled to one shape. Where it has a folder {@code train}, that is what is trained on,
 * and {@code test} beside it the test set; else {@link Shares} divide.
 */
public final class ImagesSource implements ExampleSource {
    private final Path folder;
    private final ImageShape shape;
    private final Shares shares;

    /**
     * A source; nothing is read yet.
     *
     * @param shape 1 channel for grey, 3 for colours
     */
    public ImagesSource(Path folder, ImageShape shape, Shares shares) {
        this.folder = folder;
        this.shape = shape;
        this.shares = shares;
    }

    @Override
    public Splits load(ProgressListener progress) {
        Path train = folder.resolve("train");
        Path test = folder.resolve("test");
        if (!Files.isDirectory(train)) {
            return shares.divide(ImageFolder.list(folder).read(shape, progress), Optional.empty(), folder.toString());
        }
        ImageFolder trained = ImageFolder.list(train);
        if (!Files.isDirectory(test)) {
            return shares.divide(trained.read(shape, progress), Optional.empty(), train.toString());
        }
        ImageFolder tested = ImageFolder.list(test);
        if (!tested.classes().equals(trained.classes())) {
            throw new DataException(test + ": has other folders of pictures (classes) than " + train);
        }
        return shares.divide(
                trained.read(shape, progress), Optional.of(tested.read(shape, progress)), train.toString());
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public String describe() {
        return "images: " + folder + ", scaled to " + shape + "; "
                + shares.describe(
                        Files.isDirectory(folder.resolve("train")) && Files.isDirectory(folder.resolve("test")));
    }
}
