package org.likelihood4j.laboratory.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.likelihood4j.laboratory.evidence.AnnealingFormulas;
import org.likelihood4j.laboratory.evidence.LocalFormulas;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.ActNorm;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.bijectors.ClassBase;
import org.likelihood4j.models.bijectors.InvertibleConv;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.bijectors.coupling.AdditiveFamily;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.Autoregressive;
import org.likelihood4j.models.bijectors.coupling.ColumnSplit;
import org.likelihood4j.models.bijectors.coupling.Coupling;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.Multiscale;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;
import org.likelihood4j.models.bijectors.coupling.Split;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.Masked;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.FactorizedPrior;
import org.likelihood4j.models.vae.FlowPrior;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.MixturePrior;
import org.likelihood4j.models.vae.Prior;
import org.likelihood4j.models.vae.StandardNormalPrior;
import org.likelihood4j.models.vae.VaeOptions;

/**
 * What is verified: the production classes, and the closed forms that are claimed of them. A test replaces one of them by a
 * wrong one and sees which checks notice.
 *
 * @param coupling the derived coupling block, whose parameters are named under the path
 * @param textbook the affine coupling without s
 * @param additive the coupling that only shifts
 * @param spline the coupling of rational-quadratic splines
 * @param autoregressive an affine step of an autoregressive flow of a row
 * @param autoregressiveSpline the same of splines
 * @param chain bijectors one after the other
 * @param values random values for parameters, none of them near 0, where initial values are
 * @param model a VAE
 * @param prior the prior with a closed-form KL, for a number of latents
 * @param mixture a learned mixture, for a number of latents
 * @param flow a learned flow, for a number of latents
 * @param maps the bijectors of feature maps
 * @param gradients the closed forms of the KL's gradients
 * @param annealing the formulas of annealed importance sampling
 * @param local the gradient of one posterior's bound
 */
public record Formulas(
        BiFunction<ParameterPath, Block, Bijector> coupling,
        BiFunction<ParameterPath, Block, Bijector> textbook,
        BiFunction<ParameterPath, Block, Bijector> additive,
        BiFunction<ParameterPath, Block, Bijector> spline,
        BiFunction<ParameterPath, Step, Bijector> autoregressive,
        BiFunction<ParameterPath, Step, Bijector> autoregressiveSpline,
        Function<List<Bijector>, Bijector> chain,
        ValueDraw values,
        Function<VaeOptions, LatentVariableModel> model,
        IntFunction<FactorizedPrior> prior,
        IntFunction<Prior> mixture,
        IntFunction<Prior> flow,
        MapForms maps,
        GradientForms gradients,
        AnnealingFormulas annealing,
        LocalFormulas local) {
    /** Of the splines that are verified. */
    static final double TAIL_BOUND = 2.5;

    private static final int BINS = 5;

    /**
     * An autoregressive step's shape. Its masked network's activation is tanh.
     *
     * @param columns of the row
     * @param hidden widths of its network
     * @param bound of |G|, of an affine step
     */
    record Step(int columns, List<Integer> hidden, double bound) {}

    /**
     * A coupling block's shape. Its network's activation is tanh.
     *
     * @param conditions for each column whether it belongs to the conditioning half x2
     * @param hidden widths of the network of F and G
     * @param bound of |G| and |s|
     */
    record Block(List<Boolean> conditions, List<Integer> hidden, double bound) {
        int dimension() {
            return conditions.size();
        }

        /** The columns of x1 (false) or of x2 (true), in order. */
        int[] columns(boolean conditioning) {
            return IntStream.range(0, dimension())
                    .filter(i -> conditions.get(i) == conditioning)
                    .toArray();
        }
    }

    /** How parameters get the values that are checked. */
    @FunctionalInterface
    interface ValueDraw {
        Map<String, double[]> draw(List<Parameter> parameters, double scale, RandomGenerator random);
    }

    /** What the program uses. */
    public static Formulas production() {
        return new Formulas(
                (path, block) -> coupling(path, block, new DerivedAffineFamily(block.bound())),
                (path, block) -> coupling(path, block, new AffineFamily(block.bound())),
                (path, block) -> coupling(path, block, new AdditiveFamily()),
                (path, block) -> coupling(path, block, new RationalQuadraticFamily(BINS, TAIL_BOUND)),
                (path, step) -> step(path, step, new AffineFamily(step.bound())),
                (path, step) -> step(path, step, new RationalQuadraticFamily(BINS, TAIL_BOUND)),
                Chain::new,
                Formulas::uniform,
                GaussianVae::new,
                StandardNormalPrior::new,
                latent -> new MixturePrior(latent, 3),
                latent -> new FlowPrior(
                        latent, 2, new Mlp.Hidden(List.of(6), Activation.TANH), new DerivedAffineFamily(1)),
                MapForms.production(),
                GradientForms.derived(),
                AnnealingFormulas.derived(),
                LocalFormulas.derived());
    }

    static Bijector coupling(ParameterPath path, Block block, ElementwiseFamily family) {
        boolean[] conditions = new boolean[block.dimension()];
        for (int i = 0; i < conditions.length; i++) {
            conditions[i] = block.conditions().get(i);
        }
        return Coupling.startingAtIdentity(
                path, new ColumnSplit(conditions), new Mlp.Hidden(block.hidden(), Activation.TANH), family);
    }

    static Bijector step(ParameterPath path, Step step, ElementwiseFamily family) {
        return new Autoregressive(
                path,
                EventShape.row(step.columns()),
                new Masked(step.columns(), new Mlp.Hidden(step.hidden(), Activation.TANH)),
                family);
    }

    /** Of either sign, {@code 0.3 scale} to {@code 1.3 scale} in size. */
    private static Map<String, double[]> uniform(List<Parameter> parameters, double scale, RandomGenerator random) {
        Map<String, double[]> values = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            values.put(
                    parameter.name(),
                    random.doubles(parameter.length(), -1, 1)
                            .map(u -> scale * (u + 0.3 * Math.signum(u)))
                            .toArray());
        }
        return values;
    }

    /**
     * The bijectors of feature maps that are verified.
     *
     * @param norm the scale and shift of each channel
     * @param mixing the invertible 1x1 convolution
     * @param squeeze from space to channels
     * @param coupling the derived coupling of a split of a map, whose network is two 3x3 convolutions with a rectifier between them
     * @param multiscale scales one after the other
     * @param classes the base of each of {@link #CLASSES}
     */
    record MapForms(
            BiFunction<ParameterPath, FeatureMap, Bijector> norm,
            BiFunction<ParameterPath, FeatureMap, Bijector> mixing,
            Function<FeatureMap, Bijector> squeeze,
            BiFunction<ParameterPath, Split, Bijector> coupling,
            Function<List<Multiscale.Scale>, Bijector> multiscale,
            BiFunction<ParameterPath, FeatureMap, Bijector> classes) {
        /** What a base of classes is told. */
        static final FunctionInput.Condition CLASSES = new FunctionInput.Condition("label", 3);

        /** Of every log-scale. */
        static final double BOUND = 1.2;

        /** Of the couplings' networks. */
        static final int CHANNELS = 3;

        /** What the program uses. */
        static MapForms production() {
            return new MapForms(
                    (path, shape) -> new ActNorm(path, shape, BOUND),
                    (path, shape) -> new InvertibleConv(path, shape, BOUND),
                    Permutation::squeeze,
                    (path, split) -> Coupling.startingAtIdentity(
                            path,
                            split,
                            new ConvNet.Shape(ConvNet.Block.RESIDUAL, CHANNELS, 0),
                            new DerivedAffineFamily(BOUND)),
                    Multiscale::new,
                    (path, shape) -> new ClassBase(path, shape, CLASSES, BOUND));
        }
    }
}
