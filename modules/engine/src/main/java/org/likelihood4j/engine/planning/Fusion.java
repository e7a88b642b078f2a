package org.likelihood4j.engine.planning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * Joins elementwise nodes over the same rows and columns into units that become one kernel each.
 *
 * <p>Before all others, what finishes a convolution, its bias and its rectifier, joins it for good. Then a node joins those whose
 * values it uses, then units that read the same matrix join, so that it is read once: the
 * backward pass of a loss joins its forward pass. Two units may join if no third one stands between them, and if neither needs
 * a sum of the other: a sum is known only after the whole pass.
 *
 * <p>Whether a third one stands between is asked for each pair, and a search through the whole graph for each would make planning
 * quadratic. So all units are kept ranked, each after those it needs: what ranks below the target cannot lead to it, and most
 * searches end after a few units. Where two join, only what the later one needs, and what a search has just found, must move
 * before the earlier one (after D. J. Pearce and P. H. J. Kelly, A dynamic topological sort algorithm for directed acyclic
 * graphs, 2007).
 */
final class Fusion {
    /** A kernel node that another one reads; joinable if it may do so within one kernel. */
    record Dependency(Node node, boolean joinable) {}

    /** Nodes of one kernel, in an order in which they can be computed. */
    static final class Unit {
        private final List<Node> nodes = new ArrayList<>();
        /** Whether nothing else may join it. */
        private boolean finished;
        /** Its place in {@link #ranked}. */
        private long rank;
        /** The last search that found it. */
        private int found;

        List<Node> nodes() {
            return nodes;
        }
    }

    /** Between ranks at first, so that others find room. */
    private static final long APART = 1L << 32;

    private final Function<Node, Collection<Dependency>> dependencies;
    private final ToLongFunction<Node> priority;
    private final UnaryOperator<Node> finish;
    private final Map<Node, Unit> units = new LinkedHashMap<>();
    private final Map<Node, Collection<Dependency>> known = new HashMap<>();
    /** Each unit after those that it needs. */
    private final NavigableMap<Long, Unit> ranked = new TreeMap<>();

    private int searches;
    /** What the last search found: all that the later unit needs and that ranks above the earlier one. */
    private final List<Unit> between = new ArrayList<>();

    /**
     * Joins.
     *
     * @param needed inputs first
     * @param finish the node that the kernel of another one can compute as well, and that alone reads it; null for none
     */
    Fusion(
            Collection<Node> needed,
            Function<Node, Collection<Dependency>> dependencies,
            ToLongFunction<Node> priority,
            UnaryOperator<Node> finish) {
        this.dependencies = dependencies;
        this.priority = priority;
        this.finish = finish;
        for (Node node : needed) {
            if (isKernel(node)) {
                Unit unit = new Unit();
                unit.nodes.add(node);
                rank(unit, (ranked.size() + 1) * APART);
                units.put(node, unit);
            }
        }
        joinFinishes();
        joinChains();
        joinReaders();
    }

    private void joinFinishes() {
        for (Node node : List.copyOf(units.keySet())) {
            Unit unit = units.get(node);
            Node next = unit.finished ? null : finish.apply(node);
            while (next != null) {
                unit.finished = true;
                Unit other = units.get(next);
                // It reads nothing else that a kernel writes, so it can move up.
                ranked.remove(other.rank);
                other.nodes.clear();
                unit.nodes.add(next);
                units.put(next, unit);
                next = finish.apply(next);
            }
        }
    }

    private static boolean isKernel(Node node) {
        return node.isFusable()
                || node.kind() instanceof Node.Kind.Product
                || node.kind() instanceof Node.Kind.Convolution
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
                if (dependency.joinable() && mayJoin(producer, consumer) && !barred(consumer, producer)) {
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
                    if (input.size() > 1 && sameDomain(input, node.domain())) {
                        readers.computeIfAbsent(input, n -> new ArrayList<>()).add(node);
                    }
                }
            }
        }
        for (List<Node> together : readers.values()) {
            for (int i = 1; i < together.size(); i++) {
                Unit first = units.get(together.get(0));
                Unit second = units.get(together.get(i));
                if (mayJoin(first, second)
                        && sameDomain(together.get(0).domain(), together.get(i).domain())
                        && !(first.rank > second.rank ? barred(first, second) : barred(second, first))) {
                    join(first, second);
                }
            }
        }
    }

    private static boolean mayJoin(Unit a, Unit b) {
        return a != b && !a.finished && !b.finished;
    }

    private static boolean sameDomain(Node a, Node b) {
        return a.rows() == b.rows() && a.columns() == b.columns();
    }

    /** Joins two of which the later one has just been found not to be barred from the earlier one. */
    private void join(Unit first, Unit second) {
        long rank = Math.min(first.rank, second.rank);
        ranked.remove(first.rank);
        ranked.remove(second.rank);
        rank(first, rank);
        moveBefore(first);
        second.nodes.forEach(node -> units.put(node, first));
        first.nodes.addAll(second.nodes);
        first.nodes.sort(Comparator.comparingLong(priority));
        second.nodes.clear();
    }

    private void rank(Unit unit, long rank) {
        unit.rank = rank;
        ranked.put(rank, unit);
    }

    /** What was found between the two parts of a unit now ranks right before it, in the order it had. */
    private void moveBefore(Unit joined) {
        if (between.isEmpty()) {
            return;
        }
        between.sort(Comparator.comparingLong(unit -> unit.rank));
        between.forEach(unit -> ranked.remove(unit.rank));
        if (room(joined) <= between.size()) {
            List<Unit> all = new ArrayList<>(ranked.values());
            ranked.clear();
            all.forEach(unit -> rank(unit, (ranked.size() + 1) * APART));
        }
        long step = room(joined) / (between.size() + 1);
        long rank = joined.rank - step * between.size();
        for (Unit unit : between) {
            rank(unit, rank);
            rank += step;
        }
    }

    /** How far it is from the unit before. */
    private long room(Unit unit) {
        Long before = ranked.lowerKey(unit.rank);
        return unit.rank - (before == null ? 0 : before);
    }

    /** Whether {@code later} needs {@code earlier} through a third unit, or what only a whole pass of it gives. */
    private boolean barred(Unit later, Unit earlier) {
        searches++;
        between.clear();
        for (Node node : later.nodes) {
            for (Dependency dependency : dependencies(node)) {
                Unit unit = units.get(dependency.node());
                if (unit == earlier && !dependency.joinable()) {
                    return true;
                }
                if (unit != later) {
                    find(unit, earlier);
                }
            }
        }
        for (int i = 0; i < between.size(); i++) {
            for (Node node : between.get(i).nodes) {
                for (Dependency dependency : dependencies(node)) {
                    Unit unit = units.get(dependency.node());
                    if (unit == earlier) {
                        return true;
                    }
                    find(unit, earlier);
                }
            }
        }
        return false;
    }

    private void find(Unit unit, Unit earlier) {
        if (unit.rank > earlier.rank && unit.found != searches) {
            unit.found = searches;
            between.add(unit);
        }
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
