package org.likelihood4j.config.data;

import java.util.OptionalInt;
import org.likelihood4j.config.rules.Check;

/**
 * The MNIST files.
 *
 * @param validation how many training images are held out, the last of them; below their number, default 1000
 */
public record MnistConfig(Integer validation) implements DataConfig {
    /** The number of images in the training file. */
    public static final int TRAIN_FILE_IMAGES = 60_000;

    /** Fills in the default and checks it. */
    public MnistConfig {
        validation = heldOut(validation, TRAIN_FILE_IMAGES);
    }

    @Override
    public boolean validates() {
        return validation > 0;
    }

    @Override
    public OptionalInt classes() {
        return OptionalInt.of(10);
    }

    @Override
    public OptionalInt trainExamples() {
        return OptionalInt.of(TRAIN_FILE_IMAGES - validation);
    }

    /** How many of so many training images are held out. */
    static int heldOut(Integer validation, int trainImages) {
        int images = Check.atLeast(0, "validation", validation, 1000);
        Check.require(images < trainImages, "validation", "must be below " + trainImages, images);
        return images;
    }
}
