package org.likelihood4j.score.kernels;

/** Operations on each position alone: one number from one or two. */
public enum Pointwise {
    COPY(1),
    NEG(1),
    ABS(1),
    SIGN(1),
    EXP(1),
    LOG(1),
    LOG1P(1),
    SQRT(1),
    /** The nearest whole number; of two the one that is farther from 0. */
    ROUND(1),
    TANH(1),
    /** {@code 1/(1 + exp(-a))}. */
    SIGMOID(1),
    /** {@code max(a, 0)}; not a number stays so. */
    RELU(1),
    /** {@code a} above 0, else {@code exp(a) - 1}. */
    ELU(1),
    ADD(2),
    SUB(2),
    MUL(2),
    DIV(2),
    /** The larger; not a number if one is not. */
    MAX(2),
    /** The smaller; not a number if one is not. */
    MIN(2),
    /** 1 where {@code a < b}, else 0. */
    LESS(2),
    /** 1 where {@code a == b}, else 0. */
    EQUAL(2);

    private final int operands;

    Pointwise(int operands) {
        this.operands = operands;
    }

    public int operands() {
        return operands;
    }

    /**
     * {@code out[to + i] = operation(a[atA + i stepA], b[atB + i stepB])} for i below n; b is not read where there is one operand. The result may
     * be where an operand with a step of 1 begins.
     */
    public void run(double[] a, int atA, int stepA, double[] b, int atB, int stepB, double[] out, int to, int n) {
        if (operands == 1) {
            unary(a, atA, stepA, out, to, n);
        } else if (stepA == 1 && stepB == 1) {
            both(a, atA, b, atB, out, to, n);
        } else if (stepA == 1 && stepB == 0) {
            withRight(a, atA, b[atB], out, to, n);
        } else if (stepA == 0 && stepB == 1) {
            withLeft(a[atA], b, atB, out, to, n);
        } else {
            for (int i = 0; i < n; i++) {
                out[to + i] = of(a[atA + i * stepA], b[atB + i * stepB]);
            }
        }
    }

    private double of(double x, double y) {
        return switch (this) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MAX -> Math.max(x, y);
            case MIN -> Math.min(x, y);
            case LESS -> x < y ? 1 : 0;
            case EQUAL -> x == y ? 1 : 0;
            default -> throw new IllegalStateException(this + " has one operand");
        };
    }

    // Loops of their own, each with steps that the compiler knows: only such become vector code.

    private void both(double[] a, int atA, double[] b, int atB, double[] out, int to, int n) {
        switch (this) {
            case ADD -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = a[atA + i] + b[atB + i];
                }
            }
            case SUB -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = a[atA + i] - b[atB + i];
                }
            }
            case MUL -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = a[atA + i] * b[atB + i];
                }
            }
            case DIV -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = a[atA + i] / b[atB + i];
                }
            }
            default -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = of(a[atA + i], b[atB + i]);
                }
            }
        }
    }

    private void withRight(double[] a, int atA, double y, double[] out, int to, int n) {
        switch (this) {
            case ADD -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = a[atA + i] + y;
                }
            }
            case SUB -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = a[atA + i] - y;
                }
            }
            case MUL -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = a[atA + i] * y;
                }
            }
            case DIV -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = a[atA + i] / y;
                }
            }
            default -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = of(a[atA + i], y);
                }
            }
        }
    }

    private void withLeft(double x, double[] b, int atB, double[] out, int to, int n) {
        switch (this) {
            case SUB -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = x - b[atB + i];
                }
            }
            case DIV -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = x / b[atB + i];
                }
            }
            case ADD, MUL, MAX, MIN, EQUAL -> withRight(b, atB, x, out, to, n);
            default -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = of(x, b[atB + i]);
                }
            }
        }
    }

    private void unary(double[] a, int at, int step, double[] out, int to, int n) {
        switch (this) {
            case COPY -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = a[at + i * step];
                }
            }
            case NEG -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = -a[at + i * step];
                }
            }
            case ABS -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = Math.abs(a[at + i * step]);
                }
            }
            case SIGN -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = Math.signum(a[at + i * step]);
                }
            }
            case EXP -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = Math.exp(a[at + i * step]);
                }
            }
            case LOG -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = Math.log(a[at + i * step]);
                }
            }
            case LOG1P -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = Math.log1p(a[at + i * step]);
                }
            }
            case SQRT -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = Math.sqrt(a[at + i * step]);
                }
            }
            case ROUND -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = rounded(a[at + i * step]);
                }
            }
            case TANH -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = Math.tanh(a[at + i * step]);
                }
            }
            case SIGMOID -> {
                for (int i = 0; i < n; i++) {
                    out[to + i] = 1 / (1 + Math.exp(-a[at + i * step]));
                }
            }
            case RELU -> {
                for (int i = 0; i < n; i++) {
                    double x = a[at + i * step];
                    out[to + i] = x < 0 ? 0 : x;
                }
            }
            case ELU -> {
                for (int i = 0; i < n; i++) {
                    double x = a[at + i * step];
                    out[to + i] = x > 0 ? x : Math.expm1(x);
                }
            }
            default -> throw new IllegalStateException(this + " has two operands");
        }
    }

    /** Half is not added before the cut: just below a half that would round up. */
    private static double rounded(double a) {
        double whole = a < 0 ? Math.ceil(a) : Math.floor(a);
        return Math.abs(a - whole) < 0.5 ? whole : whole + Math.signum(a);
    }
}
