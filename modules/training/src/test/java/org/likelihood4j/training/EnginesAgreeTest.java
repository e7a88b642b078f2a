package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;
import org.likelihood4j.models.flow.AutoregressiveArchitecture;
import org.likelihood4j.models.flow.Flow;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.MultiscaleArchitecture;
import org.likelihood4j.models.flow.PixelData;
import org.likelihood4j.models.flow.RowData;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.Masked;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.layers.ResidualMlp;
import org.likelihood4j.models.vae.FlowPrior;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.MixturePrior;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.PosteriorFlow;
import org.likelihood4j.models.vae.Prior;
import org.likelihood4j.models.vae.StandardNormalPrior;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every model trains on the compiled engine as it does on the reference. A new model is one line in {@link #models}. */
@Tag("vectors")
class EnginesAgreeTest {
    private static final int ROWS = 3;
    private static final UpdateRule RULE =
            new UpdateRule(Optimizer.Adam.standard(), OptionalDouble.of(1), OptionalDouble.of(0.9));

    private record Case(String name, Function<DataType, Model> factory) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> models() {
        List<Case> cases = new ArrayList<>();
        Prior normal = new StandardNormalPrior(2);
        for (Binarization binarization : Binarization.values()) {
            cases.add(vae(
                    binarization.toString(),
                    new BernoulliPixels(binarization),
                    normal,
                    Objective.elbo(),
                    Activation.TANH));
        }
        for (Activation activation : Activation.values()) {
            cases.add(vae(
                    "Gaussian pixels, " + activation, new GaussianPixels(0.4), normal, Objective.elbo(), activation));
        }
        cases.add(dynamic("weighted", normal, new Objective(KlEstimator.ANALYTIC, 1, true, 0)));
        cases.add(dynamic("free bits", normal, new Objective(KlEstimator.ANALYTIC, 1, false, 0.3)));
        for (KlEstimator estimator : new KlEstimator[] {KlEstimator.SAMPLED, KlEstimator.PATH}) {
            for (int samples : new int[] {1, 5}) {
                cases.add(dynamic(
                        estimator + ", " + samples + " samples", normal, new Objective(estimator, samples, false, 0)));
            }
        }
        Objective sampled = new Objective(KlEstimator.SAMPLED, 1, false, 0);
        cases.add(dynamic("mixture prior", new MixturePrior(2, 3), sampled));
        cases.add(dynamic(
                "flow prior", new FlowPrior(2, 2, hidden(Activation.TANH, 3), new DerivedAffineFamily(1.5)), sampled));
        cases.add(flowing(
                "coupling posterior",
                PosteriorFlow.ofCouplings(4, 2, 2, hidden(Activation.TANH, 5), new DerivedAffineFamily(1)),
                sampled));
        for (int samples : new int[] {1, 5}) {
            cases.add(flowing(
                    "iaf posterior, " + samples + " samples",
                    PosteriorFlow.inverseAutoregressive(
                            4, 2, 3, new Masked(4, hidden(Activation.ELU, 6)), new AffineFamily(1)),
                    new Objective(KlEstimator.SAMPLED, samples, false, 0)));
        }
        for (HalfOrder order : HalfOrder.values()) {
            cases.add(new Case(
                    "RealNVP, " + order,
                    type -> new Flow(new Flow.Options(
                            new PixelData(EventShape.image(4, 4, 1), 256, order, 0.05, 1e-3),
                            3,
                            hidden(Activation.SWISH, 5),
                            new DerivedAffineFamily(1.5),
                            type))));
        }
        cases.add(new Case(
                "flow, splines",
                type -> new Flow(new Flow.Options(
                        new RowData(EventShape.row(5), HalfOrder.CHECKERBOARD),
                        3,
                        hidden(Activation.SWISH, 5),
                        new RationalQuadraticFamily(4, 2),
                        type))));
        cases.add(new Case(
                "autoregressive flow, splines, mixed, dropping units",
                type -> new Flow(new Flow.Options(
                        new RowData(EventShape.row(4), HalfOrder.CHECKERBOARD),
                        new AutoregressiveArchitecture(
                                2,
                                new Masked(4, new ResidualMlp.Shape(6, 1, Activation.SWISH, 0.3)),
                                new RationalQuadraticFamily(3, 2),
                                new Mixing(Mixing.Kind.LU, 1)),
                        type))));
        for (ConvNet.Block block : ConvNet.Block.values()) {
            cases.add(new Case(
                    "RealNVP, multi-scale, " + block,
                    type -> new Flow(new Flow.Options(
                            new PixelData(EventShape.image(4, 8, 1), 256, HalfOrder.CHECKERBOARD, 0.05, 1e-3),
                            multiscale(block),
                            type))));
        }
        return cases.stream();
    }

    private static MultiscaleArchitecture multiscale(ConvNet.Block block) {
        ConvNet.Shape net = new ConvNet.Shape(block, 4, 1);
        return new MultiscaleArchitecture(
                List.of(
                        new MultiscaleArchitecture.Scale(0, 2, net),
                        new MultiscaleArchitecture.Scale(1, 0, net),
                        new MultiscaleArchitecture.Scale(1, 0, net)),
                new DerivedAffineFamily(1),
                true,
                true,
                true,
                1);
    }

    private static Case dynamic(String name, Prior prior, Objective objective) {
        Likelihood pixels = new BernoulliPixels(Binarization.DYNAMIC);
        return vae(name, pixels, prior, objective, Activation.TANH);
    }

    private static Case flowing(String name, PosteriorFlow flow, Objective objective) {
        Mlp.Hidden hidden = hidden(Activation.TANH, 5);
        return new Case(
                "VAE, " + name,
                type -> new GaussianVae(new VaeOptions(
                        EventShape.row(6),
                        4,
                        hidden,
                        hidden,
                        new BernoulliPixels(Binarization.DYNAMIC),
                        Optional.of(flow),
                        new StandardNormalPrior(4),
                        objective,
                        new VaeOptions.KlReport(true, 2),
                        type)));
    }

    private static Case vae(String name, Likelihood pixels, Prior prior, Objective objective, Activation activation) {
        Mlp.Hidden hidden = hidden(activation, 5);
        VaeOptions.KlReport report = new VaeOptions.KlReport(true, 0);
        return new Case(
                "VAE, " + name,
                type -> new GaussianVae(
                        new VaeOptions(EventShape.row(6), 2, hidden, hidden, pixels, prior, objective, report, type)));
    }

    private static Mlp.Hidden hidden(Activation activation, Integer... widths) {
        return new Mlp.Hidden(List.of(widths), activation);
    }

    /** A model's training program with weights far from the initial ones. */
    private static final class Run implements AutoCloseable {
        final ModelFunction loss;
        final ModelValues values;
        final TrainingProgram program;

        Run(Case c, DataType type, Engine engine) {
            Model model = c.factory().apply(type);
            loss = model.trainingLoss();
            values = ModelValues.initial(model, type, 5);
            shake(values.parameters().flat(), 1);
            if (values.buffers() != null) {
                INDArray buffers = values.buffers().flat();
                INDArray before = buffers.dup();
                shake(buffers, 2);
                // Scales stay positive.
                buffers.subi(before).muli(0.2).addi(before);
            }
            program = engine.compileTraining(
                    new Computation(loss.graph(), InputArrays.declare(loss.inputs(), type, ROWS), loss.outputNames()),
                    values.parameters(),
                    RULE,
                    values.constants());
        }

        private static void shake(INDArray flat, long seed) {
            Random random = new Random(seed);
            for (long i = 0; i < flat.length(); i++) {
                flat.putScalar(i, (float) (flat.getDouble(i) + 0.3 * random.nextGaussian()));
            }
        }

        List<INDArray> batch(long seed) {
            Random random = new Random(seed);
            List<INDArray> arrays = new ArrayList<>();
            for (FunctionInput input : loss.inputs()) {
                INDArray array = Nd4j.zeros(values.type(), ROWS, input.size());
                INDArray flat = array.reshape(array.length());
                for (long i = 0; i < flat.length(); i++) {
                    flat.putScalar(i, draw(input, random));
                }
                arrays.add(array);
            }
            return arrays;
        }

        private static double draw(FunctionInput input, Random random) {
            if (input instanceof FunctionInput.Data) {
                return random.nextInt(256);
            }
            if (input instanceof FunctionInput.Weight) {
                return 0.75;
            }
            boolean uniform = input instanceof FunctionInput.NoiseInput noise && noise.distribution() == Noise.UNIFORM;
            return uniform ? random.nextFloat() : (float) random.nextGaussian();
        }

        double[] gradient(Slot slot) {
            INDArray view = program.gradient().view(slot.name());
            return view.castTo(DataType.DOUBLE).dup('c').reshape(view.length()).toDoubleVector();
        }

        @Override
        public void close() {
            program.close();
        }
    }

    /** Two batches, as memory is used again. */
    @ParameterizedTest
    @MethodSource("models")
    void lossMetricsAndGradientsAreTheSameInFloat32(Case c) {
        try (Run reference = new Run(c, DataType.FLOAT, Engines.reference());
                Run compiled = new Run(c, DataType.FLOAT, Engines.best())) {
            for (int seed = 1; seed <= 2; seed++) {
                StepResult expected = reference.program.evaluate(reference.batch(seed));
                StepResult actual = compiled.program.evaluate(compiled.batch(seed));
                assertThat(expected.finite()).isTrue();
                close("loss", new double[] {actual.loss()}, new double[] {expected.loss()}, 1e-4);
                close("norm", new double[] {actual.gradientNorm()}, new double[] {expected.gradientNorm()}, 1e-4);
                assertThat(actual.metrics()).hasSameSizeAs(expected.metrics());
                for (int i = 0; i < expected.metrics().size(); i++) {
                    close(
                            loss(reference, i + 1),
                            actual.metrics().get(i),
                            expected.metrics().get(i),
                            1e-4);
                }
                for (Slot slot : reference.values.parameters().slots()) {
                    close(slot.name(), compiled.gradient(slot), reference.gradient(slot), 1e-4);
                }
            }
        }
    }

    /** Of 8 x 8 pixels: wide enough that products of bfloat16s pay. */
    private static final Case WIDE = new Case("wide", type -> {
        ConvNet.Shape net = new ConvNet.Shape(ConvNet.Block.RESIDUAL, 32, 1);
        return new Flow(new Flow.Options(
                new PixelData(EventShape.image(8, 8, 1), 256, HalfOrder.CHECKERBOARD, 0.05, 1e-3),
                new MultiscaleArchitecture(
                        List.of(
                                new MultiscaleArchitecture.Scale(0, 2, net),
                                new MultiscaleArchitecture.Scale(2, 0, net)),
                        new DerivedAffineFamily(1),
                        false,
                        false,
                        false,
                        1),
                type));
    });

    /**
     * bfloat16 has 8 significant bits, so that a factor is off by 2^-9 of its size at most. What that does to this gradient float32
     * tells: with each weight off by so much at random. Activations and what comes back are off likewise.
     */
    @Test
    void mixedPrecisionIsOffByWhatEightBitsExplain() {
        assumeThat(Engines.mixed()).as("a CPU with instructions for bfloat16").isPresent();
        try (Run single = new Run(WIDE, DataType.FLOAT, Engines.best());
                Run mixed = new Run(WIDE, DataType.FLOAT, Engines.mixed().orElseThrow())) {
            INDArray weights = single.values.parameters().flat();
            INDArray exact = weights.dup();
            double loss = single.program.evaluate(single.batch(1)).loss();
            INDArray gradient = single.program.gradient().flat().dup();
            double lossError = 0;
            double error = 0;
            for (int seed = 0; seed < 3; seed++) {
                Random random = new Random(seed);
                for (long i = 0; i < weights.length(); i++) {
                    weights.putScalar(i, exact.getDouble(i) * (1 + (2 * random.nextDouble() - 1) / 512));
                }
                double other = single.program.evaluate(single.batch(1)).loss();
                lossError = Math.max(lossError, Math.abs(other - loss));
                error = Math.max(
                        error, gradient.distance2(single.program.gradient().flat()));
            }
            double found = mixed.program.evaluate(mixed.batch(1)).loss();
            assertThat(Math.abs(found - loss)).isLessThan(4 * lossError);
            assertThat(gradient.distance2(mixed.program.gradient().flat())).isBetween(error / 4, 4 * error);
        }
    }

    private static String loss(Run run, int output) {
        return run.loss.outputNames().get(output);
    }

    /** In float64 both engines run the same operations, so that one activation of all is enough. */
    private static Stream<Case> models64() {
        return models().filter(
                        c -> !c.name().contains("Gaussian pixels") || c.name().contains("ELU"));
    }

    @ParameterizedTest
    @MethodSource("models64")
    void manyStepsEndAtTheSameWeightsInFloat64(Case c) {
        // Of a multi-scale flow a step has a thousand operations, in float64 each one a call of ND4J.
        int steps = c.name().contains("multi-scale") ? 12 : 40;
        try (Run reference = new Run(c, DataType.DOUBLE, Engines.reference());
                Run compiled = new Run(c, DataType.DOUBLE, Engines.best())) {
            for (int step = 0; step < steps; step++) {
                reference.program.step(0.01, reference.batch(step));
                compiled.program.step(0.01, compiled.batch(step));
            }
            close(
                    "weights",
                    compiled.values.parameters().flat().toDoubleVector(),
                    reference.values.parameters().flat().toDoubleVector(),
                    1e-8);
            close(
                    "average",
                    compiled.program.state().ema().orElseThrow().flat().toDoubleVector(),
                    reference.program.state().ema().orElseThrow().flat().toDoubleVector(),
                    1e-8);
        }
    }

    /** Of a usual width, so that the JIT compiler soon finds the loops worth its best. */
    private static Stream<Case> wide() {
        Mlp.Hidden hidden = hidden(Activation.TANH, 64);
        return Stream.of(
                new Case(
                        "VAE",
                        type -> new GaussianVae(new VaeOptions(
                                EventShape.row(784),
                                20,
                                hidden,
                                hidden,
                                new BernoulliPixels(Binarization.DYNAMIC),
                                new StandardNormalPrior(20),
                                Objective.elbo(),
                                new VaeOptions.KlReport(true, 0),
                                type))),
                new Case(
                        "RealNVP",
                        type -> new Flow(new Flow.Options(
                                new PixelData(EventShape.image(28, 28, 1), 256, HalfOrder.COLUMNS, 0.05, 1e-3),
                                2,
                                hidden,
                                new DerivedAffineFamily(1.5),
                                type))));
    }

    /** Nothing for the collector to do in a long training, once the JIT compiler has got round to all: vectors are objects until then. */
    @ParameterizedTest
    @MethodSource("wide")
    void aSteadyStepAllocatesAtMostOneKibibyteOfHeap(Case c) {
        assumeThat(ManagementFactory.getRuntimeMXBean().getInputArguments())
                .as("the compiler that makes vectors of objects")
                .doesNotContain("-XX:TieredStopAtLevel=1");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Run run = new Run(c, DataType.FLOAT, Engines.best())) {
            List<INDArray> batch = run.batch(1);
            double least = Double.POSITIVE_INFINITY;
            for (int turn = 0; turn < 1000 && least > 1024; turn++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int step = 0; step < 50; step++) {
                    run.program.step(1e-4, batch);
                }
                least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 50.0);
            }
            assertThat(least).as("bytes a step").isLessThanOrEqualTo(1024);
        }
    }

    /** The norm of the difference, relative to the norm. */
    private static void close(String what, double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            size += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(difference))
                .as("%s: %s, expected %s", what, java.util.Arrays.toString(actual), java.util.Arrays.toString(expected))
                .isLessThanOrEqualTo(tolerance * Math.sqrt(size) + 1e-7);
    }
}
