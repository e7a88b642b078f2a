package org.likelihood4j.config.data;

import java.util.OptionalInt;
import org.likelihood4j.config.rules.Check;

/**
 * Digits drawn by the built-in generator, which needs no download.
 *
 * @param train the number of training images; at least 1, default 60000
 * @param validation the number of validation images, beside the training images; at least 0, default 1000
 * @param test the number of test images; at least 1, default 10000
 * @param seed the generator's seed; default 1
 */
public record DigitsConfig(Integer train, Integer validation, Integer test, Long seed) implements DataConfig {
    /** Fills in the defaults and checks them. */
    public DigitsConfig {
        train = Check.atLeast(1, "train", train, 60_000);
        validation = Check.atLeast(0, "validation", validation, 1000);
        test = Check.atLeast(1, "test", test, 10_000);
        seed = Check.or(seed, 1L);
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
        return OptionalInt.of(train);
    }
}
