package org.likelihood4j.engine.cpu.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.engine.cpu.vector.VectorMath;
import org.likelihood4j.engine.plan.Bfloat16;
import org.likelihood4j.engine.plan.Elementwise;

/** Both arithmetics against Java's own in float64, over all of float32. */
@ParameterizedClass
@MethodSource("maths")
class TileMathTest {
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1,
        -1,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        1e-40f,
        -1e-40f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1e-8f,
        -1e-8f,
        1e-4f,
        -1e-4f,
        -0.03f,
        -0.029f,
        -0.031f,
        0.625f,
        -0.625f,
        0.62f,
        0.63f,
        87f,
        88f,
        88.722f,
        88.73f,
        89f,
        89.1f,
        1000f,
        -87f,
        -87.3f,
        -87.4f,
        -88f,
        -88.8f,
        -95f,
        -103f,
        -103.9f,
        -104f,
        -104.1f,
        -1000f,
        -1.5f,
        0x1p-24f - 1,
        0.7071067f,
        0.7071068f,
        1.4142135f,
        1.4142137f,
        0.99999994f,
        1.0000001f,
        9f,
        -9f,
        20f,
        -20f,
        3e38f,
        1e30f,
        -1e30f,
        16777216f
    };

    @Parameter
    private TileMath math;

    static Stream<TileMath> maths() {
        assertThat(VectorMath.isSupported())
                .as("else this machine cannot test it")
                .isTrue();
        return Stream.of(new PlainMath(), new VectorMath());
    }

    /** Special values, all magnitudes, and the ranges in which something happens. */
    private static List<Float> numbers() {
        List<Float> numbers = new ArrayList<>();
        for (float value : SPECIAL) {
            numbers.add(value);
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            numbers.add(Float.intBitsToFloat(random.nextInt()));
            numbers.add((float) (20 * random.nextDouble() - 10));
            numbers.add((float) (220 * random.nextDouble() - 110));
            numbers.add((float) (2 * random.nextDouble() - 1));
            numbers.add((float) (random.nextGaussian() * Math.pow(10, -random.nextInt(10))));
        }
        return numbers;
    }

    /**
     * What a function may be wrong by: in units of the last place of the true value, and below that, absolutely (where a result is
     * that small, numbers that matter have long been added to it).
     */
    private record Tolerance(double ulps, double absolute) {}

    private static Tolerance tolerance(Elementwise operation) {
        return switch (operation) {
            case EXP, LOG -> new Tolerance(2, 0);
            case LOG1P -> new Tolerance(3, 0);
            case TANH -> new Tolerance(3, 0);
            // 1/(1 + exp(-x)) is 0 where exp(-x) is infinite.
            case SIGMOID -> new Tolerance(4, 4e-39);
            // Just below -0.03 the 1 that is taken off hides five bits.
            case ELU -> new Tolerance(64, 0);
            case ELU_GRADIENT -> new Tolerance(3, 0);
            default -> new Tolerance(0, 0);
        };
    }

    @ParameterizedTest
    @EnumSource(Elementwise.class)
    void operationsAreJavas(Elementwise operation) {
        List<Float> numbers = numbers();
        Random random = new Random(2);
        Tolerance tolerance = tolerance(operation);
        TileMath.Loop loop = math.loop(operation);
        int next = 0;
        while (next < numbers.size()) {
            int n = Math.min(1 + random.nextInt(100), numbers.size() - next);
            int length = (n + TileMath.PADDING - 1) / TileMath.PADDING * TileMath.PADDING;
            float[] a = new float[length];
            float[] b = new float[length];
            for (int i = 0; i < length; i++) {
                a[i] = i < n ? numbers.get(next + i) : Float.NaN;
                b[i] = partner(i < n ? a[i] : 0, random);
            }
            float[] separate = new float[length];
            float[] given = a.clone();
            loop.run(given, b, separate, n);
            assertThat(Arrays.equals(given, a)).as("operands are only read").isTrue();
            float[] first = a.clone();
            loop.run(first, b, first, n);
            float[] second = b.clone();
            loop.run(a, second, second, n);
            for (int i = 0; i < n; i++) {
                check(operation, a[i], b[i], separate[i], tolerance);
                assertThat(Float.compare(first[i], separate[i])).isZero();
                if (operation.arity() == 2) {
                    assertThat(Float.compare(second[i], separate[i])).isZero();
                }
            }
            next += n;
        }
    }

    /** Any number, often one of the same size or a special one. */
    private static float partner(float a, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
            case 1 -> a;
            case 2 -> a * (float) (1 + random.nextGaussian());
            default -> (float) (random.nextGaussian() * 10);
        };
    }

    private static void check(Elementwise operation, float a, float b, float actual, Tolerance tolerance) {
        if (operation == Elementwise.ELU_GRADIENT && Float.isInfinite(b) && a < -100) {
            // 0 times infinity, where float32's exp is 0 already.
            return;
        }
        double truth = operation.apply(a, b);
        float nearest = (float) truth;
        if (Float.isNaN(nearest) || Float.isInfinite(nearest)) {
            // A result that only just overflows may also be the largest number.
            boolean edge =
                    Math.abs(truth) < 3.4028237e38 && Math.abs(actual) == Float.MAX_VALUE && tolerance.ulps() > 0;
            assertThat(Float.compare(actual, nearest) == 0 || edge)
                    .as("%s of %s and %s: expected %s, was %s", operation, a, b, nearest, actual)
                    .isTrue();
            return;
        }
        double error = Math.abs(actual - truth);
        // A product with a rounded subnormal number.
        double subnormal = operation == Elementwise.ELU_GRADIENT ? Float.MIN_VALUE * Math.abs(b) : 0;
        double allowed = subnormal + Math.max(tolerance.absolute(), (tolerance.ulps() + 0.5000001) * Math.ulp(nearest));
        assertThat(error <= allowed)
                .as("%s of %s and %s: expected %s, was %s", operation, a, b, nearest, actual)
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 2047, 2048})
    void bfloat16sAreNarrowedAndWidenedInTheirPlaceOnly(int n) {
        List<Float> numbers = numbers();
        for (int from = 0; from + n < numbers.size(); from += 1 + 3 * n) {
            float[] a = new float[n + 7];
            for (int i = 0; i < a.length; i++) {
                a[i] = numbers.get((from + i) % numbers.size());
            }
            short[] bits = new short[n + 5];
            Arrays.fill(bits, (short) 77);
            math.narrow(a, 3, bits, n);
            float[] wide = new float[n + 9];
            Arrays.fill(wide, 77);
            math.widen(bits, wide, 4, n);
            for (int i = 0; i < n; i++) {
                float expected = Bfloat16.round(a[3 + i]);
                assertThat(Float.compare(wide[4 + i], expected))
                        .as("%s: expected %s, was %s", a[3 + i], expected, wide[4 + i])
                        .isZero();
            }
            for (int i = n; i < bits.length; i++) {
                assertThat(bits[i]).isEqualTo((short) 77);
                assertThat(wide[4 + i]).isEqualTo(77);
            }
            assertThat(wide[3]).isEqualTo(77);
            if (n == 0) {
                return;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 31, 32, 33, 100, 2047, 2048})
    void sumsAreThoseOfTheirElementsOnly(int n) {
        Random random = new Random(n);
        float[] a = random(2048 + 64, random);
        for (int from : new int[] {0, 1, 5, 13}) {
            double expected = 0;
            double sizes = 0;
            for (int i = from; i < from + n; i++) {
                expected += a[i];
                sizes += Math.abs(a[i]);
            }
            assertThat(Math.abs(math.sum(a, from, n) - expected)).isLessThanOrEqualTo(2e-6 * sizes);
            float[] sums = random(2048 + 64, random);
            float[] before = sums.clone();
            math.add(a, from, sums, 3, n);
            for (int i = 0; i < sums.length; i++) {
                boolean inside = i >= 3 && i < 3 + n;
                assertThat(sums[i]).isEqualTo(inside ? before[i] + a[from + i - 3] : before[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 31, 32, 33, 100, 2047, 2048})
    void largestNumbersAreThoseOfTheirElementsOnly(int n) {
        Random random = new Random(n);
        float[] a = random(2048 + 64, random);
        for (int from : new int[] {0, 1, 5, 13}) {
            float expected = a[from];
            for (int i = from; i < from + n; i++) {
                expected = Math.max(expected, a[i]);
            }
            assertThat(math.max(a, from, n)).isEqualTo(expected);
            float[] largest = random(2048 + 64, random);
            float[] before = largest.clone();
            math.max(a, from, largest, 3, n);
            for (int i = 0; i < largest.length; i++) {
                boolean inside = i >= 3 && i < 3 + n;
                assertThat(largest[i]).isEqualTo(inside ? Math.max(before[i], a[from + i - 3]) : before[i]);
            }
            float[] bad = a.clone();
            bad[from + n - 1] = Float.NaN;
            assertThat(math.max(bad, from, n)).isNaN();
        }
        float[] lowest = new float[n];
        Arrays.fill(lowest, Float.NEGATIVE_INFINITY);
        assertThat(math.max(lowest, 0, n)).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    @Test
    void sumsOfWhatIsNotFiniteAreNotFinite() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int at : new int[] {0, 8, 40, 44}) {
                float[] a = new float[64];
                a[at] = bad;
                assertThat(Double.compare(math.sum(a, 0, 45), bad)).isZero();
            }
        }
    }

    private static float[] random(int length, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
