package org.likelihood4j.engine.plan;

import java.util.function.DoubleBinaryOperator;

/** The operations of fused kernels: one number from one or two, at every position. */
public enum Elementwise {
    COPY(1, (a, b) -> a),
    NEG(1, (a, b) -> -a),
    ABS(1, (a, b) -> Math.abs(a)),
    SIGN(1, (a, b) -> Math.signum(a)),
    EXP(1, (a, b) -> Math.exp(a)),
    LOG(1, (a, b) -> Math.log(a)),
    LOG1P(1, (a, b) -> Math.log1p(a)),
    SQRT(1, (a, b) -> Math.sqrt(a)),
    TANH(1, (a, b) -> Math.tanh(a)),
    /** {@code 1/(1 + exp(-a))}. */
    SIGMOID(1, (a, b) -> 1 / (1 + Math.exp(-a))),
    /** {@code max(a, 0)}; not a number stays so. */
    RELU(1, (a, b) -> a < 0 ? 0 : a),
    /** {@code a} above 0, else {@code exp(a) - 1}. */
    ELU(1, (a, b) -> a > 0 ? a : Math.expm1(a)),
    ADD(2, Double::sum),
    SUB(2, (a, b) -> a - b),
    MUL(2, (a, b) -> a * b),
    DIV(2, (a, b) -> a / b),
    /** 1 where {@code a < b}, else 0. */
    LESS(2, (a, b) -> a < b ? 1 : 0),
    /** {@code b} where {@code a > 0}, else 0: a rectifier's gradient, from its input or its output. */
    RELU_GRADIENT(2, (a, b) -> a > 0 ? b : 0),
    /** {@code b} where {@code a > 0}, else {@code b exp(a)}: an ELU's gradient from its input. */
    ELU_GRADIENT(2, (a, b) -> a > 0 ? b : b * Math.exp(a));

    private final int arity;
    private final DoubleBinaryOperator function;

    Elementwise(int arity, DoubleBinaryOperator function) {
        this.arity = arity;
        this.function = function;
    }

    /** 1 or 2 operands. */
    public int arity() {
        return arity;
    }

    /** The value; b is ignored where there is one operand. */
    public double apply(double a, double b) {
        return function.applyAsDouble(a, b);
    }
}
