package org.likelihood4j.engine.vector;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.SQRT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.likelihood4j.engine.cpu.PlainMath;
import org.likelihood4j.engine.cpu.TileMath;
import org.likelihood4j.engine.plan.Elementwise;

/**
 * Tile arithmetic with the machine's vector instructions, through the incubating Vector API. The only class that uses it: where
 * the module is not there {@link PlainMath} does the same.
 *
 * <p>exp, log and log1p are the usual range reductions with minimax polynomials (Cephes, S. Moshier), whose relative error in
 * float32 is below 2e-7; tanh and sigmoid are made of them.
 */
public final class VectorMath implements TileMath {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final float LOG2_E = 1.44269504088896341f;
    /** ln 2 in two parts: the first one has few bits, so that its products with whole numbers are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    /** Adding it rounds to a whole number, which then stands in the lowest bits. */
    private static final float ROUNDER = 12582912f;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    private final PlainMath plain = new PlainMath();

    @Override
    public void apply(Elementwise operation, float[] a, float[] b, float[] out, int n) {
        switch (operation) {
            case EXP -> exp(a, out, n);
            case LOG -> log(a, out, n);
            case LOG1P -> log1p(a, out, n);
            case TANH -> tanh(a, out, n);
            case SIGMOID -> sigmoid(a, out, n);
            case RELU -> relu(a, out, n);
            case RELU_GRADIENT -> reluGradient(a, b, out, n);
            case LESS -> less(a, b, out, n);
            case SIGN -> sign(a, out, n);
            case ELU -> elu(a, out, n);
            case ELU_GRADIENT -> eluGradient(a, b, out, n);
            case ABS -> abs(a, out, n);
            case NEG -> neg(a, out, n);
            case ADD -> add(a, b, out, n);
            case SUB -> sub(a, b, out, n);
            case MUL -> mul(a, b, out, n);
            case DIV -> div(a, b, out, n);
            default -> plain.apply(operation, a, b, out, n);
        }
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    private static void add(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            load(a, i).add(load(b, i)).intoArray(out, i);
        }
    }

    private static void sub(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            load(a, i).sub(load(b, i)).intoArray(out, i);
        }
    }

    private static void mul(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            load(a, i).mul(load(b, i)).intoArray(out, i);
        }
    }

    private static void div(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            load(a, i).div(load(b, i)).intoArray(out, i);
        }
    }

    private static void neg(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            load(a, i).neg().intoArray(out, i);
        }
    }

    private static void abs(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            load(a, i).lanewise(ABS).intoArray(out, i);
        }
    }

    private static void sign(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = load(a, i);
            // Itself where it is 0 or not a number.
            x.blend(1f, x.compare(GT, 0f)).blend(-1f, x.compare(LT, 0f)).intoArray(out, i);
        }
    }

    private static void relu(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = load(a, i);
            x.blend(0f, x.compare(LT, 0f)).intoArray(out, i);
        }
    }

    private static void reluGradient(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            all(0).blend(load(b, i), load(a, i).compare(GT, 0f)).intoArray(out, i);
        }
    }

    private static void less(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            all(0).blend(1f, load(a, i).compare(LT, load(b, i))).intoArray(out, i);
        }
    }

    private static void exp(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            exp(load(a, i)).intoArray(out, i);
        }
    }

    private static void log(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = load(a, i);
            if (x.compare(LT, Float.MIN_NORMAL).or(x.compare(GE, Float.POSITIVE_INFINITY)).anyTrue()) {
                unusual(Elementwise.LOG, a, out, i);
            } else {
                log(x).intoArray(out, i);
            }
        }
    }

    /** {@code log(u) + (x - (u - 1))/u} with {@code u = 1 + x} rounded: the second term is what the rounding lost. */
    private static void log1p(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = load(a, i);
            FloatVector u = x.add(1f);
            if (u.compare(LT, Float.MIN_NORMAL).or(u.compare(GE, Float.POSITIVE_INFINITY)).anyTrue()) {
                unusual(Elementwise.LOG1P, a, out, i);
            } else {
                log(u).add(x.sub(u.sub(1f)).div(u)).intoArray(out, i);
            }
        }
    }

    /** What the series do not know: negative, infinite and subnormal numbers. */
    private static void unusual(Elementwise operation, float[] a, float[] out, int from) {
        for (int i = from; i < from + LANES; i++) {
            out[i] = (float) operation.apply(a[i], 0);
        }
    }

    /** {@code 1/(1 + exp(-x))}: exp's overflow to infinity gives the right 0. */
    private static void sigmoid(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            all(1).div(exp(load(a, i).neg()).add(1f)).intoArray(out, i);
        }
    }

    /** Near 0 an odd polynomial, which keeps its relative error there; else {@code 1 - 2/(exp(2|x|) + 1)}, with x's sign. */
    private static void tanh(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = load(a, i);
            FloatVector size = x.lanewise(ABS);
            FloatVector far = all(1).sub(all(2).div(exp(size.add(size)).add(1f)));
            FloatVector signed = far.blend(far.neg(), x.compare(LT, 0f));
            FloatVector square = x.mul(x);
            FloatVector near = square.mul(-5.70498872745e-3f)
                    .add(2.06390887954e-2f)
                    .mul(square)
                    .add(-5.37397155531e-2f)
                    .mul(square)
                    .add(1.33314422036e-1f)
                    .mul(square)
                    .add(-3.33332819422e-1f)
                    .mul(square)
                    .mul(x)
                    .add(x);
            signed.blend(near, size.compare(LT, 0.625f)).intoArray(out, i);
        }
    }

    private static void elu(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = load(a, i);
            FloatVector square = x.mul(x);
            // exp(x) - 1 loses its digits near 0.
            FloatVector near = square.mul(x).mul(x.mul(1 / 24f).add(1 / 6f)).add(square.mul(0.5f)).add(x);
            FloatVector below = exp(x).sub(1f).blend(near, x.compare(GT, -0.03f));
            below.blend(x, x.compare(GT, 0f)).intoArray(out, i);
        }
    }

    private static void eluGradient(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = load(a, i);
            FloatVector g = load(b, i);
            g.mul(exp(x)).blend(g, x.compare(GT, 0f)).intoArray(out, i);
        }
    }

    /** {@code 2^k exp(r)} with {@code x = k ln 2 + r}; the power is made in two halves, so that it can leave and reach 0. */
    private static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.min(89f).max(-104f);
        FloatVector rounded = clamped.mul(LOG2_E).add(ROUNDER);
        FloatVector k = rounded.sub(ROUNDER);
        FloatVector r = clamped.sub(k.mul(LN2_HIGH)).sub(k.mul(LN2_LOW));
        FloatVector series = r.mul(1.9875691500e-4f)
                .add(1.3981999507e-3f)
                .mul(r)
                .add(8.3334519073e-3f)
                .mul(r)
                .add(4.1665795894e-2f)
                .mul(r)
                .add(1.6666665459e-1f)
                .mul(r)
                .add(5.0000001201e-1f)
                .mul(r.mul(r))
                .add(r)
                .add(1f);
        IntVector power = rounded.reinterpretAsInts().sub(ROUNDER_BITS);
        IntVector half = power.lanewise(ASHR, 1);
        FloatVector first = half.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
        FloatVector second = power.sub(half).add(127).lanewise(LSHL, 23).reinterpretAsFloats();
        FloatVector result = series.mul(first).mul(second);
        // Clamping has hidden what is not a number.
        return result.blend(x, x.compare(VectorOperators.NE, x));
    }

    /** {@code k ln 2 + log(m)} with {@code x = 2^k m} and m within sqrt(2) of 1; x is normal and above 0, or no number. */
    private static FloatVector log(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        // 0x3F3504F3 is sqrt(1/2): with it taken off, the exponent's bits are those of k.
        IntVector shifted = bits.sub(0x3F3504F3);
        IntVector exponent = shifted.lanewise(ASHR, 23);
        FloatVector m = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats();
        // The whole number in the lowest bits of the rounder, as in exp.
        FloatVector k = exponent.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
        FloatVector f = m.sub(1f);
        FloatVector square = f.mul(f);
        FloatVector series = f.mul(7.0376836292e-2f)
                .add(-1.1514610310e-1f)
                .mul(f)
                .add(1.1676998740e-1f)
                .mul(f)
                .add(-1.2420140846e-1f)
                .mul(f)
                .add(1.4249322787e-1f)
                .mul(f)
                .add(-1.6668057665e-1f)
                .mul(f)
                .add(2.0000714765e-1f)
                .mul(f)
                .add(-2.4999993993e-1f)
                .mul(f)
                .add(3.3333331174e-1f)
                .mul(f)
                .mul(square);
        return series.add(k.mul(LN2_LOW)).sub(square.mul(0.5f)).add(f).add(k.mul(LN2_HIGH));
    }

    @Override
    public double sum(float[] a, int from, int n) {
        FloatVector sums = all(0);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            sums = sums.add(load(a, from + i));
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
            load(sums, to + i).add(load(a, from + i)).intoArray(sums, to + i);
        }
        for (; i < n; i++) {
            sums[to + i] += a[from + i];
        }
    }

    @Override
    public double squares(float[] a, int n) {
        FloatVector sums = all(0);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = load(a, i);
            sums = sums.add(x.mul(x));
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < n; i++) {
            sum += a[i] * a[i];
        }
        return sum;
    }

    @Override
    public void adam(float[] p, float[] m, float[] v, float[] g, int n, Adam step) {
        float c1 = 1 - step.beta1();
        float c2 = 1 - step.beta2();
        for (int i = 0; i < n; i += LANES) {
            FloatVector gradient = load(g, i).mul(step.scale());
            FloatVector mean = load(m, i).mul(step.beta1()).add(gradient.mul(c1));
            FloatVector square = load(v, i).mul(step.beta2()).add(gradient.mul(gradient).mul(c2));
            mean.intoArray(m, i);
            square.intoArray(v, i);
            FloatVector update = mean.mul(step.rate()).div(square.lanewise(SQRT).add(step.epsilon()));
            load(p, i).mul(step.keep()).sub(update).intoArray(p, i);
        }
    }

    @Override
    public void momentum(float[] p, float[] v, float[] g, int n, float scale, float momentum, float rate, float keep) {
        plain.momentum(p, v, g, n, scale, momentum, rate, keep);
    }

    @Override
    public void average(float[] average, float[] p, int n, float d) {
        plain.average(average, p, n, d);
    }
}
