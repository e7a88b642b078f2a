package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.Range;

/** The model of a run. Its type has no default. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ModelConfig.Vae.class, name = "vae"),
    @JsonSubTypes.Type(value = ModelConfig.RealNvp.class, name = "realnvp")
})
public sealed interface ModelConfig {
    /** Whether the model's density is exact, given the dequantisation noise: one draw of it says what many do. */
    default boolean hasExactDensity() {
        return false;
    }

    /** Whether what it minimises has a KL, so that the run has the sections {@code loss} and {@code diagnostics}. */
    default boolean hasKl() {
        return false;
    }

    /** Whether that KL has a closed form. */
    default boolean hasClosedFormKl() {
        return false;
    }

    /** Whether what it says of an example is, or bounds, the log of a probability or of a density. */
    default boolean hasLikelihood() {
        return true;
    }

    /** What the model is told of each example beside its data; {@code null} where nothing is. */
    default Condition condition() {
        return null;
    }

    /** How many classes there are, of a model with a condition; {@code null} where the data have to say it. */
    default Integer classes() {
        return null;
    }

    /** The same with so many classes, of a model with a condition. */
    default ModelConfig withClasses(int count) {
        return this;
    }

    /**
     * A variational autoencoder with a Gaussian posterior.
     *
     * @param latent the number of latent dimensions; 1 to 2^20, default 20
     * @param encoder the network from image to posterior; default one hidden layer of 400
     * @param decoder the network from latent to image; default one hidden layer of 400
     * @param likelihood the distribution of an image given its latent; default bernoulli
     * @param prior the distribution of the latents; default normal
     * @param condition what the model is told of each example, whose density is then p(x|y); default nothing
     * @param classes how many classes a condition has; at least 2, default what is known of the data (10 of MNIST's kind)
     */
    record Vae(
            Integer latent,
            NetworkConfig encoder,
            NetworkConfig decoder,
            LikelihoodConfig likelihood,
            PriorConfig prior,
            Condition condition,
            Integer classes)
            implements ModelConfig {
        private static final List<Integer> HIDDEN = List.of(400);

        /** Fills in the defaults and checks them. */
        public Vae {
            latent = Check.width("latent", latent, 20);
            encoder = NetworkConfig.orDefault(encoder, HIDDEN);
            decoder = NetworkConfig.orDefault(decoder, HIDDEN);
            likelihood = Check.or(likelihood, new LikelihoodConfig.Bernoulli(null));
            prior = Check.or(prior, new PriorConfig.Normal());
            Check.require(
                    latent >= 2 || !(prior instanceof PriorConfig.RealNvp),
                    "latent",
                    "must be at least 2 with prior {type: realnvp}, whose couplings need two halves",
                    latent);
            classes = Condition.classes(condition, classes);
        }

        @Override
        public Vae withClasses(int count) {
            return new Vae(latent, encoder, decoder, likelihood, prior, condition, count);
        }

        @Override
        public boolean hasKl() {
            return true;
        }

        @Override
        public boolean hasClosedFormKl() {
            return prior instanceof PriorConfig.Normal;
        }

        @Override
        public boolean hasLikelihood() {
            return !(likelihood instanceof LikelihoodConfig.Bernoulli bernoulli
                    && bernoulli.binarization() == LikelihoodConfig.Binarization.NONE);
        }
    }

    /**
     * A flow of couplings, each of which transforms one half x1 by what a network makes of the other half x2.
     *
     * @param couplings the number of couplings; 1 to 100, default 6
     * @param family what a coupling makes of its two halves; default derived
     * @param mask how a coupling splits an image; of a table {@code halves} takes the first columns against the rest, the others
     *     every other column; default checkerboard
     * @param conditioner the network behind F and G; default two hidden layers of 512
     * @param logScaleBound the bound b of one coupling: |G| and |s| are at most b; positive, default 2. All couplings
     *     together scale by at most exp(couplings * b), which times the largest standardised logit must leave room for
     *     squares in float32: couplings * b is at most 40 - log(2 log(1/alpha)/standardizationFloor), 29.8 by default.
     *     It has no meaning with family additive, whose couplings do not scale
     * @param alpha the margin of the logit, which is taken of {@code alpha + (1 - 2 alpha) x}; at least 1e-12 and below 0.5,
     *     default 1e-6
     * @param standardizationFloor the smallest standard deviation that standardising a pixel divides by; at least
     *     1e-6, default 1e-3
     * @param condition what the model is told of each example, whose density is then p(x|y); default nothing
     * @param classes how many classes a condition has; at least 2, default what is known of the data (10 of MNIST's kind)
     */
    record RealNvp(
            Integer couplings,
            Family family,
            Mask mask,
            NetworkConfig conditioner,
            Double logScaleBound,
            Double alpha,
            Double standardizationFloor,
            Condition condition,
            Integer classes)
            implements ModelConfig {
        private static final List<Integer> HIDDEN = List.of(512, 512);
        private static final double SMALLEST_ALPHA = 1e-12;
        private static final double SMALLEST_STANDARDIZATION_FLOOR = 1e-6;
        /** The log of the largest latent whose squares, in sum, stay within float32. */
        private static final double LARGEST_LOG_LATENT = 40;

        /** Fills in the defaults and checks them. */
        public RealNvp {
            couplings = Check.couplings(couplings, 6);
            family = Check.or(family, Family.DERIVED);
            mask = Check.or(mask, Mask.CHECKERBOARD);
            conditioner = NetworkConfig.orDefault(conditioner, HIDDEN);
            alpha = Check.within(Range.atLeast(SMALLEST_ALPHA).below(0.5), "alpha", alpha, 1e-6);
            standardizationFloor =
                    Check.atLeast(SMALLEST_STANDARDIZATION_FLOOR, "standardizationFloor", standardizationFloor, 1e-3);
            if (family == Family.ADDITIVE) {
                Check.require(
                        logScaleBound == null,
                        "logScaleBound",
                        "has no meaning with family additive, whose couplings do not scale; leave it out",
                        logScaleBound);
            } else {
                logScaleBound = Check.logScaleBound(
                        logScaleBound,
                        couplings,
                        LARGEST_LOG_LATENT - Math.log(-2 * Math.log(alpha) / standardizationFloor),
                        " with this alpha and standardizationFloor");
            }
            classes = Condition.classes(condition, classes);
        }

        @Override
        public RealNvp withClasses(int count) {
            return new RealNvp(
                    couplings, family, mask, conditioner, logScaleBound, alpha, standardizationFloor, condition, count);
        }

        @Override
        public boolean hasExactDensity() {
            return true;
        }
    }

    /** What a model is told of each example. */
    enum Condition {
        /** Its class: the label y of the data. */
        LABEL;

        private static Integer classes(Condition condition, Integer classes) {
            Check.require(
                    condition != null || classes == null,
                    "classes",
                    "has no meaning without condition: label; leave it out",
                    classes);
            return Check.optionalAtLeast(2, "classes", classes);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a coupling makes of its two halves, with networks F and G of x2; y is (y1, y2). */
    enum Family {
        /** y1 = exp(G(x2)) * x1 + F(x2), y2 = exp(s) * x2 with a learned vector s. */
        DERIVED,
        /** y1 = exp(G(x2)) * x1 + F(x2), y2 = x2 (Dinh et al. 2017). */
        AFFINE,
        /** y1 = x1 + F(x2), y2 = x2: volume is preserved (Dinh et al. 2015). */
        ADDITIVE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The section of a kind of model that is not built in, see {@code ModelType}. */
    non-sealed interface Provided extends ModelConfig {}

    /** How a coupling splits an image's pixels into two halves; successive couplings swap the halves. */
    enum Mask {
        /** By the parity of row + column. */
        CHECKERBOARD,
        /** The first half of the pixels, in row order, against the second. */
        HALVES,
        /** By the parity of the column. */
        COLUMNS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
