package org.likelihood4j.engine.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.likelihood4j.engine.plan.Node.Kind;
import org.likelihood4j.engine.plan.Node.Origin;
import org.likelihood4j.engine.plan.Plan.Buffer;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;
import org.likelihood4j.engine.plan.Plan.Region;

/**
 * Makes a {@link Plan} of a graph: lowers it to nodes, joins elementwise nodes into fused kernels, orders the kernels, and gives
 * every buffer its place.
 */
public final class Planner {
    private final Lowering lowering;
    private final Nodes nodes;
    /** The node of each output, which nothing else is the output of. */
    private final List<Node> outputs = new ArrayList<>();
    /** How many of the outputs, from the last, have a place of the caller's. */
    private final int destinations;

    /** Where a part of a join is written: the join and the first column. */
    private record Seat(Node join, int from) {}

    private final Map<Node, Seat> seats = new HashMap<>();
    /** For each join the nodes that write its parts. */
    private final Map<Node, List<Node>> writers = new HashMap<>();

    private final Set<Node> compact = new HashSet<>();
    /** What products read: worth standing in memory with gaps. */
    private final Set<Node> factors = new HashSet<>();

    private final Map<Node, Long> priorities = new HashMap<>();
    private final Set<Node> needed = new LinkedHashSet<>();
    private final Map<Node, Fusion.Unit> units = new HashMap<>();

    private Planner(Graph graph, List<String> outputs, int destinations) {
        this.lowering = new Lowering(graph);
        this.nodes = lowering.nodes();
        this.destinations = destinations;
        for (String output : outputs) {
            this.outputs.add(lowering.output(output));
        }
    }

    /**
     * Plans.
     *
     * @param outputs the names of what is wanted
     * @param destinations how many outputs, from the last, are written to places of the caller's own
     */
    public static Plan plan(Graph graph, List<String> outputs, int destinations) {
        return new Planner(graph, outputs, destinations).plan();
    }

    private Plan plan() {
        seatOutputs();
        Set<Node> visited = new HashSet<>();
        outputs.forEach(output -> findCompact(output, visited));
        outputs.forEach(this::collect);
        Fusion fusion = new Fusion(needed, this::dependencies, this::priority);
        List<Fusion.Unit> order = fusion.order(this::isSink);
        order.forEach(unit -> unit.nodes().forEach(node -> units.put(node, unit)));
        return new Assembly(order).assemble();
    }

    /** Each output is written by one kernel for it alone. */
    private void seatOutputs() {
        Set<Node> taken = new HashSet<>();
        for (int i = 0; i < outputs.size(); i++) {
            Node node = outputs.get(i);
            boolean written =
                    node.isFusable() || node.kind() instanceof Kind.Product || node.kind() instanceof Kind.Select;
            if (!written || !taken.add(node)) {
                Node copy = nodes.copy(node, node.rows(), node.columns());
                outputs.set(i, copy);
                taken.add(copy);
            }
        }
    }

    /** Finds what must stand in memory on its own, row after row. */
    private void findCompact(Node node, Set<Node> visited) {
        if (visited.add(node)) {
            if (node.kind() instanceof Kind.View || node.kind() instanceof Kind.Library) {
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
                        && !outputs.contains(part)
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

    private long priority(Node node) {
        return priorities.getOrDefault(node, 2L * node.id() + 1);
    }

    /** Whether a unit does nothing but write places of the caller's, so that running it early only frees memory. */
    private boolean isSink(Fusion.Unit unit) {
        int first = outputs.size() - destinations;
        return unit.nodes().stream().allMatch(node -> outputs.indexOf(node) >= first);
    }

    /** The kernel nodes that a kernel node reads, and whether it may do so within one fused kernel. */
    private Collection<Fusion.Dependency> dependencies(Node node) {
        Map<Node, Boolean> found = new LinkedHashMap<>();
        Node domain = domain(node);
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

    /** The node whose rows and columns a fused kernel of this node runs over. */
    static Node domain(Node node) {
        return node.kind() instanceof Kind.Sum ? node.input(0) : node;
    }

    // ---- buffers and kernels ----------------------------------------------------------------------------------------

    /** Turns ordered units into kernels over placed buffers. */
    private final class Assembly {
        private final List<Fusion.Unit> order;
        private final Map<Node, Integer> ids = new HashMap<>();
        private final List<Node> owners = new ArrayList<>();
        private final List<Kernel> kernels = new ArrayList<>();
        /** By buffer: the first kernel that writes and the last one that reads it. */
        private final Map<Integer, Integer> births = new TreeMap<>();

        private final Map<Integer, Integer> deaths = new HashMap<>();

        Assembly(List<Fusion.Unit> order) {
            this.order = order;
        }

        Plan assemble() {
            for (Fusion.Unit unit : order) {
                kernels.add(kernel(unit));
            }
            List<Integer> outs = outputs.stream().map(this::buffer).toList();
            for (int id : outs) {
                deaths.put(id, kernels.size());
            }
            long[] offsets = new long[owners.size()];
            long arena = place(offsets);
            List<Buffer> buffers = new ArrayList<>();
            for (int id = 0; id < owners.size(); id++) {
                Node node = owners.get(id);
                buffers.add(new Buffer(id, label(node), node.rows(), node.columns(), place(id, offsets[id])));
            }
            return new Plan(buffers, kernels, outs, arena);
        }

        private String label(Node node) {
            return node.kind() instanceof Kind.Source source ? source.name() : "v" + node.id();
        }

        private Place place(int id, long offset) {
            Node node = owners.get(id);
            if (node.kind() instanceof Kind.Source source) {
                return switch (source.origin()) {
                    case INPUT -> new Place.Input(source.name(), offset);
                    case VECTOR -> new Place.Vector(source.name());
                    case LITERAL -> new Place.Literal(source.name());
                };
            }
            int output = outputs.indexOf(node);
            return output >= outputs.size() - destinations
                    ? new Place.Destination(output - (outputs.size() - destinations))
                    : new Place.Arena(offset);
        }

        private boolean inArena(Node node) {
            if (node.kind() instanceof Kind.Source source) {
                return source.origin() == Origin.INPUT;
            }
            return outputs.indexOf(node) < outputs.size() - destinations;
        }

        /** The buffer that a node owns. */
        private int buffer(Node node) {
            return ids.computeIfAbsent(node, n -> {
                owners.add(n);
                return owners.size() - 1;
            });
        }

        private int reads(Node node) {
            int id = buffer(node);
            if (node.kind() instanceof Kind.Source) {
                births.putIfAbsent(id, -1);
            }
            deaths.merge(id, kernels.size(), Math::max);
            return id;
        }

        private int writes(Node node) {
            int id = buffer(node);
            births.putIfAbsent(id, kernels.size());
            deaths.merge(id, kernels.size(), Math::max);
            return id;
        }

        /**
         * Elements from a row to the next. Where rows that a product reads begin at the same place modulo {@link #ALIASING}, few
         * of them fit into the nearest cache at once; a gap of one cache line spreads them.
         */
        private int stride(Node node) {
            boolean written = node.kind() instanceof Kind.Apply || node.kind() instanceof Kind.Product;
            boolean free = written && inArena(node) && !outputs.contains(node) && !compact.contains(node);
            boolean aliased = node.rows() > 1 && node.columns() % ALIASING == 0;
            return free && aliased && factors.contains(node) ? node.columns() + ALIGNMENT : node.columns();
        }

        /** Where a node's value stands, to be read as it is. */
        private Region region(Node node) {
            if (node.kind() instanceof Kind.Window window) {
                Region whole = region(node.input(0));
                return new Region(
                        whole.buffer(), whole.offset() + window.from(), whole.rowStride(), whole.columnStride());
            }
            if (node.kind() instanceof Kind.View) {
                Region whole = region(node.input(0));
                return new Region(whole.buffer(), whole.offset(), node.columns(), 1);
            }
            Seat seat = seats.get(node);
            if (seat != null) {
                return new Region(reads(seat.join()), seat.from(), seat.join().columns(), 1);
            }
            return new Region(reads(node), 0, stride(node), 1);
        }

        private Region target(Node node) {
            Seat seat = seats.get(node);
            if (seat != null) {
                return new Region(writes(seat.join()), seat.from(), seat.join().columns(), 1);
            }
            return new Region(writes(node), 0, stride(node), 1);
        }

        /** The same, repeating a single row or column over a kernel's domain. */
        private Region spread(Node node, Node domain) {
            Region region = region(node);
            return new Region(
                    region.buffer(),
                    region.offset(),
                    node.rows() == 1 && domain.rows() > 1 ? 0 : region.rowStride(),
                    node.columns() == 1 && domain.columns() > 1 ? 0 : region.columnStride());
        }

        private Kernel kernel(Fusion.Unit unit) {
            Node first = unit.nodes().get(0);
            if (first.isFusable()) {
                return new FusedKernels(unit, this::spread, this::target, this::isUsedOutside).kernel();
            }
            if (first.kind() instanceof Kind.Product product) {
                Node a = first.input(0);
                return new Kernel.Product(
                        product.transposeA(),
                        product.transposeB(),
                        first.rows(),
                        first.columns(),
                        product.transposeA() ? a.rows() : a.columns(),
                        region(a),
                        region(first.input(1)),
                        target(first));
            }
            if (first.kind() instanceof Kind.Select select) {
                return new Kernel.Select(first.rows(), select.columns(), region(first.input(0)), target(first));
            }
            if (first.kind() instanceof Kind.Library library) {
                return library(first, library);
            }
            throw new IllegalStateException("no kernel for " + first);
        }

        private Kernel library(Node node, Kind.Library library) {
            List<Integer> inputs = new ArrayList<>();
            for (Node input : node.inputs()) {
                boolean foreign = input.rows() == 0 || (input.kind() instanceof Kind.Result result && result.foreign());
                inputs.add(foreign ? -1 : whole(input));
            }
            List<Integer> results = new ArrayList<>();
            for (Node result : needed) {
                if (result.kind() instanceof Kind.Result r && result.input(0) == node) {
                    while (results.size() <= r.index()) {
                        results.add(-1);
                    }
                    results.set(r.index(), r.foreign() ? -1 : writes(result));
                }
            }
            return new Kernel.Library(library.operation(), library.kind(), inputs, results);
        }

        /** The buffer that holds exactly this node; what a library operation reads stands alone. */
        private int whole(Node node) {
            Region region = region(node);
            if (region.offset() != 0
                    || region.rowStride() != node.columns()
                    || owners.get(region.buffer()).size() != node.size()) {
                throw new IllegalStateException(node + " does not stand alone in memory");
            }
            return region.buffer();
        }

        private boolean isUsedOutside(Fusion.Unit unit, Node node) {
            if (node.kind() instanceof Kind.Sum || seats.containsKey(node) || outputs.contains(node)) {
                return true;
            }
            for (Node user : needed) {
                if (user.inputs().contains(node)) {
                    Node reader = writers.containsKey(user) ? null : user;
                    if (reader != null && (!reader.isFusable() || units.get(reader) != unit)) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** First fit, buffer by buffer in the order of their births. */
        private long place(long[] offsets) {
            record Living(int id, long from, long to, int death) {}
            List<Integer> byBirth = new ArrayList<>(births.keySet());
            byBirth.sort(Comparator.comparingInt(births::get));
            List<Living> living = new ArrayList<>();
            long arena = 0;
            for (int id : byBirth) {
                Node node = owners.get(id);
                if (!inArena(node)) {
                    continue;
                }
                int birth = births.get(id);
                living.removeIf(other -> other.death() < birth);
                living.sort(Comparator.comparingLong(Living::from));
                long extent = (long) node.rows() * stride(node);
                long size = (extent + Planner.ALIGNMENT - 1L) / Planner.ALIGNMENT * Planner.ALIGNMENT;
                long offset = 0;
                for (Living other : living) {
                    if (offset + size <= other.from()) {
                        break;
                    }
                    offset = Math.max(offset, other.to());
                }
                offsets[id] = offset;
                living.add(new Living(id, offset, offset + size, deaths.get(id)));
                arena = Math.max(arena, offset + size);
            }
            return arena;
        }
    }

    /** Elements: a cache line of float32. */
    private static final int ALIGNMENT = 16;

    /** Elements: 1 KiB of float32. */
    private static final int ALIASING = 256;
}
