package org.likelihood4j.inference.export.onnx;

import java.util.List;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.UnportableException;

/** Operations at every position, of those that ONNX has. */
final class OnnxElementwise {
    private final OnnxGraph graph;

    OnnxElementwise(OnnxGraph graph) {
        this.graph = graph;
    }

    /** Adds an operation on one value or two. */
    String apply(Elementwise operation, List<String> of) {
        String x = of.get(0);
        return switch (operation) {
            case COPY -> x;
            case NEG -> graph.node("Neg", of);
            case ABS -> graph.node("Abs", of);
            case SIGN -> graph.node("Sign", of);
            case EXP -> graph.node("Exp", of);
            case LOG -> graph.node("Log", of);
            case LOG1P -> log1p(x);
            case SQRT -> graph.node("Sqrt", of);
            case ROUND -> round(x);
            case TANH -> graph.node("Tanh", of);
            case SIGMOID -> sigmoid(x);
            case RELU -> graph.node("Relu", of);
            case ELU -> elu(x);
            case ADD -> graph.node("Add", of);
            case SUB -> graph.node("Sub", of);
            case MUL -> graph.node("Mul", of);
            case DIV -> graph.node("Div", of);
            case MAX -> graph.node("Max", of);
            case MIN -> graph.node("Min", of);
            case LESS -> graph.node("Cast", List.of(graph.node("Less", of)), graph.castToNumber());
            case EQUAL -> graph.node("Cast", List.of(graph.node("Equal", of)), graph.castToNumber());
            case BFLOAT16, RELU_GRADIENT, ELU_GRADIENT ->
                throw new UnportableException("operation " + operation + " is none of a function's own");
        };
    }

    /**
     * With {@code u = 1 + x}, rounded, and {@code d = u - 1}, which is exact: {@code log(u) x/d}; x where d is 0; and {@code log(u)} where d is x, as infinity is.
     * The error of the rounding is in both log(u) and d, and leaves with their quotient: a few units of the last place, as long as nobody
     * simplifies (1 + x) - 1 (W. Kahan's; D. Goldberg, What every computer scientist should know about floating-point arithmetic, theorem 4).
     */
    private String log1p(String x) {
        String u = graph.node("Add", List.of(x, graph.number(1)));
        String d = graph.node("Sub", List.of(u, graph.number(1)));
        String log = graph.node("Log", List.of(u));
        String corrected = graph.node("Mul", List.of(log, graph.node("Div", List.of(x, d))));
        String isNothing = graph.node("Equal", List.of(d, graph.number(0)));
        String isExact = graph.node("Equal", List.of(d, x));
        return graph.node("Where", List.of(isExact, log, graph.node("Where", List.of(isNothing, x, corrected))));
    }

    /** ONNX rounds halves to even numbers; here they go away from 0. Half is not added before the cut: just below a half that would round up. */
    private String round(String x) {
        String size = graph.node("Abs", List.of(x));
        String whole = graph.node("Floor", List.of(size));
        String isLess = graph.node("Less", List.of(graph.node("Sub", List.of(size, whole)), graph.number(0.5)));
        String next = graph.node("Add", List.of(whole, graph.number(1)));
        return graph.node(
                "Mul", List.of(graph.node("Sign", List.of(x)), graph.node("Where", List.of(isLess, whole, next))));
    }

    /** As it is defined: ONNX Runtime's own is off by 6e-6 of the number at x = -7, and models take logarithms of it. */
    private String sigmoid(String x) {
        String exp = graph.node("Exp", List.of(graph.node("Neg", List.of(x))));
        return graph.node("Div", List.of(graph.number(1), graph.node("Add", List.of(exp, graph.number(1)))));
    }

    private String elu(String x) {
        if (!graph.isWide()) {
            return graph.node("Elu", List.of(x));
        }
        // ONNX Runtime has none of float64.
        String below = graph.node("Exp", List.of(graph.node("Min", List.of(x, graph.number(0)))));
        return graph.node(
                "Add", List.of(graph.node("Relu", List.of(x)), graph.node("Sub", List.of(below, graph.number(1)))));
    }
}
