package org.likelihood4j.inference.kinds;

import org.likelihood4j.config.ConditionerConfig;
import org.likelihood4j.config.Family;
import org.likelihood4j.config.LikelihoodConfig;
import org.likelihood4j.config.LossConfig;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.data.ToyConfig;
import org.likelihood4j.data.synthetic.densities.ToyDensity;
import org.likelihood4j.data.tables.MissingCells;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.bijectors.coupling.AdditiveFamily;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.models.vae.likelihood.LearnedSigma;

/**
 * From the words of a configuration to the constants of models and data: the one table between rooms that do not know each other.
 * The compiler asks for a case for each word; that each constant has a word is tested.
 */
public final class Vocabulary {
    private Vocabulary() {}

    /** How a coupling splits an example. */
    public static HalfOrder of(ModelConfig.Mask mask) {
        return switch (mask) {
            case CHECKERBOARD -> HalfOrder.CHECKERBOARD;
            case HALVES -> HalfOrder.HALVES;
            case COLUMNS -> HalfOrder.COLUMNS;
        };
    }

    /** What comes before each step of a flow. */
    public static Mixing.Kind of(ModelConfig.Mixing mixing) {
        return switch (mixing) {
            case NONE -> Mixing.Kind.NONE;
            case PERMUTATION -> Mixing.Kind.PERMUTATION;
            case LU -> Mixing.Kind.LU;
        };
    }

    /** What a network of convolutions is made of. */
    public static ConvNet.Block of(ConditionerConfig.Type type) {
        return switch (type) {
            case DENSE -> throw new IllegalArgumentException("a dense network has no blocks of convolutions");
            case RESIDUAL -> ConvNet.Block.RESIDUAL;
            case GATED -> ConvNet.Block.GATED;
        };
    }

    /** A network's activation. */
    public static Activation of(NetworkConfig.Activation activation) {
        return switch (activation) {
            case RELU -> Activation.RELU;
            case TANH -> Activation.TANH;
            case ELU -> Activation.ELU;
            case SOFTPLUS -> Activation.SOFTPLUS;
            case SIGMOID -> Activation.SIGMOID;
            case SWISH -> Activation.SWISH;
            case IDENTITY -> Activation.IDENTITY;
        };
    }

    /** How grey pixels become 0 or 1. */
    public static Binarization of(LikelihoodConfig.Binarization binarization) {
        return switch (binarization) {
            case DYNAMIC -> Binarization.DYNAMIC;
            case STATIC -> Binarization.STATIC;
            case NONE -> Binarization.NONE;
        };
    }

    /** What is learned of a Gaussian's sigma. */
    public static LearnedSigma of(LikelihoodConfig.Learned learned) {
        return switch (learned) {
            case NONE -> LearnedSigma.NONE;
            case ONE -> LearnedSigma.ONE;
            case EACH -> LearnedSigma.EACH;
        };
    }

    /** How the KL's gradient is estimated. */
    public static KlEstimator of(LossConfig.Estimator estimator) {
        return switch (estimator) {
            case ANALYTIC -> KlEstimator.ANALYTIC;
            case SAMPLED -> KlEstimator.SAMPLED;
            case PATH -> KlEstimator.PATH;
        };
    }

    /**
     * What a coupling or a step does, with the keys of its own that it has.
     *
     * @param logScaleBound of one that scales
     * @param bins of a spline, as {@code tailBound}
     */
    public static ElementwiseFamily of(Family family, Double logScaleBound, Integer bins, Double tailBound) {
        return switch (family) {
            case DERIVED -> new DerivedAffineFamily(logScaleBound);
            case AFFINE -> new AffineFamily(logScaleBound);
            case ADDITIVE -> new AdditiveFamily();
            case SPLINE -> new RationalQuadraticFamily(bins, tailBound);
        };
    }

    /** A density that points are drawn from. */
    public static ToyDensity of(ToyConfig.Density density) {
        return switch (density) {
            case BANANA -> ToyDensity.BANANA;
            case RING -> ToyDensity.RING;
            case CHECKERBOARD -> ToyDensity.CHECKERBOARD;
            case MOONS -> ToyDensity.MOONS;
            case SCALES -> ToyDensity.SCALES;
            case CHAIN -> ToyDensity.CHAIN;
            case MIXED -> ToyDensity.MIXED;
        };
    }

    /** What is done about cells without a value. */
    public static MissingCells of(TableFiles.Missing missing) {
        return switch (missing) {
            case DROP -> MissingCells.DROP;
            case MASK -> MissingCells.MASK;
            case REFUSE -> MissingCells.REFUSE;
        };
    }
}
