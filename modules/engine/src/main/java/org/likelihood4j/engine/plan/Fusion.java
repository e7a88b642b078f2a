package org.likelihood4j.engine.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Joins elementwise nodes over the same rows and columns into units that become one kernel each.
 *
 * <p>First a node joins those whose values it uses, then units that read the same matrix join, so that it is read once: the
 * backward pass of a loss joins its forward pass. Two units may join if no third one stands between them, and if neither needs
 * a sum of the other: a sum is known only after the whole pass.
 */
final class Fusion {
    /** A kernel node that another one reads; joinable if it may do so within one kernel. */
    record Dependency(Node node, boolean joinable) {}

    /** Nodes of one kernel, in an order in which they can be computed. */
    static final class Unit {
        private final List<Node> nodes = new ArrayList<>();

        List<Node> nodes() {
            return nodes;
        }
    }

    private final Function<Node, Collection<Dependency>> dependencies;
    private final ToLongFunction<Node> priority;
    private final Map<Node, Unit> units = new LinkedHashMap<>();
    private final Map<Node, Collection<Dependency>> known = new HashMap<>();

    Fusion(
            Collection<Node> needed,
            Function<Node, Collection<Dependency>> dependencies,
            ToLongFunction<Node> priority) {
        this.dependencies = dependencies;
        this.priority = priority;
        for (Node node : needed) {
            if (isKernel(node)) {
                Unit unit = new Unit();
                unit.nodes.add(node);
                units.put(node, unit);
            }
        }
        joinChains();
        joinReaders();
    }

    private static boolean isKernel(Node node) {
        return node.isFusable()
                || node.kind() instanceof Node.Kind.Product
                || node.kind() instanceof Node.Kind.Select
                || node.kind() instanceof Node.Kind.Library;
    }

    private Collection<Dependency> dependencies(Node node) {
        return known.computeIfAbsent(node, dependencies);
    }

    private void joinChains() {
        for (Node node : List.copyOf(units.keySet())) {
            for (Dependency dependency : dependencies(node)) {
                Unit producer = units.get(dependency.node());
                Unit consumer = units.get(node);
                if (dependency.joinable() && producer != consumer && !barred(consumer, producer)) {
                    join(producer, consumer);
                }
            }
        }
    }

    private void joinReaders() {
        Map<Node, List<Node>> readers = new LinkedHashMap<>();
        for (Node node : units.keySet()) {
            if (node.isFusable()) {
                for (Node input : node.inputs()) {
                    if (input.size() > 1 && sameDomain(input, Planner.domain(node))) {
                        readers.computeIfAbsent(input, n -> new ArrayList<>()).add(node);
                    }
                }
            }
        }
        for (List<Node> together : readers.values()) {
            for (int i = 1; i < together.size(); i++) {
                Unit first = units.get(together.get(0));
                Unit second = units.get(together.get(i));
                if (first != second
                        && sameDomain(Planner.domain(together.get(0)), Planner.domain(together.get(i)))
                        && !barred(first, second)
                        && !barred(second, first)) {
                    join(first, second);
                }
            }
        }
    }

    private static boolean sameDomain(Node a, Node b) {
        return a.rows() == b.rows() && a.columns() == b.columns();
    }

    private void join(Unit first, Unit second) {
        second.nodes.forEach(node -> units.put(node, first));
        first.nodes.addAll(second.nodes);
        first.nodes.sort(Comparator.comparingLong(priority));
        second.nodes.clear();
    }

    /** Whether {@code from} needs {@code target} through a third unit, or in a way that two kernels must be apart for. */
    private boolean barred(Unit from, Unit target) {
        Set<Unit> visited = new HashSet<>();
        List<Unit> open = new ArrayList<>();
        for (Node node : from.nodes) {
            for (Dependency dependency : dependencies(node)) {
                Unit unit = units.get(dependency.node());
                if (unit == target && !dependency.joinable()) {
                    return true;
                }
                if (unit != target && unit != from && visited.add(unit)) {
                    open.add(unit);
                }
            }
        }
        while (!open.isEmpty()) {
            Unit unit = open.remove(open.size() - 1);
            if (unit == target) {
                return true;
            }
            for (Node node : unit.nodes) {
                for (Dependency dependency : dependencies(node)) {
                    Unit next = units.get(dependency.node());
                    if (next == target) {
                        return true;
                    }
                    if (next != unit && visited.add(next)) {
                        open.add(next);
                    }
                }
            }
        }
        return false;
    }

    /** The units in an order in which they can run: sinks as soon as they can, the others as the graph was made. */
    List<Unit> order(Predicate<Unit> sink) {
        Set<Unit> all = new HashSet<>(units.values());
        Map<Unit, Set<Unit>> waiting = new HashMap<>();
        Map<Unit, List<Unit>> users = new HashMap<>();
        for (Unit unit : all) {
            Set<Unit> before = new HashSet<>();
            for (Node node : unit.nodes) {
                dependencies(node).forEach(dependency -> before.add(units.get(dependency.node())));
            }
            before.remove(unit);
            waiting.put(unit, before);
            before.forEach(other ->
                    users.computeIfAbsent(other, u -> new ArrayList<>()).add(unit));
        }
        PriorityQueue<Unit> ready = new PriorityQueue<>(Comparator.comparing((Unit unit) -> !sink.test(unit))
                .thenComparingLong(unit -> priority.applyAsLong(unit.nodes.get(0))));
        all.stream().filter(unit -> waiting.get(unit).isEmpty()).forEach(ready::add);
        List<Unit> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            Unit unit = ready.remove();
            order.add(unit);
            for (Unit user : users.getOrDefault(unit, List.of())) {
                Set<Unit> before = waiting.get(user);
                before.remove(unit);
                if (before.isEmpty()) {
                    ready.add(user);
                }
            }
        }
        if (order.size() != all.size()) {
            throw new IllegalStateException("the kernels wait for each other");
        }
        return order;
    }
}
