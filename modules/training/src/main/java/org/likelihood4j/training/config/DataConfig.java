package org.likelihood4j.training.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The data set of a run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = DataConfig.Digits.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = DataConfig.Mnist.class, name = "mnist"),
    @JsonSubTypes.Type(value = DataConfig.FashionMnist.class, name = "fashion-mnist"),
    @JsonSubTypes.Type(value = DataConfig.Digits.class, name = "digits")
})
public sealed interface DataConfig {
    /** The number of validation images, 0 for none. */
    Integer validation();

    /** The number of images that are left to train on. */
    int trainImages();

    /**
     * The MNIST files.
     *
     * @param validation how many of the 60000 training images are held out; below 60000, default 1000
     */
    record Mnist(Integer validation) implements DataConfig {
        /** The number of images in the training file. */
        public static final int TRAIN_FILE_IMAGES = 60_000;

        /** Fills in the default and checks it. */
        public Mnist {
            validation = heldOut(validation);
        }

        @Override
        public int trainImages() {
            return TRAIN_FILE_IMAGES - validation;
        }

        private static int heldOut(Integer validation) {
            int images = Check.atLeast(0, "validation", validation, 1000);
            Check.require(images < TRAIN_FILE_IMAGES, "validation", "must be below " + TRAIN_FILE_IMAGES, images);
            return images;
        }
    }

    /**
     * The files of Fashion-MNIST, which are in MNIST's format.
     *
     * @param validation as for {@link Mnist}
     */
    record FashionMnist(Integer validation) implements DataConfig {
        /** Fills in the default and checks it. */
        public FashionMnist {
            validation = Mnist.heldOut(validation);
        }

        @Override
        public int trainImages() {
            return Mnist.TRAIN_FILE_IMAGES - validation;
        }
    }

    /**
     * Digits drawn by the built-in generator, which needs no download.
     *
     * @param train the number of training images; at least 1, default 60000
     * @param validation the number of validation images, beside the training images; at least 0, default 1000
     * @param test the number of test images; at least 1, default 10000
     * @param seed the generator's seed; default 1
     */
    record Digits(Integer train, Integer validation, Integer test, Long seed) implements DataConfig {
        /** Fills in the defaults and checks them. */
        public Digits {
            train = Check.atLeast(1, "train", train, 60_000);
            validation = Check.atLeast(0, "validation", validation, 1000);
            test = Check.atLeast(1, "test", test, 10_000);
            seed = Check.or(seed, 1L);
        }

        @Override
        public int trainImages() {
            return train;
        }
    }
}
