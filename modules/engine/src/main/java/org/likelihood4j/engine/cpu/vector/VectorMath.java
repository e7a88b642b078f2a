package org.likelihood4j.engine.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.SQRT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.likelihood4j.engine.cpu.arithmetic.PlainMath;
import org.likelihood4j.engine.cpu.arithmetic.TileMath;
import org.likelihood4j.engine.plan.Bfloat16;
import org.likelihood4j.engine.plan.Elementwise;

/**
 * Tile arithmetic with the machine's vector instructions, through the incubating Vector API, which this package alone
 * uses: where the module is not there {@link PlainMath} does the same.
 *
 * <p>exp, log and log1p are the usual range reductions with minimax polynomials (Cephes, S. Moshier), whose relative error in
 * float32 is below 2e-7; tanh and sigmoid are made of them. Multiplications and additions are fused, which every machine
 * with vectors of 256 bits can: on others this class is not used.
 *
 * <p>Loops call the Vector API only, and no helper of ours: past a size the compiler inlines nothing else, and a vector that
 * crosses a call is an object. For the same reason no two of the longer loops may be compiled as one: exp and log, which others
 * call, are longer than the methods that the compiler takes into their callers, 325 bytes of code. With an exp of 323 bytes elu
 * allocated 50 MB a step of a convolutional VAE in each process that happened to compile it before exp.
 */
public final class VectorMath implements TileMath {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    /** As many as there are lanes, in half the bits. */
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

    private static final int LANES = SPECIES.length();
    private static final float LOG2_E = 1.44269504088896341f;
    /** ln 2 in two parts: the first one has few bits, so that its products with whole numbers are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    /** Adding it rounds to a whole number, which then stands in the lowest bits. */
    private static final float ROUNDER = 12582912f;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    private final PlainMath plain = new PlainMath();
    private final float[][] scratch = new float[2][0];

    /** Whether the machine's vectors are wide enough to be sure of fused multiplications. */
    public static boolean isSupported() {
        return SPECIES.vectorBitSize() >= 256;
    }

    @Override
    public Loop loop(Elementwise operation) {
        return switch (operation) {
            case EXP -> (a, b, out, n) -> exp(a, out, n);
            case LOG -> (a, b, out, n) -> log(a, out, n);
            case LOG1P -> (a, b, out, n) -> log1p(a, out, n);
            case TANH -> (a, b, out, n) -> tanh(a, out, n);
            case SIGMOID -> (a, b, out, n) -> sigmoid(a, out, n);
            case RELU -> (a, b, out, n) -> relu(a, out, n);
            case SIGN -> (a, b, out, n) -> sign(a, out, n);
            case ELU -> (a, b, out, n) -> elu(a, out, n);
            case ABS -> (a, b, out, n) -> abs(a, out, n);
            case NEG -> (a, b, out, n) -> neg(a, out, n);
            case ELU_GRADIENT -> this::eluGradient;
            case RELU_GRADIENT -> VectorMath::reluGradient;
            case LESS -> VectorMath::less;
            case EQUAL -> VectorMath::equal;
            case ADD -> VectorMath::add;
            case SUB -> VectorMath::sub;
            case MUL -> VectorMath::mul;
            case DIV -> VectorMath::div;
            case MAX -> VectorMath::larger;
            case MIN -> VectorMath::smaller;
            case COPY, SQRT, ROUND, BFLOAT16 -> plain.loop(operation);
        };
    }

    private static void add(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .add(FloatVector.fromArray(SPECIES, b, i))
                    .intoArray(out, i);
        }
    }

    private static void sub(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .sub(FloatVector.fromArray(SPECIES, b, i))
                    .intoArray(out, i);
        }
    }

    private static void mul(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .mul(FloatVector.fromArray(SPECIES, b, i))
                    .intoArray(out, i);
        }
    }

    private static void div(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .div(FloatVector.fromArray(SPECIES, b, i))
                    .intoArray(out, i);
        }
    }

    private static void larger(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .max(FloatVector.fromArray(SPECIES, b, i))
                    .intoArray(out, i);
        }
    }

    private static void smaller(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .min(FloatVector.fromArray(SPECIES, b, i))
                    .intoArray(out, i);
        }
    }

    private static void neg(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).neg().intoArray(out, i);
        }
    }

    private static void abs(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).lanewise(ABS).intoArray(out, i);
        }
    }

    private static void sign(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, i);
            // Itself where it is 0 or not a number.
            x.blend(1f, x.compare(GT, 0f)).blend(-1f, x.compare(LT, 0f)).intoArray(out, i);
        }
    }

    private static void relu(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, i);
            x.blend(0f, x.compare(LT, 0f)).intoArray(out, i);
        }
    }

    private static void reluGradient(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.broadcast(SPECIES, 0)
                    .blend(
                            FloatVector.fromArray(SPECIES, b, i),
                            FloatVector.fromArray(SPECIES, a, i).compare(GT, 0f))
                    .intoArray(out, i);
        }
    }

    private static void less(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.broadcast(SPECIES, 0)
                    .blend(1f, FloatVector.fromArray(SPECIES, a, i).compare(LT, FloatVector.fromArray(SPECIES, b, i)))
                    .intoArray(out, i);
        }
    }

    private static void equal(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.broadcast(SPECIES, 0)
                    .blend(1f, FloatVector.fromArray(SPECIES, a, i).compare(EQ, FloatVector.fromArray(SPECIES, b, i)))
                    .intoArray(out, i);
        }
    }

    /**
     * {@code 2^k exp(r)} with {@code x = k ln 2 + r}; the power is made in two halves, so that it can leave and reach 0.
     *
     * <p>Its constants stand before the loop, which makes it longer than what the compiler takes into a caller ({@link VectorMath}).
     */
    private static void exp(float[] a, float[] out, int n) {
        FloatVector log2e = FloatVector.broadcast(SPECIES, LOG2_E);
        FloatVector rounder = FloatVector.broadcast(SPECIES, ROUNDER);
        FloatVector high = FloatVector.broadcast(SPECIES, -LN2_HIGH);
        FloatVector low = FloatVector.broadcast(SPECIES, -LN2_LOW);
        FloatVector c7 = FloatVector.broadcast(SPECIES, 1.9875691500e-4f);
        FloatVector c6 = FloatVector.broadcast(SPECIES, 1.3981999507e-3f);
        FloatVector c5 = FloatVector.broadcast(SPECIES, 8.3334519073e-3f);
        FloatVector c4 = FloatVector.broadcast(SPECIES, 4.1665795894e-2f);
        FloatVector c3 = FloatVector.broadcast(SPECIES, 1.6666665459e-1f);
        FloatVector c2 = FloatVector.broadcast(SPECIES, 5.0000001201e-1f);
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, i);
            FloatVector clamped = x.min(89f).max(-104f);
            FloatVector rounded = clamped.fma(log2e, rounder);
            FloatVector k = rounded.sub(ROUNDER);
            FloatVector r = k.fma(high, clamped);
            r = k.fma(low, r);
            FloatVector series = r.fma(c7, c6);
            series = series.fma(r, c5);
            series = series.fma(r, c4);
            series = series.fma(r, c3);
            series = series.fma(r, c2);
            series = series.fma(r.mul(r), r).add(1f);
            IntVector power = rounded.reinterpretAsInts().sub(ROUNDER_BITS);
            IntVector half = power.lanewise(ASHR, 1);
            FloatVector first = half.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector second = power.sub(half).add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector result = series.mul(first).mul(second);
            // Clamping has hidden what is not a number.
            result.blend(x, x.compare(NE, x)).intoArray(out, i);
        }
    }

    /** {@code k ln 2 + log(m)} with {@code x = 2^k m} and m within sqrt(2) of 1. */
    private static void log(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, i);
            if (!x.compare(GE, Float.MIN_NORMAL)
                    .and(x.compare(LT, Float.POSITIVE_INFINITY))
                    .allTrue()) {
                unusualLog(a, out, i);
                continue;
            }
            IntVector bits = x.reinterpretAsInts();
            // 0x3F3504F3 is sqrt(1/2): with it taken off, the exponent's bits are those of k.
            IntVector shifted = bits.sub(0x3F3504F3);
            IntVector exponent = shifted.lanewise(ASHR, 23);
            FloatVector m = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats();
            // The whole number in the lowest bits of the rounder, as in exp.
            FloatVector k = exponent.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
            FloatVector f = m.sub(1f);
            FloatVector square = f.mul(f);
            FloatVector series = f.fma(
                    FloatVector.broadcast(SPECIES, 7.0376836292e-2f),
                    FloatVector.broadcast(SPECIES, -1.1514610310e-1f));
            series = series.fma(f, FloatVector.broadcast(SPECIES, 1.1676998740e-1f));
            series = series.fma(f, FloatVector.broadcast(SPECIES, -1.2420140846e-1f));
            series = series.fma(f, FloatVector.broadcast(SPECIES, 1.4249322787e-1f));
            series = series.fma(f, FloatVector.broadcast(SPECIES, -1.6668057665e-1f));
            series = series.fma(f, FloatVector.broadcast(SPECIES, 2.0000714765e-1f));
            series = series.fma(f, FloatVector.broadcast(SPECIES, -2.4999993993e-1f));
            series = series.fma(f, FloatVector.broadcast(SPECIES, 3.3333331174e-1f))
                    .mul(f)
                    .mul(square);
            series = k.fma(FloatVector.broadcast(SPECIES, LN2_LOW), series);
            series = square.fma(FloatVector.broadcast(SPECIES, -0.5f), series).add(f);
            k.fma(FloatVector.broadcast(SPECIES, LN2_HIGH), series).intoArray(out, i);
        }
    }

    /** What the series does not know: negative, infinite and subnormal numbers, 0, and what is no number. */
    private static void unusualLog(float[] a, float[] out, int from) {
        for (int i = from; i < from + LANES; i++) {
            out[i] = (float) Math.log(a[i]);
        }
    }

    /** {@code log(u) + (x - (u - 1))/u} with {@code u = 1 + x} rounded: the second term is what the rounding lost. */
    private void log1p(float[] a, float[] out, int n) {
        float[] u = scratch(0, n);
        float[] logs = scratch(1, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).add(1f).intoArray(u, i);
        }
        log(u, logs, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, u, i);
            FloatVector lost =
                    FloatVector.fromArray(SPECIES, a, i).sub(v.sub(1f)).div(v);
            // At -1 and at infinity nothing was lost, and the quotient is no number.
            FloatVector.fromArray(SPECIES, logs, i)
                    .add(lost.blend(0f, lost.compare(NE, lost)))
                    .intoArray(out, i);
        }
    }

    /** {@code 1/(1 + exp(-x))}: exp's overflow to infinity gives the right 0. */
    private void sigmoid(float[] a, float[] out, int n) {
        neg(a, out, n);
        exp(out, out, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector.broadcast(SPECIES, 1)
                    .div(FloatVector.fromArray(SPECIES, out, i).add(1f))
                    .intoArray(out, i);
        }
    }

    /** Near 0 an odd polynomial, which keeps its relative error there; else {@code 1 - 2/(exp(2|x|) + 1)}, with x's sign. */
    private void tanh(float[] a, float[] out, int n) {
        float[] exps = scratch(0, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector size = FloatVector.fromArray(SPECIES, a, i).lanewise(ABS);
            size.add(size).intoArray(exps, i);
        }
        exp(exps, exps, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, i);
            FloatVector far = FloatVector.broadcast(SPECIES, 1)
                    .sub(FloatVector.broadcast(SPECIES, 2)
                            .div(FloatVector.fromArray(SPECIES, exps, i).add(1f)));
            FloatVector signed = far.blend(far.neg(), x.compare(LT, 0f));
            FloatVector square = x.mul(x);
            FloatVector near = square.fma(
                    FloatVector.broadcast(SPECIES, -5.70498872745e-3f),
                    FloatVector.broadcast(SPECIES, 2.06390887954e-2f));
            near = near.fma(square, FloatVector.broadcast(SPECIES, -5.37397155531e-2f));
            near = near.fma(square, FloatVector.broadcast(SPECIES, 1.33314422036e-1f));
            near = near.fma(square, FloatVector.broadcast(SPECIES, -3.33332819422e-1f));
            near = near.mul(square).fma(x, x);
            // Near 0 means below 0.625 in size.
            signed.blend(near, square.compare(LT, 0.390625f)).intoArray(out, i);
        }
    }

    private void elu(float[] a, float[] out, int n) {
        float[] exps = scratch(0, n);
        exp(a, exps, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, i);
            FloatVector square = x.mul(x);
            // exp(x) - 1 loses its digits near 0.
            FloatVector near = square.mul(x)
                    .mul(x.mul(1 / 24f).add(1 / 6f))
                    .add(square.mul(0.5f))
                    .add(x);
            FloatVector below = FloatVector.fromArray(SPECIES, exps, i).sub(1f).blend(near, x.compare(GT, -0.03f));
            below.blend(x, x.compare(GT, 0f)).intoArray(out, i);
        }
    }

    private void eluGradient(float[] a, float[] b, float[] out, int n) {
        float[] exps = scratch(0, n);
        exp(a, exps, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, b, i);
            g.mul(FloatVector.fromArray(SPECIES, exps, i))
                    .blend(g, FloatVector.fromArray(SPECIES, a, i).compare(GT, 0f))
                    .intoArray(out, i);
        }
    }

    /** Room for what a function computes on the way; larger functions in one loop would leave the compiler's registers. */
    private float[] scratch(int index, int n) {
        if (scratch[index].length < n + PADDING) {
            scratch[index] = new float[n + PADDING];
        }
        return scratch[index];
    }

    /** Half of the last place that stays is added, or just less where that is even: so the bits above are the nearest number's. */
    @Override
    public void narrow(float[] a, int from, short[] out, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, from + i);
            IntVector bits = x.reinterpretAsInts();
            IntVector above = bits.lanewise(LSHR, Short.SIZE);
            FloatVector rounded = bits.add(above.and(1))
                    .add(0x7fff)
                    .lanewise(LSHR, Short.SIZE)
                    .reinterpretAsFloats();
            // What is not a number must not be rounded to infinity.
            rounded.blend(above.or(0x40).reinterpretAsFloats(), x.compare(NE, x))
                    .reinterpretAsInts()
                    .convertShape(VectorOperators.I2S, SHORTS, 0)
                    .reinterpretAsShorts()
                    .intoArray(out, i);
        }
        for (; i < n; i++) {
            out[i] = Bfloat16.bits(a[from + i]);
        }
    }

    @Override
    public void widen(short[] a, float[] out, int to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            ShortVector.fromArray(SHORTS, a, i)
                    .convertShape(VectorOperators.S2I, INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(LSHL, Short.SIZE)
                    .reinterpretAsFloats()
                    .intoArray(out, to + i);
        }
        for (; i < n; i++) {
            out[to + i] = Bfloat16.value(a[i]);
        }
    }

    @Override
    public double sum(float[] a, int from, int n) {
        FloatVector sums = FloatVector.broadcast(SPECIES, 0);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            sums = sums.add(FloatVector.fromArray(SPECIES, a, from + i));
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < n; i++) {
            sum += a[from + i];
        }
        return sum;
    }

    @Override
    public void add(float[] a, int from, float[] sums, int to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, sums, to + i)
                    .add(FloatVector.fromArray(SPECIES, a, from + i))
                    .intoArray(sums, to + i);
        }
        for (; i < n; i++) {
            sums[to + i] += a[from + i];
        }
    }

    @Override
    public float max(float[] a, int from, int n) {
        FloatVector largest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            largest = largest.max(FloatVector.fromArray(SPECIES, a, from + i));
        }
        float max = largest.reduceLanes(VectorOperators.MAX);
        for (; i < n; i++) {
            max = Math.max(max, a[from + i]);
        }
        return max;
    }

    @Override
    public void max(float[] a, int from, float[] largest, int to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, largest, to + i)
                    .max(FloatVector.fromArray(SPECIES, a, from + i))
                    .intoArray(largest, to + i);
        }
        for (; i < n; i++) {
            largest[to + i] = Math.max(largest[to + i], a[from + i]);
        }
    }
}
