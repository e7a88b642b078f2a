package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.compiled.CompiledEngine;
import org.likelihood4j.engine.cpu.CpuDevice;
import org.likelihood4j.engine.cpu.arithmetic.Arithmetic;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.deallocation.DeallocatorService;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Programs over bound vectors: what they see, what they refuse, and that they can run for ever. */
@ParameterizedClass
@MethodSource("setups")
class EngineContractTest {
    private static final UpdateRule SGD = UpdateRule.of(new Optimizer.Momentum(0, 0));

    record Setup(String name, Engine engine, DataType type) {
        @Override
        public String toString() {
            return name + ", " + type;
        }
    }

    static List<Setup> setups() {
        List<Setup> setups = new ArrayList<>();
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            setups.add(new Setup("reference", Engines.reference(), type));
            setups.add(new Setup("compiled", Engines.best(), type));
        }
        setups.add(new Setup(
                "compiled, plain arithmetic", new CompiledEngine(new CpuDevice(Arithmetic.plain())), DataType.FLOAT));
        return setups;
    }

    @Parameter
    private Setup setup;

    private DataType type() {
        return setup.type();
    }

    /** What numbers around 1 may differ by. */
    private Offset<Double> rounding() {
        return within(type() == DataType.DOUBLE ? 1e-12 : 2e-5);
    }

    private TrainingProgram training(FlatVector parameters, UpdateRule rule) {
        return setup.engine().compileTraining(Graphs.regression(type()), parameters, rule);
    }

    private static double loss(Program program, List<INDArray> batch) {
        return program.run(batch).get(0).getDouble(0);
    }

    @Test
    void evaluationUpdatesNothingAndGradientsAreReadable() {
        FlatVector parameters = Graphs.parameters(type(), 1);
        double[] before = parameters.flat().toDoubleVector();
        try (TrainingProgram program = training(parameters, SGD)) {
            List<INDArray> batch = Graphs.batch(type(), 1);
            StepResult result = program.evaluate(batch);
            double[] gradient = Graphs.gradient(before, batch);
            assertThat(parameters.flat().toDoubleVector()).containsExactly(before);
            assertThat(program.state().steps()).isZero();
            assertThat(program.gradient().flat().toDoubleVector()).containsExactly(gradient, rounding());
            assertThat(program.gradient().view("b").getDouble(1)).isCloseTo(gradient[7], rounding());
            double norm = Math.sqrt(Arrays.stream(gradient).map(v -> v * v).sum());
            assertThat(result.gradientNorm()).isCloseTo(norm, rounding());
        }
    }

    /** {@code d/dw[a, b] of sum of g[i, j] y[i, j]} is the sum of {@code g[i, j] x[i + a, j + b]}; for x it is that of g w. */
    @Test
    void aConvolutionHasItsGradients() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.var("x", type(), 1, 9);
        SDVariable w = sd.var("w", type(), 2, 2, 1, 1);
        SDVariable g = sd.placeHolder("g", type(), 1, 4);
        SDVariable y = sd.cnn()
                .conv2d(
                        sd.reshape(x, -1, 3, 3, 1),
                        w,
                        Conv2DConfig.builder()
                                .kH(2)
                                .kW(2)
                                .dataFormat(Conv2DConfig.NHWC)
                                .build());
        sd.reshape(y, -1, 4).mul(g).sum().mul("loss", 1.0);
        FlatVector parameters = FlatVector.zeros(
                List.of(new Slot("x", List.of(1L, 9L), 0, true), new Slot("w", List.of(2L, 2L, 1L, 1L), 9, true)),
                type());
        Graphs.fill(parameters.flat(), 1);
        INDArray upstream = Nd4j.zeros(type(), 1, 4);
        Graphs.fill(upstream, 2);
        double[] expected = new double[13];
        for (int i = 0; i < 16; i++) {
            int pixel = (i / 8 + i / 2 % 2) * 3 + i / 4 % 2 + i % 2;
            int made = i / 4;
            int tap = i % 4;
            expected[pixel] += upstream.getDouble(0, made) * parameters.flat().getDouble(9 + tap);
            expected[9 + tap] += upstream.getDouble(0, made) * parameters.flat().getDouble(pixel);
        }
        Computation computation =
                new Computation(sd, List.of(new Input("g", type(), List.of(1L, 4L))), List.of("loss"));
        try (TrainingProgram program = setup.engine().compileTraining(computation, parameters, SGD)) {
            program.evaluate(List.of(upstream));
            assertThat(program.gradient().flat().toDoubleVector()).containsExactly(expected, rounding());
        }
    }

    /** Each half's mean gradient, averaged by hand, and one update of each: as if all rows had been one batch on one machine. */
    @Test
    void halvesOfABatchOnTwoMachinesAreOneStep() {
        UpdateRule rule = new UpdateRule(
                new Optimizer.Adam(0.9, 0.999, 1e-8, 0.01), OptionalDouble.of(0.5), OptionalDouble.of(0.9));
        FlatVector whole = Graphs.parameters(type(), 1);
        FlatVector here = whole.copy();
        FlatVector there = whole.copy();
        try (TrainingProgram one = training(whole, rule);
                TrainingProgram first = half(here, rule);
                TrainingProgram second = half(there, rule)) {
            for (int step = 1; step <= 3; step++) {
                List<INDArray> batch = Graphs.batch(type(), step);
                double[] expected = Graphs.gradient(whole.flat().toDoubleVector(), batch);
                StepResult result = one.step(0.01, batch);
                StepResult upper = first.evaluate(rows(batch, 0, Graphs.N / 2));
                StepResult lower = second.evaluate(rows(batch, Graphs.N / 2, Graphs.N));
                assertThat((upper.loss() + lower.loss()) / 2).isCloseTo(result.loss(), rounding());
                INDArray mean =
                        first.gradient().flat().add(second.gradient().flat()).mul(0.5);
                assertThat(mean.toDoubleVector()).containsExactly(expected, rounding());
                for (TrainingProgram each : List.of(first, second)) {
                    each.gradient().flat().assign(mean);
                    assertThat(each.update(0.01)).isCloseTo(result.gradientNorm(), rounding());
                    assertThat(each.state().steps()).isEqualTo(step);
                }
                assertThat(here.flat().toDoubleVector())
                        .containsExactly(whole.flat().toDoubleVector(), rounding());
                assertThat(there.flat().toDoubleVector())
                        .containsExactly(here.flat().toDoubleVector());
                assertThat(first.state().ema().orElseThrow().flat().toDoubleVector())
                        .containsExactly(one.state().ema().orElseThrow().flat().toDoubleVector(), rounding());
            }
        }
    }

    private TrainingProgram half(FlatVector parameters, UpdateRule rule) {
        Computation regression = Graphs.regression(type());
        List<Input> inputs = regression.inputs().stream()
                .map(input -> new Input(
                        input.name(),
                        type(),
                        List.of(Graphs.N / 2L, input.shape().get(1))))
                .toList();
        return setup.engine()
                .compileTraining(new Computation(regression.graph(), inputs, regression.outputs()), parameters, rule);
    }

    private static List<INDArray> rows(List<INDArray> batch, int from, int to) {
        return batch.stream()
                .map(array -> array.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
                        .dup())
                .toList();
    }

    /** Two parts of a step are the step, to the last bit; what is not finite updates nothing. */
    @Test
    void evaluatingAndUpdatingIsAStep() {
        FlatVector together = Graphs.parameters(type(), 2);
        FlatVector apart = together.copy();
        UpdateRule rule = UpdateRule.of(Optimizer.Adam.standard());
        try (TrainingProgram one = training(together, rule);
                TrainingProgram two = training(apart, rule)) {
            for (int step = 1; step <= 3; step++) {
                StepResult result = one.step(0.1, Graphs.batch(type(), step));
                StepResult evaluated = two.evaluate(Graphs.batch(type(), step));
                assertThat(two.update(0.1)).isEqualTo(result.gradientNorm()).isEqualTo(evaluated.gradientNorm());
                assertThat(apart.flat().toDoubleVector())
                        .containsExactly(together.flat().toDoubleVector());
            }
            two.gradient().flat().putScalar(1, Double.NaN);
            assertThat(two.update(0.1)).isNaN();
            assertThat(two.state().steps()).isEqualTo(3);
            assertThat(apart.flat().toDoubleVector())
                    .containsExactly(together.flat().toDoubleVector());
        }
    }

    /** With residuals r = x w + b - t: dloss/dr = r/N, and r itself is an output. Two runs, as memory is re-used. */
    @Test
    void gradientsOfIntermediateValuesAreReturnedAfterTheOutputs() {
        FlatVector parameters = Graphs.parameters(type(), 1);
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", type(), -1, Graphs.IN);
        SDVariable t = sd.placeHolder("t", type(), -1, Graphs.OUT);
        SDVariable fit = x.mmul(sd.var("w", type(), Graphs.IN, Graphs.OUT)).add(sd.var("b", type(), Graphs.OUT));
        SDVariable r = fit.sub("r", t);
        // r takes part twice, so that its gradient is a sum.
        r.mul(r).sum().mul(0.25).add(r.mul(r).sum().mul(0.25)).mul("loss", 1.0 / Graphs.N);
        Computation computation = new Computation(sd, Graphs.inputs(type()), List.of("loss", "r"));
        try (Program program = setup.engine().compileGradient(computation, parameters)) {
            for (int seed = 1; seed <= 2; seed++) {
                List<INDArray> batch = Graphs.batch(type(), seed);
                List<INDArray> results = program.run(batch);
                double[] p = parameters.flat().toDoubleVector();
                assertThat(results).hasSize(3);
                assertThat(results.get(0).getDouble(0)).isCloseTo(Graphs.loss(p, batch), rounding());
                assertThat(results.get(1).getDouble(2, 1)).isCloseTo(Graphs.residuals(p, batch)[2][1], rounding());
                INDArray expected = results.get(1).div(Graphs.N);
                assertThat(results.get(2).sub(expected).amaxNumber().doubleValue())
                        .isLessThan(rounding().value);
            }
        }
    }

    /** Of {@code sum of (x w)^2/2 + sum of t^2}: x w w' and 2 t. No parameter stands before t. */
    @Test
    void gradientsOfInputsAreReturnedAfterTheOutputs() {
        FlatVector parameters = Graphs.parameters(type(), 1);
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", type(), -1, Graphs.IN);
        SDVariable t = sd.placeHolder("t", type(), -1, Graphs.OUT);
        SDVariable y = x.mmul(sd.var("w", type(), Graphs.IN, Graphs.OUT));
        y.mul(y).sum("squares", 1);
        y.mul(y).sum().mul(0.5).add(t.mul(t).sum()).mul("loss", 1);
        Computation computation = new Computation(sd, Graphs.inputs(type()), List.of("loss", "squares"));
        try (Program program = setup.engine().compileGradient(computation, List.of("x", "t"), parameters)) {
            for (int seed = 1; seed <= 2; seed++) {
                List<INDArray> batch = Graphs.batch(type(), seed);
                List<INDArray> results = program.run(batch);
                INDArray w = parameters.view("w");
                INDArray xw = batch.get(0).mmul(w);
                assertThat(results).hasSize(4);
                assertThat(results.get(1).sub(xw.mul(xw).sum(1)).amaxNumber().doubleValue())
                        .isLessThan(10 * rounding().value);
                assertThat(results.get(2)
                                .sub(xw.mmul(w.transpose()))
                                .amaxNumber()
                                .doubleValue())
                        .isLessThan(10 * rounding().value);
                assertThat(results.get(3).sub(batch.get(1).mul(2)).amaxNumber().doubleValue())
                        .isLessThan(rounding().value);
            }
        }
    }

    @Test
    void aValueThatDoesNotReachTheScalarIsRefused() {
        SameDiff sd = Graphs.regression(type()).graph();
        sd.getVariable("b").sum().mul("stray", 1.0);
        Computation computation = new Computation(sd, Graphs.inputs(type()), List.of("loss", "stray"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setup.engine().compileGradient(computation, Graphs.parameters(type(), 1)))
                .withMessageContaining("stray does not reach the loss");
    }

    /** Clipping must not show in what is reported, or a run could not tell that it clips. */
    @Test
    void theReportedGradientIsTheUnclippedOne() {
        FlatVector parameters = Graphs.parameters(type(), 1);
        List<INDArray> batch = Graphs.batch(type(), 1);
        double[] gradient = Graphs.gradient(parameters.flat().toDoubleVector(), batch);
        double norm = Math.sqrt(Arrays.stream(gradient).map(v -> v * v).sum());
        UpdateRule clipping =
                new UpdateRule(new Optimizer.Momentum(0, 0), OptionalDouble.of(0.01), OptionalDouble.empty());
        try (TrainingProgram program = training(parameters, clipping)) {
            INDArray before = parameters.flat().dup();
            assertThat(program.step(1, batch).gradientNorm()).isCloseTo(norm, rounding());
            assertThat(program.gradient().flat().toDoubleVector()).containsExactly(gradient, rounding());
            assertThat(parameters.flat().sub(before).norm2Number().doubleValue())
                    .isCloseTo(0.01, rounding());
        }
    }

    @Test
    void aLossOrGradientThatIsNotFiniteUpdatesNothing() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            FlatVector parameters = Graphs.parameters(type(), 1);
            UpdateRule everything = new UpdateRule(
                    new Optimizer.Adam(0.9, 0.99, 1e-8, 0.1), OptionalDouble.of(1), OptionalDouble.of(0.9));
            try (TrainingProgram program = training(parameters, everything)) {
                program.step(0.1, Graphs.batch(type(), 1));
                INDArray before = parameters.flat().dup();
                INDArray m = program.state().moments().get("adam/m").flat().dup();
                INDArray ema = program.state().ema().orElseThrow().flat().dup();
                List<INDArray> poisoned = Graphs.batch(type(), 2);
                poisoned.get(0).putScalar(1, 1, bad);
                StepResult result = program.step(0.1, poisoned);
                assertThat(result.finite()).isFalse();
                assertThat(parameters.flat()).isEqualTo(before);
                assertThat(program.state().moments().get("adam/m").flat()).isEqualTo(m);
                assertThat(program.state().ema().orElseThrow().flat()).isEqualTo(ema);
                assertThat(program.state().steps()).isEqualTo(1);
                // And the program still works.
                assertThat(program.step(0.1, Graphs.batch(type(), 3)).finite()).isTrue();
                assertThat(parameters.flat()).isNotEqualTo(before);
            }
        }
    }

    /** d/dp sqrt(p) at p = 0 is infinite while the loss is 0. */
    @Test
    void anInfiniteGradientOfAFiniteLossUpdatesNothing() {
        SameDiff sd = SameDiff.create();
        SDVariable p = sd.var("p", type(), 3);
        sd.math().sqrt(p).sum().mul("loss", 1.0);
        FlatVector parameters = FlatVector.zeros(List.of(new Slot("p", List.of(3L), 0, false)), type());
        Computation computation = new Computation(sd, List.of(), List.of("loss"));
        try (TrainingProgram program = setup.engine().compileTraining(computation, parameters, SGD)) {
            StepResult result = program.step(0.1, List.of());
            assertThat(result.loss()).isZero();
            assertThat(result.finite()).isFalse();
            assertThat(parameters.flat().toDoubleVector()).containsExactly(0, 0, 0);
        }
    }

    /** Squares of 1e25 leave float32, the gradient itself does not. */
    @Test
    void aHugeButFiniteGradientIsFiniteInFloat32() {
        SameDiff sd = SameDiff.create();
        SDVariable p = sd.var("p", DataType.FLOAT, 2);
        p.mul(1e25).sum().mul("loss", 1.0);
        FlatVector parameters = FlatVector.zeros(List.of(new Slot("p", List.of(2L), 0, false)), DataType.FLOAT);
        Computation computation = new Computation(sd, List.of(), List.of("loss"));
        UpdateRule rule = new UpdateRule(new Optimizer.Momentum(0, 0), OptionalDouble.of(1), OptionalDouble.empty());
        try (TrainingProgram program = setup.engine().compileTraining(computation, parameters, rule)) {
            StepResult result = program.step(1, List.of());
            assertThat(result.gradientNorm()).isCloseTo(Math.sqrt(2) * 1e25, within(1e19));
            double step = -1 / Math.sqrt(2);
            assertThat(parameters.flat().getDouble(0)).isCloseTo(step, within(1e-6));
            assertThat(parameters.flat().getDouble(1)).isCloseTo(step, within(1e-6));
        }
    }

    @Test
    void programsSeeInPlaceChangesOfTheirVectorAndOthersDoNot() {
        FlatVector raw = Graphs.parameters(type(), 1);
        List<INDArray> batch = Graphs.batch(type(), 5);
        UpdateRule averaged =
                new UpdateRule(new Optimizer.Momentum(0, 0), OptionalDouble.empty(), OptionalDouble.of(0.9));
        try (TrainingProgram training = training(raw, averaged)) {
            FlatVector ema = training.state().ema().orElseThrow();
            try (Program onRaw = setup.engine().compile(Graphs.regression(type()), raw);
                    Program onEma = setup.engine().compile(Graphs.regression(type()), ema)) {
                for (int step = 0; step < 3; step++) {
                    training.step(0.1, Graphs.batch(type(), step));
                    double expectedRaw = Graphs.loss(raw.flat().toDoubleVector(), batch);
                    double expectedEma = Graphs.loss(ema.flat().toDoubleVector(), batch);
                    assertThat(loss(onRaw, batch)).isCloseTo(expectedRaw, rounding());
                    assertThat(loss(onEma, batch)).isCloseTo(expectedEma, rounding());
                    assertThat(expectedEma).isNotCloseTo(expectedRaw, within(1e-6));
                }
                raw.view("b").assign(3);
                assertThat(raw.flat().getDouble(7)).isEqualTo(3);
                assertThat(loss(onRaw, batch)).isCloseTo(Graphs.loss(raw.flat().toDoubleVector(), batch), rounding());
                assertThat(training.evaluate(batch).loss())
                        .isCloseTo(Graphs.loss(raw.flat().toDoubleVector(), batch), rounding());
            }
        }
    }

    @Test
    void constantsAreBoundInTrainingAndInferenceAndNotTrained() {
        FlatVector parameters = FlatVector.zeros(List.of(new Slot("p", List.of(2L), 0, false)), type());
        FlatVector constants = FlatVector.zeros(List.of(new Slot("c", List.of(2L), 0, false)), type());
        constants.flat().assign(4);
        try (TrainingProgram training = setup.engine().compileTraining(constantGraph(), parameters, SGD, constants);
                Program program = setup.engine().compile(constantGraph(), parameters, constants)) {
            // loss = sum((p - c)^2)/2, gradient p - c.
            assertThat(training.step(0.5, List.of()).loss()).isEqualTo(16);
            assertThat(parameters.flat().toDoubleVector()).containsExactly(2, 2);
            assertThat(constants.flat().toDoubleVector()).containsExactly(4, 4);
            constants.flat().assign(1);
            assertThat(training.evaluate(List.of()).loss()).isEqualTo(1);
            assertThat(loss(program, List.of())).isEqualTo(1);
        }
    }

    private Computation constantGraph() {
        SameDiff sd = SameDiff.create();
        SDVariable p = sd.var("p", type(), 2);
        SDVariable c = sd.constant("c", Nd4j.zeros(type(), 2));
        SDVariable r = p.sub(c);
        r.mul(r).sum().mul("loss", 0.5);
        return new Computation(sd, List.of(), List.of("loss"));
    }

    /** Inputs, parameters, constants and several names of one value as outputs: all fresh, and closing them harms nobody. */
    @Test
    void outputsBelongToTheCaller() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", type(), -1, 2);
        SDVariable p = sd.var("p", type(), 2);
        sd.constant("c", Nd4j.createFromArray(7.0, 8.0).castTo(type()));
        SDVariable sum = x.add("sum", p);
        sd.identity("same", sum);
        sd.identity("sameInput", x);
        sd.reshape("flat", sum, -1);
        sum.mul("twice", 2.0);
        SDVariable inner = x.mul(3);
        sd.identity("triple", inner);
        inner.add(1).mul(2).add("more", 0.5);
        FlatVector vector = FlatVector.zeros(List.of(new Slot("p", List.of(2L), 0, false)), type());
        vector.flat().assign(10);
        List<String> outputs = List.of("sum", "same", "sameInput", "flat", "twice", "x", "p", "c", "triple", "more");
        Computation computation = new Computation(sd, List.of(new Input("x", type(), List.of(1L, 2L))), outputs);
        try (Program program = setup.engine().compile(computation, vector)) {
            List<List<INDArray>> kept = new ArrayList<>();
            for (int run = 0; run < 20; run++) {
                INDArray input =
                        Nd4j.createFromArray(new double[][] {{run, run + 1}}).castTo(type());
                List<INDArray> out = program.run(List.of(input));
                check(out, run);
                assertThat(input.wasClosed()).isFalse();
                if (run % 2 == 0) {
                    kept.add(out);
                } else {
                    out.forEach(INDArray::close);
                    assertThat(input.toDoubleVector()).containsExactly(run, run + 1);
                }
            }
            for (int i = 0; i < kept.size(); i++) {
                check(kept.get(i), 2 * i);
            }
            assertThat(vector.flat().toDoubleVector()).containsExactly(10, 10);
        }
    }

    private static void check(List<INDArray> out, double run) {
        double[][] expected = {
            {run + 10, run + 11},
            {run + 10, run + 11},
            {run, run + 1},
            {run + 10, run + 11},
            {2 * run + 20, 2 * run + 22},
            {run, run + 1},
            {10, 10},
            {7, 8},
            {3 * run, 3 * run + 3},
            {6 * run + 2.5, 6 * run + 8.5}
        };
        for (int i = 0; i < expected.length; i++) {
            assertThat(out.get(i).reshape(2).toDoubleVector())
                    .as("output %d", i)
                    .containsExactly(expected[i]);
        }
    }

    @Test
    void theSameInputsGiveTheSameResultsForThousandsOfRunsInFlatMemory() throws Exception {
        FlatVector parameters = FlatVector.zeros(List.of(new Slot("p", List.of(8L, 8L), 0, false)), type());
        Graphs.fill(parameters.flat(), 1);
        List<INDArray> inputs = List.of(Nd4j.zeros(type(), 8, 8), Nd4j.zeros(type(), 8, 8));
        try (TrainingProgram training = setup.engine().compileTraining(large("loss"), parameters, SGD);
                Program program = setup.engine().compile(large("loss", "square"), parameters)) {
            double[] losses = new double[2];
            double[] norms = new double[2];
            for (int i = 0; i < 2; i++) {
                Graphs.fill(inputs.get(i), 2 + i);
                StepResult result = training.evaluate(List.of(inputs.get(i)));
                losses[i] = result.loss();
                norms[i] = result.gradientNorm();
            }
            int before = 0;
            for (int run = 0; run < 2000; run++) {
                if (run == 500) {
                    before = liveBuffers();
                }
                int i = run % 2;
                StepResult result = training.evaluate(List.of(inputs.get(i)));
                assertThat(result.loss()).isEqualTo(losses[i]);
                assertThat(result.gradientNorm()).isEqualTo(norms[i]);
                if (run % 4 < 2) {
                    List<INDArray> outputs = program.run(List.of(inputs.get(i)));
                    assertThat(outputs.get(0).getDouble(0)).isEqualTo(losses[i]);
                    outputs.forEach(INDArray::close);
                }
            }
            // One buffer left behind by each run would be 1,500.
            assertThat(liveBuffers() - before).isLessThan(150);
        }
    }

    private Computation large(String... outputs) {
        SameDiff sd = SameDiff.create();
        SDVariable product = sd.placeHolder("x", type(), 8, 8).mul(sd.var("p", type(), 8, 8));
        product.mul("square", product).mean().mul("loss", 0.5);
        return new Computation(sd, List.of(new Input("x", type(), List.of(8L, 8L))), List.of(outputs));
    }

    /**
     * The size of ND4J's own register of native buffers, which is private. (JavaCPP's count of bytes does not see them, and
     * resident memory is too noisy.)
     */
    private static int liveBuffers() throws ReflectiveOperationException, InterruptedException {
        Field register = DeallocatorService.class.getDeclaredField("referenceMap");
        register.setAccessible(true);
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(100);
            least = Math.min(least, ((Map<?, ?>) register.get(Nd4j.getDeallocatorService())).size());
        }
        return least;
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        FlatVector parameters = Graphs.parameters(DataType.DOUBLE, 1);
        try (Program program = setup.engine().compile(Graphs.regression(DataType.DOUBLE), parameters)) {
            List<INDArray> batch = Graphs.batch(DataType.DOUBLE, 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.run(List.of(batch.get(0))))
                    .withMessageContaining("expected 2 inputs");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.run(List.of(batch.get(0), Nd4j.zeros(DataType.DOUBLE, 3, 2))))
                    .withMessageContaining("input t")
                    .withMessageContaining("[4, 2]")
                    .withMessageContaining("[3, 2]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.run(List.of(batch.get(0).reshape(12), batch.get(1))))
                    .withMessageContaining("input x");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> program.run(List.of(batch.get(0).castTo(DataType.FLOAT), batch.get(1))))
                    .withMessageContaining("input x")
                    .withMessageContaining("FLOAT");
        }
    }

    @Test
    void aVectorThatDoesNotFitTheGraphIsRefusedByName() {
        FlatVector wrongShape = FlatVector.zeros(
                List.of(new Slot("w", List.of(2L, 3L), 0, true), new Slot("b", List.of(2L), 6, false)),
                DataType.DOUBLE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setup.engine().compile(Graphs.regression(DataType.DOUBLE), wrongShape))
                .withMessageContaining("w")
                .withMessageContaining("[3, 2]")
                .withMessageContaining("[2, 3]");
        FlatVector wrongType = Graphs.parameters(DataType.FLOAT, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setup.engine().compile(Graphs.regression(DataType.DOUBLE), wrongType))
                .withMessageContaining("w")
                .withMessageContaining("DOUBLE")
                .withMessageContaining("FLOAT");
        FlatVector notAVariable = FlatVector.zeros(List.of(new Slot("metric", List.of(4L), 0, false)), DataType.DOUBLE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setup.engine().compile(Graphs.regression(DataType.DOUBLE), notAVariable))
                .withMessageContaining("metric");
    }

    /** Whole numbers in, truth values out. */
    @Test
    void inputsAndOutputsMayBeOfOtherTypes() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", type(), 2);
        SDVariable n = sd.placeHolder("n", DataType.INT32, 2);
        x.lt("below", 1);
        x.add(n.castTo(type())).mul("sum", 2);
        List<Input> inputs = List.of(new Input("x", type(), List.of(2L)), new Input("n", DataType.INT32, List.of(2L)));
        try (Program program = setup.engine().compile(new Computation(sd, inputs, List.of("below", "sum")))) {
            for (int run = 0; run < 2; run++) {
                List<INDArray> out = program.run(
                        List.of(Nd4j.createFromArray(0.5, 1.5).castTo(type()), Nd4j.createFromArray(run, 3)));
                assertThat(out.get(0).dataType()).isEqualTo(DataType.BOOL);
                assertThat(out.get(0).getDouble(0)).isEqualTo(1);
                assertThat(out.get(0).getDouble(1)).isZero();
                assertThat(out.get(1).toDoubleVector()).containsExactly(2 * (run + 0.5), 9);
            }
        }
    }

    @Test
    void unknownNamesAreRefused() {
        SameDiff graph = Graphs.regression(DataType.DOUBLE).graph();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Computation(graph, List.of(), List.of("nothing")))
                .withMessageContaining("nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Computation(
                        graph, List.of(new Input("nowhere", DataType.DOUBLE, List.of(1L))), List.of("loss")))
                .withMessageContaining("nowhere");
    }

    @Test
    void aParameterThatDoesNotReachTheLossIsRefusedByName() {
        List<Slot> slots = new ArrayList<>(Graphs.slots());
        slots.add(new Slot("stranger", List.of(2L), 8, false));
        FlatVector unknown = FlatVector.zeros(slots, type());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> training(unknown, SGD))
                .withMessageContaining("stranger does not reach the loss");

        Computation computation = Graphs.regression(type());
        computation.graph().var("stranger", type(), 2).mul("unused", 2.0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setup.engine().compileTraining(computation, unknown, SGD))
                .withMessageContaining("stranger does not reach the loss");
    }
}
