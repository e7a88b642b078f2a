package org.likelihood4j.config.data;

import java.util.OptionalInt;

/**
 * The files of Fashion-MNIST, which are in MNIST's format.
 *
 * @param validation how many training images are held out, the last of them; below their number, default 1000
 */
public record FashionMnistConfig(Integer validation) implements DataConfig {
    /** Fills in the default and checks it. */
    public FashionMnistConfig {
        validation = MnistConfig.heldOut(validation, MnistConfig.TRAIN_FILE_IMAGES);
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
        return OptionalInt.of(MnistConfig.TRAIN_FILE_IMAGES - validation);
    }
}
