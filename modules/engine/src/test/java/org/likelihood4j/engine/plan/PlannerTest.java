package org.likelihood4j.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.likelihood4j.engine.plan.Graph.Operation;
import org.likelihood4j.engine.plan.Graph.Origin;
import org.likelihood4j.engine.plan.Graph.Variable;
import org.likelihood4j.engine.plan.Plan.Kernel;

/** Plans of graphs that are written down, without a tensor library. */
class PlannerTest {
    private static final int ROWS = 3;

    private final Map<String, Variable> variables = new HashMap<>();
    private final Map<String, Operation> operations = new HashMap<>();

    private String variable(String name, Origin origin, long... shape) {
        List<Long> sizes = java.util.Arrays.stream(shape).boxed().toList();
        variables.put(name, new Variable(name, origin, sizes, true, new double[0]));
        return name;
    }

    private String operation(String kind, List<String> inputs, long... shape) {
        String name = variable(kind + operations.size(), Origin.OPERATION, shape);
        operations.put(
                name, new Operation(name, kind, inputs, List.of(name), List.of(), List.of(), List.of(), List.of()));
        return name;
    }

    private Plan plan(Layout layout, String... outputs) {
        return Planner.plan(new Graph(variables, operations), List.of(outputs), 0, layout);
    }

    /** Deeper than any stack of the usual size: each step needs the one before. */
    @Test
    void aChainOfTwentyThousandOperationsIsPlanned() {
        int length = 20_000;
        String value = variable("x", Origin.INPUT, ROWS, 4);
        String weight = variable("w", Origin.VECTOR, 4, 4);
        for (int i = 0; i < length / 4; i++) {
            String hidden = operation("tanh", List.of(value), ROWS, 4);
            String product = operation("matmul", List.of(hidden, weight), ROWS, 4);
            value = operation("add", List.of(product, operation("exp", List.of(product), ROWS, 4)), ROWS, 4);
        }
        Plan plan = plan(new Layout(1, 0), value);
        // A product, and what follows it up to the next one.
        assertThat(plan.kernels()).hasSize(2 * length / 4 + 1);
        // Two values live at a time, beside the input.
        assertThat(plan.arena()).isLessThanOrEqualTo(3 * ROWS * 4);
    }

    /** Forward values that a backward pass reads in reverse: each lives until then, and no two share a place. */
    @Test
    void manyLivesThatMeetArePlaced() {
        int length = 1_000;
        List<String> kept = new ArrayList<>(List.of(variable("x", Origin.INPUT, ROWS, 4)));
        String weight = variable("w", Origin.VECTOR, 4, 4);
        for (int i = 0; i < length; i++) {
            String hidden = operation("tanh", List.of(kept.get(i)), ROWS, 4);
            kept.add(operation("matmul", List.of(hidden, weight), ROWS, 4));
        }
        String back = kept.get(length);
        for (int i = length - 1; i >= 0; i--) {
            String sum = operation("multiply", List.of(back, kept.get(i)), ROWS, 4);
            back = operation("matmul", List.of(sum, weight), ROWS, 4);
        }
        Plan plan = plan(new Layout(1, 0), back);
        assertThat(plan.kernels()).hasSize(4 * length);
        assertThat(plan.arena()).isBetween((long) length * ROWS * 4, (length + 4L) * ROWS * 4);
    }

    /** Rows of 512 alias at 256, those of 300 do not; what is no factor stands without gaps. */
    @Test
    void factorsStandAsTheLayoutWants() {
        String x = variable("x", Origin.INPUT, ROWS, 512);
        String factor = operation("tanh", List.of(x), ROWS, 512);
        String wide = operation("matmul", List.of(factor, variable("w", Origin.VECTOR, 512, 300)), ROWS, 300);
        String next = operation("matmul", List.of(wide, variable("v", Origin.VECTOR, 300, 512)), ROWS, 512);
        Plan gaps = plan(new Layout(16, 256), next);
        assertThat(gaps.kernels().stream()
                        .filter(kernel -> kernel instanceof Kernel.Product)
                        .map(kernel -> ((Kernel.Product) kernel).a().rowStride()))
                .containsExactly(528, 300);
        Plan none = plan(new Layout(16, 0), next);
        assertThat(none.kernels().stream()
                        .filter(kernel -> kernel instanceof Kernel.Product)
                        .map(kernel -> ((Kernel.Product) kernel).a().rowStride()))
                .containsExactly(512, 300);
    }
}
