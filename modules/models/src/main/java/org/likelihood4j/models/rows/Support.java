package org.likelihood4j.models.rows;

/** Where the numbers of a column can be. */
public sealed interface Support {
    /** Anywhere. */
    record Line() implements Support {}

    /** Above low. */
    record HalfLine(double low) implements Support {}

    /** From low to high. */
    record Interval(double low, double high) implements Support {
        public Interval {
            if (!(low < high)) {
                throw new IllegalArgumentException("low must be below high, were " + low + " and " + high);
            }
        }
    }

    /** Whole numbers from low to high, both included; without bounds from minus infinity to infinity. */
    record Integers(double low, double high) implements Support {
        public Integers {
            if (!(low <= high) || Double.isInfinite(low) != Double.isInfinite(high)) {
                throw new IllegalArgumentException(
                        "low must be at most high, and both finite or none, were " + low + " and " + high);
            }
        }

        /** Without bounds. */
        public Integers() {
            this(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }

        /** Whether it has bounds. */
        public boolean isBounded() {
            return Double.isFinite(low);
        }

        @Override
        public boolean isDiscrete() {
            return true;
        }
    }

    /** The whole numbers 0 to count - 1. */
    record Cells(int count) implements Support {
        public Cells {
            if (count < 1) {
                throw new IllegalArgumentException("count must be at least 1, was " + count);
            }
        }

        @Override
        public boolean isDiscrete() {
            return true;
        }
    }

    /** Whether its numbers are whole, so that they have probabilities and no density. */
    default boolean isDiscrete() {
        return false;
    }
}
