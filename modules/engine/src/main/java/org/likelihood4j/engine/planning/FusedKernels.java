package org.likelihood4j.engine.planning;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Step;
import org.likelihood4j.engine.planning.Node.Kind;

/** Writes the steps of one fused kernel, with as few registers as a value's last use allows. */
final class FusedKernels {
    private final Fusion.Unit unit;
    private final Node domain;
    private final BiFunction<Node, Node, Region> source;
    private final Function<Node, Region> target;
    private final BiPredicate<Fusion.Unit, Node> usedOutside;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Node, Integer> registers = new HashMap<>();
    private final Map<Node, Integer> remaining = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private int count;

    /**
     * A writer of one kernel.
     *
     * @param source where a value from outside stands, over the kernel's domain
     * @param target where a value is to be stored
     * @param usedOutside whether anything but this kernel reads a value
     */
    FusedKernels(
            Fusion.Unit unit,
            BiFunction<Node, Node, Region> source,
            Function<Node, Region> target,
            BiPredicate<Fusion.Unit, Node> usedOutside) {
        this.unit = unit;
        this.domain = unit.nodes().get(0).domain();
        this.source = source;
        this.target = target;
        this.usedOutside = usedOutside;
    }

    Kernel kernel() {
        for (Node node : unit.nodes()) {
            node.inputs().forEach(input -> remaining.merge(input, 1, Integer::sum));
        }
        for (Node node : unit.nodes()) {
            if (node.kind() instanceof Kind.Reduce reduce) {
                int register = operand(node.input(0));
                release(node.input(0));
                steps.add(new Step.Reduce(register, reduce.fold(), reduce.over(), target.apply(node)));
            } else {
                compute(node, (Kind.Apply) node.kind());
            }
        }
        return new Kernel.Fused(domain.rows(), domain.columns(), count, steps);
    }

    private void compute(Node node, Kind.Apply apply) {
        int a = operand(node.input(0));
        int b = node.inputs().size() > 1 ? operand(node.input(1)) : -1;
        node.inputs().forEach(this::release);
        int out = a;
        // A copy is its operand, in another place; and what a place of bfloat16s is given, it rounds.
        boolean copy = apply.operation() == Elementwise.COPY || node.isNarrow();
        boolean computed = !copy || remaining.containsKey(node);
        if (computed) {
            out = take();
            steps.add(new Step.Compute(apply.operation(), out, a, b));
        }
        if (usedOutside.test(unit, node)) {
            steps.add(new Step.Store(out, target.apply(node)));
        }
        if (computed) {
            if (remaining.containsKey(node)) {
                registers.put(node, out);
            } else {
                free.push(out);
            }
        }
    }

    private int operand(Node node) {
        Integer known = registers.get(node);
        if (known != null) {
            return known;
        }
        // What stays from tile to tile must not share its register with what a tile computes.
        int register = isInvariant(node) ? count++ : take();
        registers.put(node, register);
        steps.add(
                node.isConstant()
                        ? new Step.Constant(register, node.constant())
                        : new Step.Load(register, source.apply(node, domain)));
        return register;
    }

    private int take() {
        return free.isEmpty() ? count++ : free.pop();
    }

    /** After its last use a value's register is free, unless it holds the same in every tile and need not be filled again. */
    private void release(Node node) {
        if (remaining.merge(node, -1, Integer::sum) == 0 && !isInvariant(node)) {
            free.push(registers.get(node));
        }
    }

    private boolean isInvariant(Node node) {
        return node.isConstant() || (node.rows() == 1 && domain.rows() > 1) || (node.size() == 1 && domain.size() > 1);
    }
}
