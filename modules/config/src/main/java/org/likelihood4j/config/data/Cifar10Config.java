package org.likelihood4j.config.data;

import java.util.OptionalInt;

/**
 * CIFAR-10: colour photographs of 32x32 pixels in ten classes.
 *
 * @param validation how many training images are held out, the last of them; below their number, default 1000
 */
public record Cifar10Config(Integer validation) implements DataConfig {
    private static final int TRAIN_IMAGES = 50_000;

    /** Fills in the default and checks it. */
    public Cifar10Config {
        validation = MnistConfig.heldOut(validation, TRAIN_IMAGES);
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
        return OptionalInt.of(TRAIN_IMAGES - validation);
    }
}
