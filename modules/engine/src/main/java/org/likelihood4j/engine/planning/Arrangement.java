package org.likelihood4j.engine.planning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.planning.Node.Kind;

/**
 * What is computed, and what each value must stand like: the nodes that the outputs need, inputs first, who reads each of them,
 * which of them stand side by side in a join, and which row after row on their own.
 */
final class Arrangement {
    /** Where a part of a join is written: the join and the first column. */
    record Seat(Node join, int from) {}

    private final Nodes nodes;
    /** The node of each output, which nothing else is the output of, and its place among them. */
    private final Map<Node, Integer> outputs = new LinkedHashMap<>();
    /** The first output with a place of the caller's. */
    private final int firstDestination;

    private final Map<Node, Seat> seats = new HashMap<>();
    /** For each join the nodes that write its parts. */
    private final Map<Node, List<Node>> writers = new HashMap<>();

    private final Set<Node> compact = new HashSet<>();
    /** What products read: worth standing in memory with gaps. */
    private final Set<Node> factors = new HashSet<>();

    private final Map<Node, Long> priorities = new HashMap<>();
    private final Set<Node> needed = new LinkedHashSet<>();
    private final Map<Node, List<Node>> readers = new HashMap<>();

    /**
     * Arranges what some outputs need.
     *
     * @param destinations how many outputs, from the last, are written to places of the caller's own
     */
    Arrangement(Nodes nodes, List<Node> wanted, int destinations) {
        this.nodes = nodes;
        this.firstDestination = wanted.size() - destinations;
        wanted.forEach(this::seatOutput);
        Set<Node> visited = new HashSet<>();
        outputs.keySet().forEach(output -> findCompact(output, visited));
        outputs.keySet().forEach(this::collect);
        for (Node node : needed) {
            for (Node input : new LinkedHashSet<>(node.inputs())) {
                readers.computeIfAbsent(input, n -> new ArrayList<>()).add(node);
            }
        }
    }

    /** Each output is written by one kernel for it alone. */
    private void seatOutput(Node node) {
        boolean written = node.isFusable()
                || node.kind() instanceof Kind.Product
                || node.kind() instanceof Kind.Convolution
                || node.kind() instanceof Kind.Select;
        boolean alone = written && !outputs.containsKey(node);
        outputs.put(alone ? node : nodes.copy(node, node.rows(), node.columns()), outputs.size());
    }

    /** Finds what must stand in memory on its own, row after row. */
    private void findCompact(Node node, Set<Node> visited) {
        if (visited.add(node)) {
            if (node.kind() instanceof Kind.View
                    || node.kind() instanceof Kind.Library
                    || node.kind() instanceof Kind.Convolution) {
                compact.addAll(node.inputs());
            }
            if (node.kind() instanceof Kind.Product) {
                factors.addAll(node.inputs());
            }
            node.inputs().forEach(input -> findCompact(input, visited));
        }
    }

    /** Collects what an output needs, inputs first, and gives the parts of joins their seats. */
    private void collect(Node node) {
        if (needed.contains(node)) {
            return;
        }
        priorities.putIfAbsent(node, 2L * node.id() + 1);
        if (node.kind() instanceof Kind.Join join) {
            List<Node> parts = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < node.inputs().size(); i++) {
                Node part = node.input(i);
                int width = join.widths().get(i);
                collect(part);
                // Outputs and parts of other joins have a place already, and what is no kernel's has none to give.
                boolean free = part.kind() instanceof Kind.Apply
                        && part.columns() == width
                        && part.rows() == node.rows()
                        && !outputs.containsKey(part)
                        && !compact.contains(part)
                        && !seats.containsKey(part);
                Node writer = free ? part : nodes.copy(part, node.rows(), width);
                priorities.putIfAbsent(writer, 2L * node.id());
                needed.add(writer);
                seats.put(writer, new Seat(node, from));
                parts.add(writer);
                from += width;
            }
            writers.put(node, parts);
        } else {
            node.inputs().forEach(this::collect);
        }
        needed.add(node);
    }

    /** All nodes that take part, inputs first. */
    Set<Node> needed() {
        return needed;
    }

    /** The node of each output. */
    Set<Node> outputs() {
        return outputs.keySet();
    }

    boolean isOutput(Node node) {
        return outputs.containsKey(node);
    }

    /** Which of the caller's places a node is written to; -1 for none. */
    int destination(Node node) {
        return Math.max(-1, outputs.getOrDefault(node, -1) - firstDestination);
    }

    /** The node's seat in a join; null if it has none. */
    Seat seat(Node node) {
        return seats.get(node);
    }

    /** Whether the rows of what a kernel writes may stand apart, and products gain by it. */
    boolean mayStandApart(Node node) {
        boolean written = node.kind() instanceof Kind.Apply || node.kind() instanceof Kind.Product;
        return written
                && node.rows() > 1
                && factors.contains(node)
                && !node.isNarrow()
                && !isOutput(node)
                && !compact.contains(node)
                && !isFinish(node);
    }

    /**
     * What the kernel of a convolution can do to its result before it writes it, where nothing else reads what comes before: a bias
     * that is added, a rectifier after that, and if it multiplies bfloat16s a rounding to these; null for nothing.
     */
    Node finish(Node node) {
        List<Node> users = readers.getOrDefault(node, List.of());
        // In a seat of a join rows would stand apart.
        if (isOutput(node) || users.size() != 1 || seat(users.get(0)) != null) {
            return null;
        }
        Node user = users.get(0);
        if (user.isNarrow()) {
            Kind.Convolution finished = finished(node);
            return finished != null && finished.narrow() ? user : null;
        }
        boolean made = node.kind() instanceof Kind.Convolution convolution
                && convolution.direction() == ConvolutionShape.Direction.FORWARD;
        boolean finishes = isApplied(user, Elementwise.ADD)
                ? made && addsRow(user, node)
                : isApplied(user, Elementwise.RELU) && (made || (isApplied(node, Elementwise.ADD) && isFinish(node)));
        return finishes ? user : null;
    }

    /** The convolution of which a node is the result, finished or not; null if it is none's. */
    private Kind.Convolution finished(Node node) {
        if (node.kind() instanceof Kind.Convolution convolution) {
            return convolution.direction() == ConvolutionShape.Direction.WEIGHTS ? null : convolution;
        }
        return node.kind() instanceof Kind.Apply
                ? node.inputs().stream()
                        .filter(input -> node.equals(finish(input)))
                        .map(this::finished)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    static boolean isApplied(Node node, Elementwise operation) {
        return node.kind() instanceof Kind.Apply apply && apply.operation() == operation;
    }

    /** Whether a node is what {@link #finish} says of one of its inputs. */
    private boolean isFinish(Node node) {
        return node.kind() instanceof Kind.Apply
                && node.inputs().stream().anyMatch(input -> node.equals(finish(input)));
    }

    /** Whether a node adds to a matrix a row that stands in memory before any kernel runs. */
    private static boolean addsRow(Node sum, Node matrix) {
        Node row = sum.input(sum.input(0).equals(matrix) ? 1 : 0);
        return row.kind() instanceof Kind.Source && row.rows() == 1 && row.columns() == matrix.columns();
    }

    /** The nodes that name this one as an input, but for joins, whose parts have writers of their own. */
    List<Node> readers(Node node) {
        return readers.getOrDefault(node, List.of()).stream()
                .filter(reader -> !writers.containsKey(reader))
                .toList();
    }

    /** The order of nodes in a kernel, and of kernels that do not wait for each other: as the graph was made. */
    long priority(Node node) {
        return priorities.getOrDefault(node, 2L * node.id() + 1);
    }

    /** Whether a unit does nothing but write places of the caller's, so that running it early only frees memory. */
    boolean isSink(Fusion.Unit unit) {
        return unit.nodes().stream().allMatch(node -> destination(node) >= 0);
    }

    /** The kernel nodes that a kernel node reads, and whether it may do so within one fused kernel. */
    Collection<Fusion.Dependency> dependencies(Node node) {
        Map<Node, Boolean> found = new LinkedHashMap<>();
        Node domain = node.domain();
        for (Node input : node.inputs()) {
            boolean direct = node.isFusable()
                    && input.kind() instanceof Kind.Apply
                    && input.rows() == domain.rows()
                    && input.columns() == domain.columns();
            if (direct) {
                found.putIfAbsent(input, true);
            } else {
                resolve(input, found);
            }
        }
        return found.entrySet().stream()
                .map(entry -> new Fusion.Dependency(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void resolve(Node node, Map<Node, Boolean> found) {
        if (node.isAlias() || node.kind() instanceof Kind.Result) {
            resolve(node.input(0), found);
        } else if (node.kind() instanceof Kind.Join) {
            writers.get(node).forEach(writer -> found.put(writer, false));
        } else if (!(node.kind() instanceof Kind.Source) && !node.isConstant()) {
            found.put(node, false);
        }
    }
}
