package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Locale;
import org.likelihood4j.config.rules.Check;

/** The distribution of an image given its latent. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = LikelihoodConfig.Bernoulli.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = LikelihoodConfig.Bernoulli.class, name = "bernoulli"),
    @JsonSubTypes.Type(value = LikelihoodConfig.Gaussian.class, name = "gaussian"),
    @JsonSubTypes.Type(value = LikelihoodConfig.LogisticMixture.class, name = "logistic-mixture"),
    @JsonSubTypes.Type(value = LikelihoodConfig.Columns.class, name = "columns")
})
public sealed interface LikelihoodConfig {
    /**
     * Independent pixels that are 0 or 1.
     *
     * @param binarization how grey pixels become 0 or 1; default dynamic
     */
    record Bernoulli(Binarization binarization) implements LikelihoodConfig {
        /** Fills in the default. */
        public Bernoulli {
            binarization = Check.or(binarization, Binarization.DYNAMIC);
        }
    }

    /**
     * Independent normal pixels around the decoder's output, on the scale where black is 0 and white is 1.
     *
     * @param sigma the standard deviation of a pixel, or of a number of a table in deviations of its column; at least 1e-6 (float32 intensities near 1 lie 6e-8 apart), default 0.1. Where it is learned, the first one
     * @param learned whether sigma is trained too; it is then at least 1/510; default none
     */
    record Gaussian(Double sigma, Learned learned) implements LikelihoodConfig {
        private static final double SMALLEST_SIGMA = 1e-6;

        /** Fills in the default and checks it. */
        public Gaussian {
            sigma = Check.atLeast(SMALLEST_SIGMA, "sigma", sigma, 0.1);
            learned = Check.or(learned, Learned.NONE);
        }
    }

    /**
     * 8-bit pixels, grey or in colour, as mixtures of logistic distributions whose cells the stored integers are: the bound is one of
     * their probability, and tells bits/dim.
     *
     * @param components of each pixel's mixture; 1 to 100, default 5
     */
    record LogisticMixture(Integer components) implements LikelihoodConfig {
        private static final int MAX_COMPONENTS = 100;

        /** Fills in the default and checks it. */
        public LogisticMixture {
            components = Check.within(1, MAX_COMPONENTS, "components", components, 5);
        }
    }

    /**
     * Rows of a table, each column by what it holds (data.columns): numbers on the real line as Gaussians of which mean and variance are
     * learned, whole numbers and days as discretised logistic distributions, categories by a softmax over their words, booleans as Bernoulli.
     * No noise is added: the bound is one of the probability of the discrete columns times the density of the others.
     */
    record Columns() implements LikelihoodConfig {}

    /** What is learned of a Gaussian's sigma. */
    enum Learned {
        /** Nothing. */
        NONE,
        /** One number for all pixels, or columns. */
        ONE,
        /** One for each pixel, or column, of each example: the decoder puts it out beside the mean. */
        EACH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How grey pixels become 0 or 1. */
    enum Binarization {
        /** Drawn anew, with the grey value as the probability of 1, every time an image is used. */
        DYNAMIC,
        /** Decided once, the same for every use. */
        STATIC,
        /** Not at all: grey values go into the Bernoulli formula, which is then not a likelihood of the data. */
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
