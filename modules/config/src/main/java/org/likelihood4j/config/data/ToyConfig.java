package org.likelihood4j.config.data;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.likelihood4j.config.rules.Check;

/**
 * Points that the built-in generator draws from a density that is known.
 *
 * @param density which one; default ring
 * @param train the number of training points; at least 1, default 20000
 * @param validation the number of validation points; at least 0, default 2000
 * @param test the number of test points; at least 1, default 10000
 * @param seed the generator's seed; default 1
 */
public record ToyConfig(Density density, Integer train, Integer validation, Integer test, Long seed)
        implements DataConfig {
    private static final int MOST = 10_000_000;

    /** Fills in the defaults and checks them. */
    public ToyConfig {
        density = Check.or(density, Density.RING);
        train = Check.within(1, MOST, "train", train, 20_000);
        validation = Check.within(0, MOST, "validation", validation, 2000);
        test = Check.within(1, MOST, "test", test, 10_000);
        seed = Check.or(seed, 1L);
    }

    @Override
    public Optional<Boolean> hasImages() {
        return Optional.of(false);
    }

    @Override
    public boolean validates() {
        return validation > 0;
    }

    @Override
    public OptionalInt trainExamples() {
        return OptionalInt.of(train);
    }

    /** The built-in densities. */
    public enum Density {
        /** A bent Gaussian. */
        BANANA,
        /** Eight Gaussians about a circle. */
        RING,
        /** Uniform on the dark squares of a board. */
        CHECKERBOARD,
        /** Two half circles that reach into each other. */
        MOONS,
        /** Gaussians of standard deviations from 0.001 to 100. */
        SCALES,
        /** Eight columns of which each depends on those before. */
        CHAIN,
        /** A word, a count, one of two words and an amount, each with a probability or density given those before. */
        MIXED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
