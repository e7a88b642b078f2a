package org.likelihood4j.config.data;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;
import java.util.OptionalInt;

/** The data set of a run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = DigitsConfig.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = MnistConfig.class, name = "mnist"),
    @JsonSubTypes.Type(value = FashionMnistConfig.class, name = "fashion-mnist"),
    @JsonSubTypes.Type(value = Cifar10Config.class, name = "cifar-10"),
    @JsonSubTypes.Type(value = DigitsConfig.class, name = "digits"),
    @JsonSubTypes.Type(value = ImagesConfig.class, name = "images"),
    @JsonSubTypes.Type(value = IdxConfig.class, name = "idx"),
    @JsonSubTypes.Type(value = NpyConfig.class, name = "npy"),
    @JsonSubTypes.Type(value = CsvConfig.class, name = "csv"),
    @JsonSubTypes.Type(value = ParquetConfig.class, name = "parquet"),
    @JsonSubTypes.Type(value = ToyConfig.class, name = "toy"),
    @JsonSubTypes.Type(value = ExternalConfig.class, name = "external")
})
public sealed interface DataConfig
        permits MnistConfig, FashionMnistConfig, Cifar10Config, DigitsConfig, ToyConfig, ExternalConfig, OwnFiles {
    /** Whether examples are held out for validation. */
    boolean validates();

    /** How many classes its labels have, where that is known before they are read. */
    default OptionalInt classes() {
        return OptionalInt.empty();
    }

    /** The number of examples that are left to train on, where that is known before they are read. */
    OptionalInt trainExamples();

    /** Whether it is said of some columns of a table that they hold whole numbers or words. */
    default boolean hasDiscreteColumns() {
        return false;
    }

    /** Whether cells of a table may be missing, so that the model has to leave them out. */
    default boolean hasHoles() {
        return false;
    }

    /** Whether the examples are images; empty where only the files can tell. */
    default Optional<Boolean> hasImages() {
        return Optional.of(true);
    }
}
