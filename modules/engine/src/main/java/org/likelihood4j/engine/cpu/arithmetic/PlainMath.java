package org.likelihood4j.engine.cpu.arithmetic;

import org.likelihood4j.engine.plan.Bfloat16;
import org.likelihood4j.engine.plan.Elementwise;

/** Tile arithmetic in plain loops, most of which the JIT compiler vectorises: for machines without the Vector API. */
public final class PlainMath implements TileMath {
    @Override
    public Loop loop(Elementwise operation) {
        return switch (operation) {
            case COPY -> (a, b, out, n) -> System.arraycopy(a, 0, out, 0, n);
            case NEG -> (a, b, out, n) -> neg(a, out, n);
            case ABS -> (a, b, out, n) -> abs(a, out, n);
            case SQRT -> (a, b, out, n) -> sqrt(a, out, n);
            case RELU -> (a, b, out, n) -> relu(a, out, n);
            case ADD -> PlainMath::add;
            case SUB -> PlainMath::sub;
            case MUL -> PlainMath::mul;
            case DIV -> PlainMath::div;
            case MAX -> PlainMath::larger;
            case MIN -> PlainMath::smaller;
            case LESS -> PlainMath::less;
            case EQUAL -> PlainMath::equal;
            case RELU_GRADIENT -> PlainMath::reluGradient;
            default -> (a, b, out, n) -> any(operation, a, operation.arity() == 2 ? b : a, out, n);
        };
    }

    private static void any(Elementwise operation, float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = (float) operation.apply(a[i], b[i]);
        }
    }

    private static void neg(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = -a[i];
        }
    }

    private static void abs(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = Math.abs(a[i]);
        }
    }

    private static void sqrt(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = (float) Math.sqrt(a[i]);
        }
    }

    private static void relu(float[] a, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] < 0 ? 0 : a[i];
        }
    }

    private static void add(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] + b[i];
        }
    }

    private static void sub(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] - b[i];
        }
    }

    private static void mul(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] * b[i];
        }
    }

    private static void div(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] / b[i];
        }
    }

    private static void larger(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = Math.max(a[i], b[i]);
        }
    }

    private static void smaller(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = Math.min(a[i], b[i]);
        }
    }

    private static void less(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] < b[i] ? 1 : 0;
        }
    }

    private static void equal(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] == b[i] ? 1 : 0;
        }
    }

    private static void reluGradient(float[] a, float[] b, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] > 0 ? b[i] : 0;
        }
    }

    @Override
    public void narrow(float[] a, int from, short[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = Bfloat16.bits(a[from + i]);
        }
    }

    @Override
    public void widen(short[] a, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = Bfloat16.value(a[i]);
        }
    }

    @Override
    public double sum(float[] a, int from, int n) {
        double sum = 0;
        for (int i = from; i < from + n; i++) {
            sum += a[i];
        }
        return sum;
    }

    @Override
    public void add(float[] a, int from, float[] sums, int to, int n) {
        for (int i = 0; i < n; i++) {
            sums[to + i] += a[from + i];
        }
    }

    @Override
    public float max(float[] a, int from, int n) {
        float largest = a[from];
        for (int i = from + 1; i < from + n; i++) {
            largest = Math.max(largest, a[i]);
        }
        return largest;
    }

    @Override
    public void max(float[] a, int from, float[] largest, int to, int n) {
        for (int i = 0; i < n; i++) {
            largest[to + i] = Math.max(largest[to + i], a[from + i]);
        }
    }
}
