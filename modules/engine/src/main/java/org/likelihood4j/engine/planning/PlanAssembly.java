package org.likelihood4j.engine.planning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Buffer;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;
import org.likelihood4j.engine.plan.Plan.Reduction;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Storage;
import org.likelihood4j.engine.planning.Arrangement.Seat;
import org.likelihood4j.engine.planning.Node.Kind;
import org.likelihood4j.engine.planning.Node.Origin;

/**
 * Turns ordered units into kernels over placed buffers: the last stage of planning, where nodes become memory.
 *
 * <p><b>Nodes, buffers, regions.</b> A node is a value; a buffer is a piece of memory that one node owns; a region says which
 * elements of a buffer a kernel reads or writes, and in which steps. Most nodes own a buffer. Those that do not are looks at
 * somebody else's: a window is its input's region moved by some columns, a view the same region with other row lengths, a
 * transpose the region with its strides exchanged, a repetition the region with a rule for its rows, and a part of a join is the
 * columns of the join's buffer where its seat is. So slicing, reshaping, concatenating and broadcasting cost nothing, and the price
 * is that regions have strides. {@link #region} is where all of this is decided; kernels only ever see its answers. A node of
 * one row (or column) that a kernel reads as a whole matrix has stride 0 there.
 *
 * <p><b>Lifetimes.</b> Kernels are assembled in the order in which they run, so the moment at which a node is asked for says when it
 * lives: {@link #writes} and {@link #reads} note for each buffer the first kernel that writes it and the last one that touches it.
 * Inputs are born before the first kernel, outputs outlive the last one. A look at a buffer lengthens the life of the buffer, not
 * of the node that looks, which is why regions are resolved through {@code reads} and {@code writes} of the owner and never cached.
 *
 * <p><b>Places.</b> Parameters, constants and destinations have a place of the caller's. All else shares one arena: in the order of
 * their births, each buffer takes the first gap between those still living that is long enough ({@link #place}). First fit is not
 * optimal, but on the steps of our models within a few percent of the largest sum of lives that meet, and it needs one pass. A
 * buffer dies after its last reader: a kernel never writes over what it reads.
 *
 * <p><b>The machine.</b> The only facts of a device are in its {@link Layout}: buffers begin at multiples of its alignment, and the
 * rows of matrices that products read stand apart where they would alias. What must stand row after row (views, library
 * operations, outputs) never does. Where a device keeps inputs, they outlive the last kernel.
 */
final class PlanAssembly {
    private final Arrangement arrangement;
    private final List<Fusion.Unit> order;
    private final Layout layout;
    private final Map<Node, Fusion.Unit> units = new HashMap<>();
    /** Of each library operation, in no order. */
    private final Map<Node, List<Node>> results = new HashMap<>();

    private final Map<Node, Integer> ids = new HashMap<>();
    private final List<Node> owners = new ArrayList<>();
    private final List<Kernel> kernels = new ArrayList<>();
    /** By buffer: the first kernel that writes and the last one that reads it. */
    private final Map<Integer, Integer> births = new TreeMap<>();

    private final Map<Integer, Integer> deaths = new HashMap<>();

    PlanAssembly(Arrangement arrangement, List<Fusion.Unit> order, Layout layout) {
        this.arrangement = arrangement;
        this.order = order;
        this.layout = layout;
        for (Fusion.Unit unit : order) {
            unit.nodes().forEach(node -> units.put(node, unit));
        }
        for (Node node : arrangement.needed()) {
            if (node.kind() instanceof Kind.Result) {
                results.computeIfAbsent(node.input(0), n -> new ArrayList<>()).add(node);
            }
        }
    }

    Plan assemble() {
        for (Fusion.Unit unit : order) {
            kernels.add(kernel(unit));
        }
        List<Integer> outs = arrangement.outputs().stream().map(this::buffer).toList();
        for (int id : outs) {
            deaths.put(id, kernels.size());
        }
        if (layout.keepsInputs()) {
            births.forEach((id, birth) -> {
                if (birth < 0) {
                    deaths.put(id, kernels.size());
                }
            });
        }
        long[] offsets = new long[owners.size()];
        long arena = place(offsets);
        List<Buffer> buffers = new ArrayList<>();
        for (int id = 0; id < owners.size(); id++) {
            Node node = owners.get(id);
            buffers.add(
                    new Buffer(id, label(node), node.rows(), node.columns(), storage(node), place(id, offsets[id])));
        }
        return new Plan(buffers, kernels, outs, arena);
    }

    private static Storage storage(Node node) {
        return node.isNarrow() ? Storage.BFLOAT16 : Storage.FLOAT32;
    }

    private static String label(Node node) {
        return node.kind() instanceof Kind.Source source ? source.name() : "v" + node.id();
    }

    // ---- kernels ----------------------------------------------------------------------------------------------------

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
                    product.narrow(),
                    first.rows(),
                    first.columns(),
                    product.transposeA() ? a.rows() : a.columns(),
                    region(a),
                    region(first.input(1)),
                    target(first));
        }
        if (first.kind() instanceof Kind.Convolution convolution) {
            return convolution(unit, convolution);
        }
        if (first.kind() instanceof Kind.Select select) {
            return new Kernel.Select(first.rows(), select.columns(), region(first.input(0)), target(first));
        }
        if (first.kind() instanceof Kind.Library library) {
            return library(first, library);
        }
        throw new IllegalStateException("no kernel for " + first);
    }

    /** With what finishes it: a bias, a rectifier, or both. */
    private Kernel convolution(Fusion.Unit unit, Kind.Convolution convolution) {
        Node first = unit.nodes().get(0);
        Node last = unit.nodes().get(unit.nodes().size() - 1);
        Region bias = null;
        for (Node finish : unit.nodes().subList(1, unit.nodes().size())) {
            if (finish.inputs().size() == 2) {
                bias = region(finish.input(finish.input(0).equals(first) ? 1 : 0));
            }
        }
        boolean rectified = unit.nodes().stream().anyMatch(node -> Arrangement.isApplied(node, Elementwise.RELU));
        return new Kernel.Convolution(
                convolution.shape(),
                convolution.direction(),
                convolution.narrow(),
                region(first.input(0)),
                region(first.input(1)),
                bias,
                rectified,
                target(last));
    }

    private Kernel library(Node node, Kind.Library library) {
        List<Integer> inputs = new ArrayList<>();
        for (Node input : node.inputs()) {
            boolean foreign = input.rows() == 0 || (input.kind() instanceof Kind.Result result && result.foreign());
            inputs.add(foreign ? -1 : whole(input));
        }
        List<Integer> outputs = new ArrayList<>();
        for (Node result : results.getOrDefault(node, List.of())) {
            Kind.Result kind = (Kind.Result) result.kind();
            while (outputs.size() <= kind.index()) {
                outputs.add(-1);
            }
            outputs.set(kind.index(), kind.foreign() ? -1 : writes(result));
        }
        return new Kernel.Library(library.operation(), library.kind(), inputs, outputs);
    }

    private boolean isUsedOutside(Fusion.Unit unit, Node node) {
        if (node.kind() instanceof Kind.Reduce || arrangement.seat(node) != null || arrangement.isOutput(node)) {
            return true;
        }
        for (Node reader : arrangement.readers(node)) {
            if (!reader.isFusable() || units.get(reader) != unit) {
                return true;
            }
        }
        return false;
    }

    // ---- regions ----------------------------------------------------------------------------------------------------

    /** Where a node's value stands, to be read as it is. */
    private Region region(Node node) {
        if (node.kind() instanceof Kind.Window window) {
            Region whole = region(node.input(0));
            return new Region(
                    whole.buffer(),
                    whole.offset() + window.from() * whole.columnStride(),
                    whole.rowStride(),
                    whole.columnStride(),
                    whole.each(),
                    whole.period());
        }
        if (node.kind() instanceof Kind.View) {
            Region whole = region(node.input(0));
            return new Region(whole.buffer(), whole.offset(), node.columns(), 1);
        }
        if (node.kind() instanceof Kind.Repeat repeat) {
            Node input = node.input(0);
            Region rows = region(input);
            boolean again = node.rows() > input.rows() * repeat.each();
            return new Region(
                    rows.buffer(),
                    rows.offset(),
                    rows.rowStride(),
                    rows.columnStride(),
                    repeat.each(),
                    again ? input.rows() : 0);
        }
        if (node.kind() instanceof Kind.Transpose) {
            return region(node.input(0)).transposed();
        }
        Seat seat = arrangement.seat(node);
        if (seat != null) {
            return new Region(reads(seat.join()), seat.from(), seat.join().columns(), 1);
        }
        return new Region(reads(node), 0, stride(node), 1);
    }

    private Region target(Node node) {
        Seat seat = arrangement.seat(node);
        if (seat != null) {
            return new Region(writes(seat.join()), seat.from(), seat.join().columns(), 1);
        }
        if (node.kind() instanceof Kind.Reduce reduce && reduce.over() == Reduction.GROUPS) {
            return new Region(writes(node), 0, node.columns(), 1, reduce.each(), node.rows());
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
                node.columns() == 1 && domain.columns() > 1 ? 0 : region.columnStride(),
                region.each(),
                region.period());
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

    /** Elements from a row to the next. */
    private int stride(Node node) {
        return arrangement.mayStandApart(node) ? layout.apart(node.columns()) : node.columns();
    }

    // ---- buffers ----------------------------------------------------------------------------------------------------

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

    private Place place(int id, long offset) {
        Node node = owners.get(id);
        if (node.kind() instanceof Kind.Source source) {
            return switch (source.origin()) {
                case INPUT -> new Place.Input(source.name(), offset);
                case VECTOR -> new Place.Vector(source.name());
                case LITERAL -> new Place.Literal(source.name());
            };
        }
        int destination = arrangement.destination(node);
        return destination >= 0 ? new Place.Destination(destination) : new Place.Arena(offset);
    }

    private boolean inArena(Node node) {
        return node.kind() instanceof Kind.Source source
                ? source.origin() == Origin.INPUT
                : arrangement.destination(node) < 0;
    }

    /** First fit, buffer by buffer in the order of their births. */
    private long place(long[] offsets) {
        record Living(int id, long from, long to, int death) {}
        List<Integer> byBirth = new ArrayList<>(births.keySet());
        byBirth.sort(Comparator.comparingInt(births::get));
        // In the order of their places.
        List<Living> living = new ArrayList<>();
        long arena = 0;
        for (int id : byBirth) {
            Node node = owners.get(id);
            if (!inArena(node)) {
                continue;
            }
            int birth = births.get(id);
            living.removeIf(other -> other.death() < birth);
            long bytes = (long) node.rows() * stride(node) * storage(node).bytes();
            long size = layout.aligned((bytes + Float.BYTES - 1) / Float.BYTES);
            long offset = 0;
            int at = 0;
            while (at < living.size() && offset + size > living.get(at).from()) {
                offset = Math.max(offset, living.get(at).to());
                at++;
            }
            offsets[id] = offset;
            living.add(at, new Living(id, offset, offset + size, deaths.get(id)));
            arena = Math.max(arena, offset + size);
        }
        return arena;
    }
}
