package org.likelihood4j.engine.cpu.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.engine.cpu.vector.VectorUpdate;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Both arithmetics of updates against the formulas in float64, on stretches that begin and end anywhere. */
@ParameterizedClass
@MethodSource("maths")
class UpdateMathTest {
    private static final int LENGTH = 2500;

    @Parameter
    private UpdateMath math;

    static Stream<UpdateMath> maths() {
        return VectorUpdate.isSupported()
                ? Stream.of(new PlainUpdate(), new VectorUpdate())
                : Stream.of(new PlainUpdate());
    }

    /** In Java 17 both are tested, or this machine cannot test one of them. */
    @Test
    void vectorsAreTested() {
        if (Runtime.version().feature() == 17) {
            assertThat(VectorUpdate.isSupported()).isTrue();
        }
    }

    /** A vector that begins three elements into its memory. */
    private static Memory memory(float[] values) {
        var all = Nd4j.zeros(values.length + 7);
        var part = all.get(NDArrayIndex.interval(3, 3 + values.length));
        for (int i = 0; i < values.length; i++) {
            part.putScalar(i, values[i]);
        }
        return Memory.of(part, 0);
    }

    private static Memory memory(Random random) {
        float[] values = new float[LENGTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return memory(values);
    }

    private static float[] values(Memory memory) {
        float[] values = new float[LENGTH];
        memory.read(0, values, 0, LENGTH);
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 31, 32, 33, 100, 1024, 1025, 2047})
    void squaresAreThoseOfTheirElementsOnly(int n) {
        Memory g = memory(new Random(n));
        float[] a = values(g);
        for (int from : new int[] {0, 1, 5, 13}) {
            double expected = 0;
            for (int i = from; i < from + n; i++) {
                expected += (double) a[i] * a[i];
            }
            assertThat(Math.abs(math.squares(g, from, n) - expected)).isLessThanOrEqualTo(2e-6 * expected);
        }
    }

    @Test
    void squaresOfWhatIsNotFiniteAreNotFinite() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int at : new int[] {0, 8, 40, 44}) {
                float[] a = new float[64];
                a[at] = bad;
                assertThat(Double.compare(math.squares(memory(a), 0, 45), bad)).isZero();
            }
        }
    }

    /** Either infinite, which callers understand, or the truth. */
    @Test
    void squaresNeverComeOutTooSmall() {
        for (float size : new float[] {1e25f, 1.8e19f, 1.9e19f, Float.MAX_VALUE}) {
            float[] a = new float[64];
            a[3] = size;
            a[44] = size;
            assertThat(math.squares(memory(a), 0, 45)).isGreaterThan(1.99 * size * size);
        }
    }

    /** Everything but the stretch must stay as it was, which is the formula with nothing in it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 13, 64, 1024, 2048, 2049})
    void updatesAreTheFormulas(int n) {
        Random random = new Random(n);
        for (int repeat = 0; repeat < 5; repeat++) {
            int from = 17 * repeat;
            Memory p = memory(random);
            Memory m = memory(random);
            Memory g = memory(random);
            float[] squares = values(memory(random));
            for (int i = 0; i < LENGTH; i++) {
                squares[i] *= squares[i];
            }
            Memory v = memory(squares);
            double scale = 0.25 + repeat;
            double keep = 1 - 0.01 * repeat;
            float[] p0 = values(p);
            float[] m0 = values(m);
            float[] v0 = values(v);
            float[] g0 = values(g);
            Memory e = repeat % 2 == 0 ? memory(random) : null;
            float[] e0 = e == null ? null : values(e);
            UpdateMath.Adam adam = new UpdateMath.Adam((float) scale, 0.9, 0.99, 0.125f, 0.01f);
            math.adam(p, m, v, g, e, from, n, adam, (float) keep, 0.75);
            float[] p1 = values(p);
            float[] m1 = values(m);
            float[] v1 = values(v);
            float[] e1 = e == null ? null : values(e);
            for (int i = 0; i < LENGTH; i++) {
                boolean inside = i >= from && i < from + n;
                double mean = inside ? 0.9 * m0[i] + 0.1 * scale * g0[i] : m0[i];
                double square = inside ? 0.99 * v0[i] + 0.01 * scale * scale * g0[i] * g0[i] : v0[i];
                close(m1[i], mean);
                close(v1[i], square);
                close(p1[i], inside ? keep * p0[i] - 0.125 * mean / (Math.sqrt(square) + 0.01) : p0[i]);
                if (e != null) {
                    close(e1[i], inside ? 0.75 * e0[i] + 0.25 * p1[i] : e0[i]);
                }
            }
            UpdateMath.Momentum momentum = new UpdateMath.Momentum((float) scale, 0.5f, 0.125f);
            math.momentum(p, m, g, e, from, n, momentum, (float) keep, 0.75);
            float[] p2 = values(p);
            float[] m2 = values(m);
            float[] e2 = e == null ? null : values(e);
            for (int i = 0; i < LENGTH; i++) {
                boolean inside = i >= from && i < from + n;
                double velocity = inside ? 0.5 * m1[i] + scale * g0[i] : m1[i];
                close(m2[i], velocity);
                close(p2[i], inside ? keep * p1[i] - 0.125 * velocity : p1[i]);
                if (e != null) {
                    close(e2[i], inside ? 0.75 * e1[i] + 0.25 * p2[i] : e1[i]);
                }
            }
            assertThat(values(g)).as("the gradient is only read").isEqualTo(g0);
        }
    }

    private static void close(float actual, double expected) {
        assertThat(Math.abs(actual - expected)).isLessThanOrEqualTo(4e-6 * (1 + Math.abs(expected)));
    }
}
