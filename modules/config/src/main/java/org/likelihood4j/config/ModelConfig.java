package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Range;
import org.likelihood4j.config.rules.RuleRecorder;
import org.likelihood4j.config.rules.Wording;

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

    /** The same with what depends on the kind of the data, as far as that is known. */
    default ModelConfig decided(DataConfig data) {
        return this;
    }

    /** Whether what it minimises has a KL, so that the run has the sections {@code loss} and {@code diagnostics}. */
    default boolean hasKl() {
        return false;
    }

    /** Whether that KL has a closed form. */
    default boolean hasClosedFormKl() {
        return false;
    }

    /** Whether its posterior is a Gaussian that no flow follows, so that log q(z|x) can be told, and differentiated, at any z. */
    default boolean hasGaussianPosterior() {
        return true;
    }

    /** Whether it has latents whose prior has parameters. */
    default boolean hasLearnedPrior() {
        return false;
    }

    /** Whether what it says of an example is, or bounds, the log of a probability or of a density. */
    default boolean hasLikelihood() {
        return true;
    }

    /** Whether it can leave missing cells of a table out. */
    default boolean leavesOut() {
        return false;
    }

    /** What the model is told of each example beside its data; {@code null} where nothing is. */
    default Condition condition() {
        return null;
    }

    /** Whether the model is told each example's class. */
    default boolean tellsClasses() {
        return condition() == Condition.LABEL;
    }

    /** The columns of a table that the model is told; {@code null} where it is told none. */
    default List<String> conditionColumns() {
        return null;
    }

    /** How many classes there are, of a model that is told them; {@code null} where the data have to say it. */
    default Integer classes() {
        return null;
    }

    /** The same with so many classes, of a model that is told them. */
    default ModelConfig withClasses(int count) {
        return this;
    }

    /**
     * A variational autoencoder with a Gaussian posterior, or one that a flow makes of it.
     *
     * @param latent the number of latent dimensions; 1 to 2^20, default 20
     * @param encoder the network from image to the Gaussian posterior; default one hidden layer of 400
     * @param decoder the network from latent to image; default one hidden layer of 400
     * @param likelihood the distribution of an image given its latent; default bernoulli
     * @param posterior the distribution of the latents given an image; default gaussian
     * @param prior the distribution of the latents; default normal
     * @param condition what the model is told of each example, whose density is then p(x|y). A list such as [region, age] names columns of a
     *     table: it is the short form of condition columns and of conditionColumns; default nothing
     * @param conditionColumns with condition columns their names: of all other columns the model is, given these
     * @param classes with condition label how many classes there are; at least 2, default what is known of the data (10 of MNIST's kind)
     */
    record Vae(
            Integer latent,
            CoderConfig encoder,
            CoderConfig decoder,
            LikelihoodConfig likelihood,
            PosteriorConfig posterior,
            PriorConfig prior,
            Condition condition,
            List<String> conditionColumns,
            Integer classes)
            implements ModelConfig {
        /** Fills in the defaults and checks them. */
        public Vae {
            latent = Check.width("latent", latent, 20);
            encoder = Check.or(encoder, CoderConfig.usual());
            decoder = Check.or(decoder, CoderConfig.usual());
            likelihood = Check.or(likelihood, new LikelihoodConfig.Bernoulli(null));
            posterior = Check.or(posterior, new PosteriorConfig.Gaussian());
            prior = Check.or(prior, new PriorConfig.Normal());
            Check.require(
                    latent >= 2 || !(prior instanceof PriorConfig.RealNvp),
                    "latent",
                    "must be at least 2 with prior {type: realnvp}, whose couplings need two halves",
                    latent);
            Check.require(
                    latent >= 2 || posterior instanceof PosteriorConfig.Gaussian,
                    "latent",
                    "must be at least 2 with a posterior that is a flow, by which latents depend on each other",
                    latent);
            double total = posterior.totalLogScale() + prior.totalLogScale();
            Check.require(
                    total <= PriorConfig.LARGEST_TOTAL_LOG_SCALE,
                    "posterior",
                    "couplings or steps * logScaleBound, with those of the prior, must be at most 28.0, or the squares of"
                            + " the latents could leave float32",
                    total);
            conditionColumns = Condition.columns(condition, conditionColumns);
            classes = Condition.classes(condition, classes);
        }

        @Override
        public Vae withClasses(int count) {
            return new Vae(latent, encoder, decoder, likelihood, posterior, prior, condition, conditionColumns, count);
        }

        @Override
        public boolean leavesOut() {
            return likelihood instanceof LikelihoodConfig.Columns;
        }

        @Override
        public boolean hasKl() {
            return true;
        }

        @Override
        public boolean hasClosedFormKl() {
            return hasGaussianPosterior() && prior instanceof PriorConfig.Normal;
        }

        @Override
        public boolean hasGaussianPosterior() {
            return posterior instanceof PosteriorConfig.Gaussian;
        }

        @Override
        public boolean hasLearnedPrior() {
            return !(prior instanceof PriorConfig.Normal);
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
     * <p>Which keys it has depends on the architecture; those of the other one are {@code null}. Where it is not said, the data decide, and
     * until they are known all of these keys are {@code null} that are not given.
     *
     * @param architecture how the couplings stand; default multiscale where the data are images, else flat
     * @param couplings of a flat flow the number of couplings, of an autoregressive one that of its steps; 1 to 100, default 6
     * @param family what a coupling makes of its two halves; default derived, of an autoregressive flow, whose steps transform every number,
     *     affine
     * @param bins of family spline the pieces of each map; 2 to 100, default 8
     * @param tailBound of family spline the bound B beyond which numbers stay what they are, in standard deviations of a standardised column;
     *     positive, default 3
     * @param mask how a coupling of a flat flow splits an image; of a table {@code halves} takes the first columns against the rest, the others
     *     every other column; default checkerboard
     * @param marginals of a flat or an autoregressive flow of a table what is done to each column by itself before the flow; default standardized
     * @param mixing of a flat or an autoregressive flow what comes before each coupling or step, so that all columns see each other; default none
     * @param scales of a multi-scale flow at most 10 scales, from the whole image on, each {channel: couplings that split the channels,
     *     checkerboard: couplings that split the pixels, channels: of their networks, by default twice those of the scale before}. At each but
     *     the first a square of 2x2 pixels becomes one place of four times the channels, and behind the couplings of channels half of these
     *     become latents, unless it is the last. Default [{checkerboard: 4}, {channel: 4}, {channel: 4}], of an image whose height and
     *     width 4 divides
     * @param conditioner the network behind F and G
     * @param actNorm of a multi-scale flow whether a learned scale and shift of each channel, which start from the data, come before
     *     each coupling; default false
     * @param invertibleConv of a multi-scale flow whether an invertible 1x1 convolution comes before each coupling of 2 channels and more;
     *     default false
     * @param base of a multi-scale flow the distribution of its latents; default standard
     * @param dequantization of a multi-scale flow the noise that makes real numbers of integer pixels; default uniform
     * @param logScaleBound the bound b of one coupling: |G| and |s| are at most b; positive, default 2, or the largest that fits.
     *     All couplings together scale by at most exp(couplings * b), which times the largest standardised logit must leave room for
     *     squares in float32: couplings * b is at most 40 - log(2 log(1/alpha)/standardizationFloor), 29.8 by default in a flat flow.
     *     Each actNorm, invertibleConv, learned base, base of classes and mixing lu counts as a coupling. It has no meaning with family additive, whose couplings do not
     *     scale, or spline, whose couplings leave large numbers as they are, where none of these is there
     * @param alpha the margin of the logit, which is taken of {@code alpha + (1 - 2 alpha) x}; at least 1e-12 and below 0.5,
     *     default 1e-6, of a multi-scale flow 1e-5
     * @param standardizationFloor the smallest standard deviation that standardising a pixel divides by; at least
     *     1e-6, default 1e-3, of a multi-scale flow 1
     * @param divergence of a flat or an autoregressive flow which divergence is made small; default forward
     * @param condition what the model is told of each example, whose density is then p(x|y). A list such as [region, age] names columns of a
     *     table: it is the short form of condition columns and of conditionColumns; default nothing
     * @param conditionColumns with condition columns their names: of all other columns the model is, given these
     * @param classes with condition label how many classes there are; at least 2, default what is known of the data (10 of MNIST's kind)
     */
    record RealNvp(
            Architecture architecture,
            Integer couplings,
            Family family,
            Integer bins,
            Double tailBound,
            Mask mask,
            Marginals marginals,
            Mixing mixing,
            List<ScaleConfig> scales,
            ConditionerConfig conditioner,
            Boolean actNorm,
            Boolean invertibleConv,
            Base base,
            Dequantization dequantization,
            Double logScaleBound,
            Double alpha,
            Double standardizationFloor,
            Divergence divergence,
            Condition condition,
            List<String> conditionColumns,
            Integer classes)
            implements ModelConfig {
        private static final double SMALLEST_ALPHA = 1e-12;
        private static final double SMALLEST_STANDARDIZATION_FLOOR = 1e-6;
        private static final int MAX_SCALES = 10;

        /** Fills in the defaults and checks them. */
        public RealNvp {
            RuleRecorder.tell("scales", MAX_SCALES);
            scales = scales == null ? null : List.copyOf(scales);
            Check.require(
                    scales == null || scales.size() <= MAX_SCALES,
                    "scales",
                    "must have at most " + MAX_SCALES + " scales",
                    scales == null ? 0 : scales.size());
            couplings = Check.optionalCouplings(couplings);
            conditioner = Check.or(conditioner, ConditionerConfig.unsaid());
            alpha = Check.optional(Range.atLeast(SMALLEST_ALPHA).below(0.5), "alpha", alpha);
            standardizationFloor = Check.optional(
                    Range.atLeast(SMALLEST_STANDARDIZATION_FLOOR), "standardizationFloor", standardizationFloor);
            logScaleBound = Check.optional(Range.POSITIVE, "logScaleBound", logScaleBound);
            family = Check.or(family, architecture == Architecture.AUTOREGRESSIVE ? Family.AFFINE : Family.DERIVED);
            bins = FamilyKeys.bins(family, bins);
            tailBound = FamilyKeys.tailBound(family, tailBound);
            if (architecture == Architecture.FLAT || architecture == Architecture.AUTOREGRESSIVE) {
                FlowKeys.refuseMultiscale(architecture, "scales", scales);
                FlowKeys.refuseMultiscale(architecture, "actNorm", actNorm);
                FlowKeys.refuseMultiscale(architecture, "invertibleConv", invertibleConv);
                FlowKeys.refuseMultiscale(architecture, "base", base);
                FlowKeys.refuseMultiscale(architecture, "dequantization", dequantization);
                FlowKeys.refuseConvolutions(architecture, conditioner);
                conditioner = conditioner.dense();
                couplings = Check.or(couplings, 6);
                marginals = Check.or(marginals, Marginals.STANDARDIZED);
                mixing = Check.or(mixing, Mixing.NONE);
                divergence = Check.or(divergence, Divergence.FORWARD);
                Check.require(
                        divergence == Divergence.FORWARD || condition == null,
                        "condition",
                        "has no meaning with divergence: reverse, which is of a density without one; leave one of them out",
                        condition);
                if (architecture == Architecture.FLAT) {
                    mask = Check.or(mask, Mask.CHECKERBOARD);
                } else {
                    FlowKeys.refuseHalves(mask, family);
                }
                alpha = Check.or(alpha, 1e-6);
                standardizationFloor = Check.or(standardizationFloor, 1e-3);
                logScaleBound =
                        FlowKeys.flatBound(family, mixing, logScaleBound, couplings, alpha, standardizationFloor);
            } else if (architecture == Architecture.MULTISCALE) {
                FlowKeys.refuseInMultiscale("couplings", couplings);
                FlowKeys.refuseInMultiscale("mask", mask);
                FlowKeys.refuseInMultiscale("marginals", marginals);
                FlowKeys.refuseInMultiscale("mixing", mixing);
                FlowKeys.refuseInMultiscale("divergence", divergence);
                FlowKeys.refuseDense(conditioner);
                conditioner = conditioner.convolutional();
                scales = FlowKeys.scales(scales, conditioner.channels());
                actNorm = Check.or(actNorm, false);
                invertibleConv = Check.or(invertibleConv, false);
                base = Check.or(base, Base.STANDARD);
                dequantization = Check.or(dequantization, Dequantization.UNIFORM);
                alpha = Check.or(alpha, 1e-5);
                standardizationFloor = Check.or(standardizationFloor, 1.0);
                int each = (family.scales() ? 1 : 0) + (actNorm ? 1 : 0) + (invertibleConv ? 1 : 0);
                int bounds =
                        each * scales.stream().mapToInt(ScaleConfig::couplings).sum()
                                + (base != Base.STANDARD && scales.size() > 2 ? 1 : 0)
                                + (base == Base.CLASSES ? 1 : 0);
                Check.require(
                        base != Base.CLASSES || condition == Condition.LABEL,
                        "base",
                        "of classes needs condition: label; add that, or use learned",
                        base);
                logScaleBound = FlowKeys.multiscaleBound(family, logScaleBound, bounds, alpha, standardizationFloor);
            }
            conditionColumns = Condition.columns(condition, conditionColumns);
            classes = Condition.classes(condition, classes);
        }

        @Override
        public RealNvp withClasses(int count) {
            return with(architecture, count);
        }

        /**
         * The same with an architecture, if it has none yet.
         *
         * @param images whether the data are images
         * @throws ConfigException if the data are images and it has keys of a flat flow, but does not say that it is one
         */
        public RealNvp decided(boolean images) {
            if (architecture != null) {
                return this;
            }
            if (images) {
                FlowKeys.refuseUndecided("couplings", couplings);
                FlowKeys.refuseUndecided("mask", mask);
                FlowKeys.refuseUndecided("marginals", marginals);
                FlowKeys.refuseUndecided("mixing", mixing);
                FlowKeys.refuseUndecided("divergence", divergence);
                FlowKeys.refuseUndecided("conditioner.hidden", conditioner.hidden());
                FlowKeys.refuseUndecided("conditioner.width", conditioner.width());
                FlowKeys.refuseUndecided("conditioner.activation", conditioner.activation());
                FlowKeys.refuseUndecided("conditioner.dropout", conditioner.dropout());
            }
            return with(images ? Architecture.MULTISCALE : Architecture.FLAT, classes);
        }

        private RealNvp with(Architecture otherArchitecture, Integer otherClasses) {
            return new RealNvp(
                    otherArchitecture,
                    couplings,
                    family,
                    bins,
                    tailBound,
                    mask,
                    marginals,
                    mixing,
                    scales,
                    conditioner,
                    actNorm,
                    invertibleConv,
                    base,
                    dequantization,
                    logScaleBound,
                    alpha,
                    standardizationFloor,
                    divergence,
                    condition,
                    conditionColumns,
                    otherClasses);
        }

        @Override
        public ModelConfig decided(DataConfig data) {
            return data.hasImages().map(this::decided).orElse(this);
        }

        @Override
        public boolean hasExactDensity() {
            return true;
        }
    }

    /** What a model is told of each example. */
    enum Condition {
        /** Its class: the label y of the data. */
        LABEL,
        /** Some of its columns: the model is of the others, given these. */
        COLUMNS;

        private static List<String> columns(Condition condition, List<String> columns) {
            Check.require(
                    condition == COLUMNS || columns == null,
                    "conditionColumns",
                    "has no meaning without condition: columns; leave it out",
                    columns);
            Check.require(
                    condition != COLUMNS || (columns != null && !columns.isEmpty()),
                    "conditionColumns",
                    "is required with condition: columns; name them, condition: [COLUMN, ...]",
                    columns);
            if (columns == null) {
                return null;
            }
            Check.require(
                    columns.stream().distinct().count() == columns.size(),
                    "conditionColumns",
                    "must all be different",
                    Wording.quote(String.join(", ", columns)));
            return List.copyOf(columns);
        }

        private static Integer classes(Condition condition, Integer classes) {
            Check.require(
                    condition == LABEL || classes == null,
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

    /** How the couplings of a flow stand. */
    enum Architecture {
        /** Convolutional couplings of images at several scales, on checkerboards and channels (Dinh et al. 2017). */
        MULTISCALE,
        /** Couplings of all pixels, or columns, at once, with networks of dense layers. */
        FLAT,
        /**
         * Of tables, of at most 64 columns: in each step every column is transformed by what a masked network makes of those before it
         * (Papamakarios et al. 2017). A density takes one pass, a sample as many as there are columns.
         */
        AUTOREGRESSIVE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The noise u that makes real numbers x + u of integer pixels x. */
    enum Dequantization {
        /** Uniform on [0, 1). */
        UNIFORM,
        /**
         * Learned: a small flow of four couplings of the checkerboard, with half the conditioner's channels, makes it of uniform noise and
         * the image (Ho et al. 2019). log q(u|x) is a term of its own; with evaluation.importanceSamples above 1 the bound of log P(x) is
         * the tighter one of so many draws.
         */
        VARIATIONAL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The distribution of a multi-scale flow's latents. */
    enum Base {
        /** N(0, I). */
        STANDARD,
        /** Of the latents that leave before the last scale normal, with a mean and a deviation that a 3x3 convolution makes of the channels that go on (Kingma and Dhariwal 2018). */
        LEARNED,
        /**
         * The same, and of the last scale's latents a normal for each class, with a learned mean and deviation of each number: it needs condition
         * label.
         */
        CLASSES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Between the density p of the data and the flow's, q. */
    enum Divergence {
        /** KL(p || q), by the likelihood of the data. */
        FORWARD,
        /**
         * KL(q || p): the flow is a variational posterior and learns from its own draws (Rezende and Mohamed 2015). It never sees the data, whose
         * density must be known: data {type: toy} with density banana, moons, ring or scales.
         */
        REVERSE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is done to each column of a table by itself. */
    enum Marginals {
        /** It is divided by its standard deviation, around its mean. */
        STANDARDIZED,
        /** First a monotone spline through quantiles of the training data makes it nearly normal (Meng et al. 2020). */
        GAUSSIAN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What comes before each coupling or step. */
    enum Mixing {
        /** Nothing: halves take turns, and autoregressive steps see the columns in turned order. */
        NONE,
        /** A fixed random permutation of the columns. */
        PERMUTATION,
        /** The same, then a learned invertible linear map in its LU form (Oliva et al. 2018). */
        LU;

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
