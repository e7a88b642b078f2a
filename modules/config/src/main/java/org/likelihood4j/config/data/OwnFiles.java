package org.likelihood4j.config.data;

import java.util.List;
import java.util.OptionalInt;

/** Files of the user's own, which are divided at random unless there is a test set. */
public sealed interface OwnFiles extends DataConfig permits ArrayFiles, ImagesConfig, TableFiles {
    /** The share of the examples that is held out for validation. */
    Double validation();

    /** The share of the examples that is kept for the test. */
    Double test();

    /** Of the division. */
    Long seed();

    /** What may be found in the columns of rows without refusing them. */
    default List<TableFlaw> allow() {
        return List.of();
    }

    @Override
    default boolean validates() {
        return validation() > 0;
    }

    @Override
    default OptionalInt trainExamples() {
        return OptionalInt.empty();
    }
}
