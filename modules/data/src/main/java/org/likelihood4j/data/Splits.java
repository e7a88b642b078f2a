package org.likelihood4j.data;

import java.util.List;
import java.util.Objects;

/**
 * A data set, cut in three. All parts have one shape; {@code validation} may be empty (size 0).
 *
 * @param classes the names of the labels 0, 1, ...; empty where labels have none but their numbers
 * @param leftOut a line for each part of the data that was left out because it could not be read
 */
public record Splits(Examples train, Examples validation, Examples test, List<String> classes, List<String> leftOut) {
    /** @throws DataException if the shapes differ */
    public Splits {
        Objects.requireNonNull(train, "train");
        Objects.requireNonNull(validation, "validation");
        Objects.requireNonNull(test, "test");
        classes = List.copyOf(classes);
        leftOut = List.copyOf(leftOut);
        if (!train.shape().equals(validation.shape()) || !train.shape().equals(test.shape())) {
            throw new DataException("splits: training, validation and test examples must have one shape, but they are "
                    + train.shape() + ", " + validation.shape() + " and " + test.shape());
        }
    }

    /** Without names of classes, and of all the data. */
    public Splits(Examples train, Examples validation, Examples test) {
        this(train, validation, test, List.of(), List.of());
    }

    /** The same with names of classes. */
    public Splits withClasses(List<String> names) {
        return new Splits(train, validation, test, names, leftOut);
    }

    /** The same with what was left out. */
    public Splits withLeftOut(List<String> lines) {
        return new Splits(train, validation, test, classes, lines);
    }
}
