package org.likelihood4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.likelihood4j.engine.ConvolutionCases.Sizes;
import org.likelihood4j.engine.GraphCase.Sketch;
import org.likelihood4j.engine.cpu.onednn.Isa;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is rounded to bfloat16, and what is not. */
class MixedPrecisionTest {
    private static final UpdateRule RULE = UpdateRule.of(new Optimizer.Momentum(0, 0));

    /** Below 0 the rectifier that ends a convolution leaves 1e-30 of a number. */
    private static final Offset<Float> NEARLY_FLAT = within(1e-20f);

    @BeforeEach
    void needsBfloat16() {
        assumeTrue(Isa.hasBfloat16(), "this CPU has no instructions for bfloat16");
    }

    private static float[] numbers(int length, IntToDoubleFunction number) {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) number.applyAsDouble(i);
        }
        return numbers;
    }

    /** The nearest number of 8 significant bits, by Java's own rounding to even. */
    private static double rounded(double x) {
        double last = Math.scalb(1.0, Math.getExponent(x) - 7);
        return x == 0 ? 0 : Math.rint(x / last) * last;
    }

    private static double[][] rounded(double[][] x) {
        return Arrays.stream(x)
                .map(row -> Arrays.stream(row).map(MixedPrecisionTest::rounded).toArray())
                .toArray(double[][]::new);
    }

    private static double[][] matrix(float[] numbers, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (int i = 0; i < numbers.length; i++) {
            matrix[i / columns][i % columns] = numbers[i];
        }
        return matrix;
    }

    /** Sums of products of rounded factors. */
    private static double[][] product(double[][] a, double[][] b) {
        double[][] left = rounded(a);
        double[][] right = rounded(b);
        double[][] out = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    out[i][j] += left[i][k] * right[k][j];
                }
            }
        }
        return out;
    }

    private static double[][] transposed(double[][] a) {
        double[][] out = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                out[j][i] = a[i][j];
            }
        }
        return out;
    }

    /** Two layers, as one would write them down: factors are rounded, sums, biases and the rectifier are not. */
    @Test
    void layersAreWhatTheDefinitionSays() {
        int rows = 9;
        int in = 40;
        int hidden = 33;
        int out = 17;
        Random random = new Random(1);
        float[] x = numbers(rows * in, i -> random.nextGaussian());
        float[] w = numbers(in * hidden, i -> random.nextGaussian() / 6);
        float[] b = numbers(hidden, i -> random.nextGaussian());
        float[] v = numbers(hidden * out, i -> random.nextGaussian() / 6);
        float[] g = numbers(rows * out, i -> random.nextGaussian());

        double[][] a = product(matrix(x, rows, in), matrix(w, in, hidden));
        double[][] h = new double[rows][hidden];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < hidden; j++) {
                h[i][j] = Math.max(0, a[i][j] + b[j]);
            }
        }
        double[][] made = product(h, matrix(v, hidden, out));
        double loss = 0;
        for (int i = 0; i < rows * out; i++) {
            loss += made[i / out][i % out] * g[i];
        }
        double[][] upstream = matrix(g, rows, out);
        double[][] back = product(upstream, transposed(matrix(v, hidden, out)));
        double[] bias = new double[hidden];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < hidden; j++) {
                back[i][j] = h[i][j] > 0 ? back[i][j] : 0;
                bias[j] += back[i][j];
            }
        }

        Sketch sketch = new Sketch(DataType.FLOAT);
        SDVariable input = sketch.input("x", rows, in);
        SDVariable upstreamInput = sketch.input("g", rows, out);
        SDVariable weight = sketch.parameter("w", in, hidden);
        SDVariable shift = sketch.parameter("b", hidden);
        SDVariable last = sketch.parameter("v", hidden, out);
        SDVariable layer = sketch.sd.nn().relu(input.mmul(weight).add(shift), 0);
        String name = layer.mmul(last).mul(upstreamInput).sum().name();
        FlatVector parameters = sketch.vector();
        parameters.view("w").assign(Nd4j.createFromArray(w).reshape(in, hidden));
        parameters.view("b").assign(Nd4j.createFromArray(b));
        parameters.view("v").assign(Nd4j.createFromArray(v).reshape(hidden, out));
        try (TrainingProgram program = GraphCase.MIXED.compileTraining(sketch.computation(name), parameters, RULE)) {
            StepResult result = program.evaluate(List.of(
                    Nd4j.createFromArray(x).reshape(rows, in),
                    Nd4j.createFromArray(g).reshape(rows, out)));
            assertThat(result.loss()).isCloseTo(loss, within(1e-4));
            requireClose(program, "v", product(transposed(h), upstream));
            requireClose(program, "w", product(transposed(matrix(x, rows, in)), back));
            requireClose(program, "b", new double[][] {bias});
        }
    }

    private static void requireClose(TrainingProgram program, String parameter, double[][] expected) {
        INDArray found = program.gradient().view(parameter);
        double[] flat = Arrays.stream(expected).flatMapToDouble(Arrays::stream).toArray();
        double[] actual =
                found.castTo(DataType.DOUBLE).dup('c').reshape(flat.length).toDoubleVector();
        assertThat(actual).as(parameter).containsExactly(flat, within(2e-5));
    }

    /**
     * A network of whole numbers, of which float32 rounds none: so nothing may differ from the plan's interpreter, in the last bit.
     * Some are above 256, of which bfloat16 rounds many. Biases have a half, so that no rectifier's input is 0, where what the one
     * before has left of a negative number would decide.
     */
    private static SDVariable wholeNumbers(Sketch b) {
        SDVariable x = b.sd.reshape(b.input("x", 4, 6 * 6 * 3), -1, 6, 6, 3);
        SDVariable h = layer(b, x, "0", Sizes.square(4, 6, 3, 20, 3, 1, true, 0));
        SDVariable next = layer(b, b.sd.reshape(h, -1, 6, 6, 20), "1", Sizes.square(4, 6, 20, 17, 4, 2, false, 1));
        SDVariable point = layer(b, b.sd.reshape(next, -1, 3, 3, 17), "2", Sizes.square(4, 3, 17, 18, 1, 1, true, 0));
        SDVariable rows = b.sd.reshape(point.add(next.sum(true, 1)), 4, 9 * 18);
        return rows.mmul(b.parameter("w3", 9 * 18, 2)).sum();
    }

    private static SDVariable layer(Sketch b, SDVariable x, String name, Sizes sizes) {
        SDVariable w = b.parameter("w" + name, sizes.kh(), sizes.kw(), sizes.in(), sizes.out());
        SDVariable y = b.sd.reshape(ConvolutionCases.plain(b, x, w, sizes), -1, sizes.out());
        return b.sd.nn().relu(y.add(b.parameter("b" + name, sizes.out())), 0);
    }

    /** Most weights are 0, so that sums stay below 2^23. */
    private static double number(String parameter, Random random) {
        int few = (random.nextInt(9) - 4) / 4;
        return parameter.startsWith("b") ? few + 0.5 : parameter.equals("w0") ? random.nextInt(19) - 9 : few;
    }

    private static float[] wholeGradient(Engine engine) {
        Sketch sketch = new Sketch(DataType.FLOAT);
        String loss = wholeNumbers(sketch).name();
        FlatVector parameters = sketch.vector();
        Random random = new Random(2);
        for (Slot slot : parameters.slots()) {
            INDArray view = parameters.view(slot.name());
            float[] values = numbers((int) slot.length(), i -> number(slot.name(), random));
            view.assign(Nd4j.createFromArray(values).reshape(view.shape()));
        }
        INDArray x = Nd4j.createFromArray(numbers(4 * 108, i -> random.nextInt(19) - 9))
                .reshape(4, 108);
        try (TrainingProgram program = engine.compileTraining(sketch.computation(loss), parameters, RULE)) {
            double value = program.evaluate(List.of(x)).loss();
            float[] gradient = program.gradient().flat().toFloatVector();
            float[] all = Arrays.copyOf(gradient, gradient.length + 1);
            all[gradient.length] = (float) value;
            return all;
        }
    }

    private static void requireEqual(float[] found, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).as("%d of %d", i, expected.length).isCloseTo(expected[i], NEARLY_FLAT);
        }
    }

    @Test
    void wholeNumbersAreExact() {
        float[] expected = wholeGradient(new InterpretedEngine(GraphCase.LAYOUT, GraphCase.EVERYTHING, x -> x));
        requireEqual(wholeGradient(GraphCase.MIXED), expected);
        // The example has something to round; without rounding, float32 and float64 agree on it.
        float[] unrounded = wholeGradient(new InterpretedEngine(GraphCase.LAYOUT, Narrowing.NONE, x -> x));
        requireEqual(wholeGradient(Engines.best()), unrounded);
        assertThat(unrounded).isNotEqualTo(expected);
    }

    @Test
    void anotherTypeIsRefused() {
        Sketch sketch = new Sketch(DataType.DOUBLE);
        String product =
                sketch.input("x", 4, 4).mmul(sketch.parameter("w", 4, 4)).name();
        FlatVector vector = sketch.vector();
        assertThatThrownBy(() -> GraphCase.MIXED.compile(sketch.computation(product), vector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mixed precision is for float32 graphs that can be planned, but it is DOUBLE");
    }

    /** The processor's own policy: the small product is not worth it. */
    @Test
    void theDeviceChoosesBySize() {
        Narrowing narrowing = Devices.cpu().narrowing().orElseThrow();
        assertThat(narrowing.ofProduct(100, 1024, 1024)).isTrue();
        assertThat(narrowing.ofProduct(50176, 24, 24)).isTrue();
        assertThat(narrowing.ofProduct(100, 2, 200)).isFalse();
        assertThat(narrowing.ofProduct(20, 20, 20)).isFalse();
        assertThat(Engines.mixed()).isPresent();
    }
}
