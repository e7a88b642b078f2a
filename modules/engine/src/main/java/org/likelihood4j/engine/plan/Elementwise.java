package org.likelihood4j.engine.plan;

/** The operations of fused kernels: one number from one or two, at every position. */
public enum Elementwise {
    COPY(1),
    /** The nearest {@link Bfloat16}. */
    BFLOAT16(1),
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
    /** 1 where {@code a == b}, else 0; nothing equals what is not a number. */
    EQUAL(2),
    /** {@code b} where {@code a > 0}, else 0: a rectifier's gradient, from its input or its output. */
    RELU_GRADIENT(2),
    /** {@code b} where {@code a > 0}, else {@code b exp(a)}: an ELU's gradient from its input. */
    ELU_GRADIENT(2);

    private final int arity;

    Elementwise(int arity) {
        this.arity = arity;
    }

    /** 1 or 2 operands. */
    public int arity() {
        return arity;
    }

    /** The value; b is ignored where there is one operand. */
    public double apply(double a, double b) {
        return switch (this) {
            case COPY -> a;
            case BFLOAT16 -> Bfloat16.round((float) a);
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case SIGN -> Math.signum(a);
            case EXP -> Math.exp(a);
            case LOG -> Math.log(a);
            case LOG1P -> Math.log1p(a);
            case SQRT -> Math.sqrt(a);
            case ROUND -> rounded(a);
            case TANH -> Math.tanh(a);
            case SIGMOID -> 1 / (1 + Math.exp(-a));
            case RELU -> a < 0 ? 0 : a;
            case ELU -> a > 0 ? a : Math.expm1(a);
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case LESS -> a < b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
            case RELU_GRADIENT -> a > 0 ? b : 0;
            case ELU_GRADIENT -> a > 0 ? b : b * Math.exp(a);
        };
    }

    /** Half is not added before the cut: just below a half that would round up. */
    private static double rounded(double a) {
        double whole = a < 0 ? Math.ceil(a) : Math.floor(a);
        return Math.abs(a - whole) < 0.5 ? whole : whole + Math.signum(a);
    }
}
