package org.likelihood4j.config.data;

import java.util.OptionalInt;
import org.likelihood4j.config.rules.Check;

/**
 * The MNIST files.
 *
 * @param validation how many of the 60,000 training images are held out, the last of the file; below 60000, default 1000
 */
public record MnistConfig(Integer validation) implements DataConfig {
    /** The number of images in the training file. */
    public static final int TRAIN_FILE_IMAGES = 60_000;

    /** Fills in the default and checks it. */
    public MnistConfig {
        validation = heldOut(validation);
    }

    @Override
    public boolean validates() {
        return validation > 0;
    }

    @Override
    public OptionalInt trainExamples() {
        return OptionalInt.of(TRAIN_FILE_IMAGES - validation);
    }

    static int heldOut(Integer validation) {
        int images = Check.atLeast(0, "validation", validation, 1000);
        Check.require(images < TRAIN_FILE_IMAGES, "validation", "must be below " + TRAIN_FILE_IMAGES, images);
        return images;
    }
}
