package org.likelihood4j.data;

import java.util.Arrays;
import java.util.Optional;

/**
 * How examples are divided that nobody has divided yet: at random, by a seed. The training examples are left in a random order, so
 * that the first ones stand for all.
 *
 * @param validation the share that is held out, 0 or more and below 1
 * @param test the share that is kept for the test where there is no test set, the same; both together below 1
 */
public record SplitShares(double validation, double test, long seed) {
    /** @throws DataException if the shares leave nothing */
    public SplitShares {
        if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
            throw new DataException(
                    "the shares of validation and test must each be at least 0, and together below 1, but" + " are "
                            + validation + " and " + test);
        }
    }

    /**
     * Divides; a share above 0 has at least one example.
     *
     * @param given the test set, if there is one
     * @param what the data, for a message
     * @throws DataException if there are too few examples
     */
    public Splits divide(Examples all, Optional<Examples> given, String what) {
        Parts parts = parts(all.size(), given.isPresent(), all.shape().noun(), what);
        return new Splits(
                all.select(parts.train()),
                all.select(parts.validation()),
                given.orElseGet(() -> all.select(parts.test())));
    }

    /** Which of all examples each part has, in its order; there are none of a test set that is given. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to the parts
    public record Parts(int[] train, int[] validation, int[] test) {}

    /**
     * How so many examples are divided.
     *
     * @param noun what they are, for a message
     * @param what the data, for a message
     * @throws DataException if there are too few
     */
    public Parts parts(int all, boolean testGiven, String noun, String what) {
        int tests = testGiven ? 0 : count(test, all);
        int held = count(validation, all);
        if (trained(all, testGiven) < 1) {
            throw new DataException(
                    what + ": " + all + " " + noun + " are too few: there is nothing to train on besides " + held
                            + " for validation and " + tests + " for the test");
        }
        int[] order = order(all);
        return new Parts(
                rest(order, tests + held), Arrays.copyOfRange(order, tests, tests + held), Arrays.copyOf(order, tests));
    }

    private int[] order(int all) {
        return Shuffle.permutation(all, seed, 0);
    }

    private static int[] rest(int[] order, int from) {
        return Arrays.copyOfRange(order, from, order.length);
    }

    /** Which of all examples the training examples are, in their order. */
    public int[] trainedOn(SplitSizes sizes, boolean testGiven) {
        int all = sizes.train() + sizes.validation() + (testGiven ? 0 : sizes.test());
        return rest(order(all), all - sizes.train());
    }

    /** How many of so many examples are left to train on; 0 if there are too few. */
    public int trained(int all, boolean testGiven) {
        return Math.max(0, all - count(validation, all) - (testGiven ? 0 : count(test, all)));
    }

    private static int count(double share, int size) {
        return share == 0 ? 0 : Math.max(1, (int) Math.round(share * size));
    }

    /** For people. */
    public String describe(boolean testGiven) {
        return percent(validation) + " for validation" + (testGiven ? "" : ", " + percent(test) + " for the test")
                + ", seed " + seed;
    }

    private static String percent(double share) {
        return Math.round(share * 1000) / 10.0 + "%";
    }
}
