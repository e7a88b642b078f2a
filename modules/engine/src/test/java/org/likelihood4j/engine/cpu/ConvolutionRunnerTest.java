package org.likelihood4j.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.cpu.arithmetic.PlainMath;
import org.likelihood4j.engine.cpu.onednn.Isa;
import org.likelihood4j.engine.plan.Bfloat16;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every way in which a convolution is cut and computed, against sums in float64. */
@Timeout(60)
class ConvolutionRunnerTest {
    /** Elements before and behind each matrix, so that what is outside would be seen to be touched. */
    private static final int GAP = 16;

    private static final float UNTOUCHED = 77;

    private static ConvolutionShape shape(
            int images, int height, int width, int in, int out, int kernel, int stride, int padding) {
        return new ConvolutionShape(
                images,
                height,
                width,
                in,
                (height + 2 * padding - kernel) / stride + 1,
                (width + 2 * padding - kernel) / stride + 1,
                out,
                kernel,
                kernel,
                stride,
                stride,
                padding,
                padding);
    }

    @ParameterizedTest(name = "{0} x {1} x {2} x {3} -> {4}, kernel {5}, stride {6}, padding {7}")
    @CsvSource({
        "1, 1, 1, 1, 1, 3, 1, 1",
        "2, 5, 7, 3, 4, 3, 1, 1",
        "5, 28, 28, 24, 24, 3, 1, 1",
        "5, 28, 28, 1, 24, 3, 1, 1",
        "5, 28, 28, 24, 2, 3, 1, 1",
        "5, 14, 14, 2, 48, 3, 1, 1",
        "5, 9, 14, 17, 3, 5, 1, 2",
        "5, 3, 2, 17, 3, 5, 1, 2",
        "5, 9, 14, 17, 3, 4, 1, 0",
        "5, 9, 14, 17, 3, 3, 1, 2",
        "5, 9, 14, 17, 3, 2, 1, 3",
        "5, 14, 14, 48, 48, 3, 1, 1",
        "9, 7, 7, 64, 64, 3, 1, 1",
        "5, 28, 28, 1, 32, 4, 2, 1",
        "5, 14, 14, 32, 64, 4, 2, 1",
        "2, 6, 8, 2, 16, 4, 2, 1",
        "3, 9, 12, 3, 17, 5, 3, 1",
        "2, 6, 8, 2, 16, 1, 2, 0",
        "5, 13, 11, 9, 17, 3, 2, 1",
        "3, 9, 10, 5, 6, 5, 3, 2",
        "3, 9, 10, 5, 6, 2, 3, 0",
        "4, 16, 16, 16, 16, 1, 2, 0",
    })
    void equalsTheSums(int images, int height, int width, int in, int out, int kernel, int stride, int padding) {
        ConvolutionShape shape = shape(images, height, width, in, out, kernel, stride, padding);
        for (Direction direction : Direction.values()) {
            float[] expected = expected(shape, direction);
            for (int threads : new int[] {1, 2, 3}) {
                requireClose(expected, run(shape, direction, Team.of(threads), true), shape, direction);
            }
            requireClose(expected, run(shape, direction, Team.of(2), false), shape, direction);
        }
    }

    /** Of bfloat16s; images and weights are given as such, or in float32, to be rounded. */
    @ParameterizedTest(name = "{0} x {1} x {2} x {3} -> {4}, kernel {5}, stride {6}, padding {7}")
    @CsvSource({
        "1, 1, 1, 1, 1, 3, 1, 1",
        "2, 5, 7, 3, 4, 3, 1, 1",
        "5, 28, 28, 24, 24, 3, 1, 1",
        "5, 28, 28, 1, 24, 3, 1, 1",
        "5, 28, 28, 24, 2, 3, 1, 1",
        "5, 14, 14, 2, 48, 3, 1, 1",
        "9, 7, 7, 64, 64, 3, 1, 1",
        "5, 14, 14, 32, 64, 4, 2, 1",
        "5, 13, 11, 9, 17, 3, 2, 1",
    })
    void equalsTheSumsOfBfloat16s(
            int images, int height, int width, int in, int out, int kernel, int stride, int padding) {
        assumeTrue(Isa.hasBfloat16(), "this CPU has no instructions for bfloat16");
        ConvolutionShape shape = shape(images, height, width, in, out, kernel, stride, padding);
        for (Direction direction : Direction.values()) {
            float[] expected = expected(shape, direction, true);
            for (int threads : new int[] {1, 2}) {
                for (boolean given : new boolean[] {false, true}) {
                    float[] found = run(
                            shape,
                            direction,
                            Team.of(threads),
                            true,
                            false,
                            false,
                            0,
                            given ? Form.GIVEN : Form.ROUNDED);
                    requireClose(expected, found, shape, direction);
                }
            }
        }
    }

    /** What is made may be rounded to bfloat16 before it is written. */
    @ParameterizedTest
    @CsvSource({"24, 24", "3, 48"})
    void makesBfloat16s(int in, int out) {
        assumeTrue(Isa.hasBfloat16(), "this CPU has no instructions for bfloat16");
        ConvolutionShape shape = shape(5, 14, 14, in, out, 3, 1, 1);
        float[] sums = run(shape, Direction.FORWARD, Team.of(2), true, true, true, 0, Form.GIVEN);
        float[] made = run(shape, Direction.FORWARD, Team.of(2), true, true, true, 0, Form.MADE);
        for (int i = 0; i < sums.length; i++) {
            // A sum that is made in another order may be on the other side of the middle.
            float low = Bfloat16.round(sums[i] - 1e-5f);
            float high = Bfloat16.round(sums[i] + 1e-5f);
            assertThat(made[i]).isBetween(low, high);
            assertThat(made[i]).isEqualTo(Bfloat16.round(made[i]));
        }
    }

    /** Zeros on one side only, as ND4J has them where their number is odd. */
    @Test
    void equalsTheSumsWithUnequalPadding() {
        ConvolutionShape shape = new ConvolutionShape(3, 8, 6, 5, 4, 3, 7, 3, 4, 2, 2, 0, 1);
        for (Direction direction : Direction.values()) {
            float[] expected = expected(shape, direction);
            requireClose(expected, run(shape, direction, Team.of(2), true), shape, direction);
            requireClose(expected, run(shape, direction, Team.of(2), false), shape, direction);
        }
    }

    @Test
    void aKernelBeyondItsImagesReadsZerosOnly() {
        assertThat(shape(2, 1, 1, 4, 5, 3, 1, 1).readsAtEveryPlace()).isFalse();
        assertThat(shape(2, 2, 1, 4, 5, 3, 1, 1).readsAtEveryPlace()).isFalse();
        assertThat(shape(2, 2, 2, 4, 5, 3, 1, 1).readsAtEveryPlace()).isTrue();
        assertThat(shape(2, 9, 9, 4, 5, 2, 3, 0).readsAtEveryPlace()).isTrue();
    }

    @Test
    void theSameNumberOfThreadsGivesTheSameBits() {
        ConvolutionShape shape = shape(7, 14, 14, 24, 24, 3, 1, 1);
        for (Direction direction : Direction.values()) {
            float[] first = run(shape, direction, Team.of(2), true);
            assertThat(run(shape, direction, Team.of(2), true)).containsExactly(first);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "7, 24, true, true",
        "7, 24, true, false",
        "7, 24, false, true",
        "24, 3, true, true",
        "24, 3, true, false"
    })
    void addsABiasAndRectifies(int in, int out, boolean biased, boolean rectified) {
        ConvolutionShape shape = shape(5, 14, 14, in, out, 3, 1, 1);
        float[] expected = expected(shape, Direction.FORWARD);
        float[] bias = random(GAP + shape.out(), 3);
        for (int i = 0; i < expected.length; i++) {
            float sum = biased ? expected[i] + bias[GAP + i % shape.out()] : expected[i];
            expected[i] = rectified && sum < 0 ? 0 : sum;
        }
        for (boolean oneDnn : new boolean[] {true, false}) {
            float[] found = run(shape, Direction.FORWARD, Team.of(2), oneDnn, biased, rectified, 0);
            requireClose(expected, found, shape, Direction.FORWARD);
        }
    }

    @Test
    void whatIsNotANumberStaysSo() {
        for (int out : new int[] {3, 24, 64}) {
            ConvolutionShape shape = shape(2, 14, 14, 24, out, 3, 1, 1);
            for (boolean oneDnn : new boolean[] {true, false}) {
                float[] found = run(shape, Direction.FORWARD, Team.of(1), oneDnn, true, true, Float.NaN);
                for (int i = 0; i < found.length; i++) {
                    assertThat(Float.isNaN(found[i])).isEqualTo(i % out == 0);
                }
            }
        }
    }

    private static int sizeA(ConvolutionShape shape, Direction direction) {
        return direction == Direction.DATA ? shape.outRows() * shape.out() : shape.rows() * shape.in();
    }

    private static int sizeB(ConvolutionShape shape, Direction direction) {
        return direction == Direction.WEIGHTS ? shape.outRows() * shape.out() : shape.taps() * shape.out();
    }

    private static int sizeOut(ConvolutionShape shape, Direction direction) {
        return switch (direction) {
            case FORWARD -> shape.outRows() * shape.out();
            case DATA -> shape.rows() * shape.in();
            case WEIGHTS -> shape.taps() * shape.out();
        };
    }

    private static float[] run(ConvolutionShape shape, Direction direction, Team team, boolean oneDnn) {
        return run(shape, direction, team, oneDnn, false, false, 0);
    }

    /** How a convolution's numbers stand in memory. */
    private enum Form {
        FLOAT32,
        /** In float32, to be rounded to bfloat16. */
        ROUNDED,
        /** What is read in bfloat16. */
        GIVEN,
        /** What is made as well. */
        MADE
    }

    private static float[] run(
            ConvolutionShape shape,
            Direction direction,
            Team team,
            boolean oneDnn,
            boolean biased,
            boolean rectified,
            float added) {
        return run(shape, direction, team, oneDnn, biased, rectified, added, Form.FLOAT32);
    }

    /** The numbers of a vector as bfloat16s, in one of their own. */
    private static Memory narrow(INDArray of, INDArray room) {
        float[] numbers = of.toFloatVector();
        short[] bits = new short[numbers.length];
        new PlainMath().narrow(numbers, 0, bits, bits.length);
        Memory memory = Memory.narrow(room, 0);
        memory.write(bits, 0, bits.length);
        return memory;
    }

    /** With a number that is added to the first channel's bias. */
    private static float[] run(
            ConvolutionShape shape,
            Direction direction,
            Team team,
            boolean oneDnn,
            boolean biased,
            boolean rectified,
            float added,
            Form form) {
        int size = sizeOut(shape, direction);
        try (INDArray a = Nd4j.createFromArray(random(GAP + sizeA(shape, direction), 1));
                INDArray b = Nd4j.createFromArray(random(GAP + sizeB(shape, direction), 2));
                INDArray bias = Nd4j.createFromArray(random(GAP + shape.out(), 3));
                INDArray out = Nd4j.createFromArray(new float[size + 2 * GAP]);
                INDArray roomA = a.dup();
                INDArray roomB = b.dup();
                INDArray roomOut = out.dup()) {
            out.assign(UNTOUCHED);
            bias.putScalar(GAP, bias.getFloat(GAP) + added);
            Memory[] memories = {Memory.of(a, 0), Memory.of(b, 0), Memory.of(out, 0), Memory.of(bias, 0)};
            if (form == Form.GIVEN || form == Form.MADE) {
                memories[0] = narrow(a, roomA);
                memories[1] = narrow(b, roomB);
            }
            if (form == Form.MADE) {
                memories[2] = narrow(out, roomOut);
            }
            Kernel.Convolution kernel = new Kernel.Convolution(
                    shape,
                    direction,
                    form != Form.FLOAT32,
                    new Region(0, GAP, direction == Direction.DATA ? shape.out() : shape.in(), 1),
                    new Region(1, GAP, shape.out(), 1),
                    biased ? new Region(3, GAP, shape.out(), 1) : null,
                    rectified,
                    new Region(2, GAP, direction == Direction.DATA ? shape.in() : shape.out(), 1));
            Runner runner = oneDnn && FoldedConvolution.pays(kernel)
                    ? new FoldedConvolution(kernel, memories, team)
                    : new ConvolutionRunner(kernel, memories, team, oneDnn);
            runner.run();
            runner.run();
            runner.close();
            float[] all = new float[size + 2 * GAP];
            for (int i = 0; i < all.length; i++) {
                all[i] = memories[2].read(i);
            }
            for (int i = 0; i < GAP; i++) {
                assertThat(all[i]).isEqualTo(UNTOUCHED);
                assertThat(all[GAP + size + i]).isEqualTo(UNTOUCHED);
            }
            return Arrays.copyOfRange(all, GAP, GAP + size);
        }
    }

    private static float[] expected(ConvolutionShape s, Direction direction) {
        return expected(s, direction, false);
    }

    private static float[] expected(ConvolutionShape s, Direction direction, boolean narrow) {
        float[] a = Arrays.copyOfRange(random(GAP + sizeA(s, direction), 1), GAP, GAP + sizeA(s, direction));
        float[] b = Arrays.copyOfRange(random(GAP + sizeB(s, direction), 2), GAP, GAP + sizeB(s, direction));
        for (float[] factors : narrow ? new float[][] {a, b} : new float[0][]) {
            for (int i = 0; i < factors.length; i++) {
                factors[i] = Bfloat16.round(factors[i]);
            }
        }
        double[] sums = new double[sizeOut(s, direction)];
        for (int n = 0; n < s.images(); n++) {
            for (int i = 0; i < s.outHeight(); i++) {
                for (int j = 0; j < s.outWidth(); j++) {
                    for (int k = 0; k < s.kernelHeight(); k++) {
                        for (int l = 0; l < s.kernelWidth(); l++) {
                            int y = i * s.strideDown() - s.top() + k;
                            int x = j * s.strideAcross() - s.left() + l;
                            if (y < 0 || y >= s.height() || x < 0 || x >= s.width()) {
                                continue;
                            }
                            for (int c = 0; c < s.in(); c++) {
                                for (int o = 0; o < s.out(); o++) {
                                    int from = ((n * s.height() + y) * s.width() + x) * s.in() + c;
                                    int to = ((n * s.outHeight() + i) * s.outWidth() + j) * s.out() + o;
                                    int w = ((k * s.kernelWidth() + l) * s.in() + c) * s.out() + o;
                                    switch (direction) {
                                        case FORWARD -> sums[to] += (double) a[from] * b[w];
                                        case DATA -> sums[from] += (double) a[to] * b[w];
                                        case WEIGHTS -> sums[w] += (double) a[from] * b[to];
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        float[] rounded = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            rounded[i] = (float) sums[i];
        }
        return rounded;
    }

    /** Numbers are below 1/2, so that a sum of n products is of the size of sqrt(n) / 12. */
    private static void requireClose(float[] expected, float[] found, ConvolutionShape shape, Direction direction) {
        int terms = switch (direction) {
            case FORWARD -> shape.taps();
            case DATA -> shape.kernelHeight() * shape.kernelWidth() * shape.out();
            case WEIGHTS -> shape.outRows();
        };
        double tolerance = 1e-6 * Math.sqrt(terms) * Math.max(1, Math.log(terms));
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - found[i]) <= tolerance)) {
                assertThat(found[i]).as("%s of %s at %d", direction, shape, i).isCloseTo(expected[i], within((float)
                        tolerance));
            }
        }
    }

    private static float[] random(int length, long seed) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
