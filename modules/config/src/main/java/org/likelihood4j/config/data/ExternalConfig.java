package org.likelihood4j.config.data;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.likelihood4j.config.rules.Check;

/**
 * Data that a Java program handed over: what is known of them, so that their run can be opened.
 *
 * @param description where they came from, for people; required
 * @param image channels, height and width, for images; {@code null} for rows
 * @param columns the columns' names, for rows; {@code null} for images
 * @param kinds what the columns hold that are not of plain numbers; default none
 * @param train how many examples were trained on; at least 1
 * @param validation how many were held out; at least 0, default 0
 * @param test how many were kept for the test; at least 0, default 0
 */
public record ExternalConfig(
        String description,
        List<Integer> image,
        List<String> columns,
        List<ColumnConfig> kinds,
        Integer train,
        Integer validation,
        Integer test)
        implements DataConfig {
    /** Fills in the defaults and checks them. */
    public ExternalConfig {
        Check.require(
                description != null && !description.isBlank(),
                "description",
                "must say where the data came from",
                description);
        Check.require(
                (image == null) != (columns == null),
                "image",
                "must be [channels, height, width], or columns a list of names, and not both",
                image);
        image = checkImage(image);
        columns = columns == null ? null : List.copyOf(columns);
        Check.require(columns == null || !columns.isEmpty(), "columns", "must not be empty", columns);
        kinds = List.copyOf(Check.or(kinds, List.of()));
        Check.require(train != null, "train", "must be given", train);
        train = Check.atLeast(1, "train", train, 1);
        validation = Check.atLeast(0, "validation", validation, 0);
        test = Check.atLeast(0, "test", test, 0);
    }

    private static List<Integer> checkImage(List<Integer> image) {
        Check.require(image == null || image.size() == 3, "image", "must be [channels, height, width]", image);
        return image == null ? null : ArrayFiles.checkShape(image);
    }

    @Override
    public Optional<Boolean> hasImages() {
        return Optional.of(image != null);
    }

    @Override
    public boolean validates() {
        return validation > 0;
    }

    @Override
    public OptionalInt trainExamples() {
        return OptionalInt.of(train);
    }
}
