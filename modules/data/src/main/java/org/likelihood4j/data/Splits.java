package org.likelihood4j.data;

import java.util.Objects;

/** A data set, cut in three. All parts have one shape; {@code validation} may be empty (size 0). */
public record Splits(Examples train, Examples validation, Examples test) {
    /** @throws DataException if the shapes differ */
    public Splits {
        Objects.requireNonNull(train, "train");
        Objects.requireNonNull(validation, "validation");
        Objects.requireNonNull(test, "test");
        if (!train.shape().equals(validation.shape()) || !train.shape().equals(test.shape())) {
            throw new DataException("splits: training, validation and test examples must have one shape, but they are "
                    + train.shape() + ", " + validation.shape() + " and " + test.shape());
        }
    }
}
