package org.likelihood4j.engine.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.cuda.Lanes.Piece;
import org.likelihood4j.engine.cuda.Lanes.Span;
import org.likelihood4j.engine.cuda.source.KernelSource;
import org.likelihood4j.engine.cuda.source.Launch;
import org.likelihood4j.engine.cuda.source.Launch.Argument;
import org.likelihood4j.engine.cuda.source.RegionUse;
import org.likelihood4j.engine.cuda.toolkit.Cublas;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Buffer;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Storage;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A plan's kernels, bound to a card: where all of its places are, what each kernel touches, and how it is given to its lane.
 *
 * <p>What only writes places of the caller's, such as a weight's gradient, runs on a lane of its own beside the others. A lane has a
 * stream, and of all that kernels share between their blocks its own.
 */
final class BoundPlan {
    private static final int FLOAT = Float.BYTES;

    /** What the kernels of a lane share between their blocks. */
    private record Shared(long scratch, long tickets) {}

    private final Card card;
    private final CardResources resources;
    private final Plan plan;
    private final boolean tf32;
    private final KernelSource source;
    private final Pointer module;
    private final List<Shared> shared = new ArrayList<>();
    private final long arena;
    private final long[] addresses;
    /** Vectors, of which some are written. */
    private final Set<CudaStorage> storages = new LinkedHashSet<>();

    private final Set<CudaStorage> written = new LinkedHashSet<>();
    private final List<Piece> pieces = new ArrayList<>();
    /** Of each kernel: gives it to its lane, or runs the library's operation. */
    private final List<Runnable> works = new ArrayList<>();

    /** 1 and 0, by which cuBLAS scales. */
    private final Memory scales = new Memory(2L * FLOAT);

    /**
     * Binds.
     *
     * @param code of the source
     * @param tf32 whether products round their factors to TF32
     */
    BoundPlan(
            CardResources resources, Plan plan, PlanBindings bindings, KernelSource source, byte[] code, boolean tf32) {
        this.tf32 = tf32;
        this.card = resources.card();
        this.resources = resources;
        this.plan = plan;
        this.source = source;
        scales.setFloat(0, 1);
        scales.setFloat(FLOAT, 0);
        this.module = source.size() == 0 ? null : resources.module(code);
        boolean multiplies = plan.kernels().stream().anyMatch(kernel -> kernel instanceof Kernel.Product);
        for (int i = 0; i < Lanes.COUNT; i++) {
            if (multiplies) {
                card.lane(i).prepareProducts();
            }
            long tickets = resources.allocate((long) source.tickets() * FLOAT);
            card.clear(tickets, source.tickets());
            shared.add(new Shared(resources.allocate(source.scratch() * FLOAT), tickets));
        }
        this.arena = resources.allocate(plan.arena() * FLOAT);
        this.addresses = plan.buffers().stream()
                .mapToLong(buffer -> address(buffer, bindings))
                .toArray();
        for (int i = 0; i < plan.kernels().size(); i++) {
            pieces.add(piece(plan.kernels().get(i)));
            works.add(work(i, bindings));
        }
    }

    private long address(Buffer buffer, PlanBindings bindings) {
        Place place = buffer.place();
        if (place instanceof Place.Input input) {
            return arena + input.offset() * FLOAT;
        }
        if (place instanceof Place.Arena at) {
            return arena + at.offset() * FLOAT;
        }
        if (place instanceof Place.Literal literal) {
            return literal(bindings.literal(literal.name()));
        }
        PlanBindings.Slice slice = place instanceof Place.Vector vector
                ? bindings.vector(vector.name())
                : bindings.destination(((Place.Destination) place).output());
        CudaStorage storage = CudaStorage.of(slice.storage(), card);
        storages.add(storage);
        if (place instanceof Place.Destination) {
            written.add(storage);
        }
        return storage.address() + slice.offset() * FLOAT;
    }

    private long literal(double[] values) {
        long bytes = (long) values.length * FLOAT;
        long address = resources.allocate(bytes);
        if (values.length > 0) {
            Memory host = new Memory(bytes);
            for (int i = 0; i < values.length; i++) {
                host.setFloat((long) i * FLOAT, (float) values[i]);
            }
            card.uploadNow(address, host, bytes);
        }
        return address;
    }

    // ---- kernels ----------------------------------------------------------------------------------------------------

    private Piece piece(Kernel kernel) {
        List<Span> reads = new ArrayList<>();
        List<Span> writes = new ArrayList<>();
        // What runs on the host is between two lanes' ends and beginnings.
        boolean aside = !(kernel instanceof Kernel.Library);
        for (RegionUse use : RegionUse.of(plan, kernel)) {
            Buffer buffer = plan.buffers().get(use.region().buffer());
            long from = at(use.region());
            Span span =
                    new Span(from, from + (long) use.extent() * buffer.storage().bytes());
            (use.written() ? writes : reads).add(span);
            aside &= !use.written() || buffer.place() instanceof Place.Destination;
        }
        return new Piece(aside ? 1 : 0, reads, writes);
    }

    private Runnable work(int kernel, PlanBindings bindings) {
        Kernel what = plan.kernels().get(kernel);
        if (what instanceof Kernel.Library library) {
            return host(library, bindings.operation(library.operation()));
        }
        if (what instanceof Kernel.Product product) {
            return product(product, lane(kernel));
        }
        List<Runnable> launches = source.launches(kernel).stream()
                .map(launch -> launch(launch, kernel))
                .toList();
        return () -> launches.forEach(Runnable::run);
    }

    private Runnable launch(Launch launch, int kernel) {
        Pointer function = card.function(module, launch.kernel());
        Shared ofLane = shared.get(pieces.get(kernel).lane());
        Memory parameters = Card.parameters(launch.arguments().stream()
                .mapToLong(argument -> address(argument, ofLane))
                .toArray());
        Pointer stream = lane(kernel).stream();
        return () -> card.launch(function, launch.blocks(), launch.threads(), stream, parameters);
    }

    private long address(Argument argument, Shared ofLane) {
        if (argument instanceof Argument.Data data) {
            return addresses[data.buffer()] + data.bytes();
        }
        return argument instanceof Argument.Scratch ? ofLane.scratch() : ofLane.tickets();
    }

    /** What is a row here is a column to cuBLAS: {@code out' = op(b)' op(a)'}. */
    private Runnable product(Kernel.Product p, CardLane lane) {
        Pointer a = new Pointer(at(p.a()));
        Pointer b = new Pointer(at(p.b()));
        Pointer out = new Pointer(at(p.out()));
        int leadingA = p.transposeA() ? leading(p.a(), p.inner(), p.rows()) : leading(p.a(), p.rows(), p.inner());
        int leadingB = p.transposeB() ? leading(p.b(), p.columns(), p.inner()) : leading(p.b(), p.inner(), p.columns());
        int leadingOut = leading(p.out(), p.rows(), p.columns());
        int transposeA = p.transposeA() ? 1 : 0;
        int transposeB = p.transposeB() ? 1 : 0;
        Pointer one = scales.share(0);
        Pointer zero = scales.share(FLOAT);
        Cublas cublas = card.cublas();
        if (!p.narrow() && !tf32) {
            return () -> card.checkProduct(
                    cublas.cublasSgemm_v2(
                            lane.cublas(),
                            transposeB,
                            transposeA,
                            p.columns(),
                            p.rows(),
                            p.inner(),
                            one,
                            b,
                            leadingB,
                            a,
                            leadingA,
                            zero,
                            out,
                            leadingOut),
                    "cublasSgemm");
        }
        return () -> card.checkProduct(
                cublas.cublasGemmEx(
                        lane.cublas(),
                        transposeB,
                        transposeA,
                        p.columns(),
                        p.rows(),
                        p.inner(),
                        one,
                        b,
                        type(p.b()),
                        leadingB,
                        a,
                        type(p.a()),
                        leadingA,
                        zero,
                        out,
                        type(p.out()),
                        leadingOut,
                        p.narrow() ? Cublas.COMPUTE_FLOAT32 : Cublas.COMPUTE_TF32,
                        Cublas.DEFAULT_ALGORITHM),
                "cublasGemmEx");
    }

    private Storage storage(Region region) {
        return plan.buffers().get(region.buffer()).storage();
    }

    private int type(Region region) {
        return storage(region) == Storage.BFLOAT16 ? Cublas.BFLOAT16 : Cublas.FLOAT32;
    }

    private long at(Region region) {
        return addresses[region.buffer()]
                + (long) region.offset() * storage(region).bytes();
    }

    /** From a row to the next; of a matrix of one row the plan does not say. */
    private static int leading(Region region, int rows, int columns) {
        return rows == 1 ? Math.max(columns, region.rowStride()) : region.rowStride();
    }

    /** An operation of ND4J, on arrays of the host. */
    private Runnable host(Kernel.Library library, PlanBindings.Operation operation) {
        List<INDArray> in = arrays(library.inputs(), operation, true);
        List<INDArray> out = arrays(library.outputs(), operation, false);
        return () -> {
            card.locked(() -> {
                for (int i = 0; i < in.size(); i++) {
                    if (in.get(i) != null) {
                        download(library.inputs().get(i), HostArrays.memory(in.get(i)));
                    }
                }
            });
            // Until then an earlier run's results may not have been read.
            card.await();
            operation.run();
            card.locked(() -> {
                for (int i = 0; i < out.size(); i++) {
                    if (out.get(i) != null) {
                        upload(library.outputs().get(i), HostArrays.memory(out.get(i)));
                    }
                }
            });
        };
    }

    private List<INDArray> arrays(List<Integer> buffers, PlanBindings.Operation operation, boolean input) {
        List<INDArray> arrays = new ArrayList<>();
        for (int i = 0; i < buffers.size(); i++) {
            INDArray array = null;
            if (buffers.get(i) >= 0) {
                array = resources.own(
                        Nd4j.createUninitializedDetached(DataType.FLOAT, 'c', operation.shape(i, input)),
                        INDArray::close);
                operation.bind(i, input, array);
            }
            arrays.add(array);
        }
        return arrays;
    }

    // ---- what runs --------------------------------------------------------------------------------------------------

    /** What each kernel touches. */
    List<Piece> pieces() {
        return pieces;
    }

    /** Brings what the host has written to the card, before a run. */
    void bringVectors() {
        storages.forEach(CudaStorage::toCard);
    }

    /** Says that a run has been given to the card. */
    void changeVectors() {
        written.forEach(CudaStorage::changeOnCard);
    }

    /** Whether a kernel runs on the host, between two that the card is given. */
    boolean isHost(int kernel) {
        return plan.kernels().get(kernel) instanceof Kernel.Library;
    }

    /** The lane that a kernel is given to. */
    CardLane lane(int kernel) {
        return card.lane(pieces.get(kernel).lane());
    }

    /** Gives a kernel to its lane, for which the card is locked; or runs the library's operation, which takes its turns itself. */
    void run(int kernel) {
        works.get(kernel).run();
    }

    /** Where a buffer begins on the card. */
    long address(int buffer) {
        return addresses[buffer];
    }

    /** Copies to a buffer, in the card's order. */
    void upload(int buffer, Pointer from) {
        card.upload(addresses[buffer], from, plan.buffers().get(buffer).bytes());
    }

    /** Copies from a buffer, in the card's order. */
    void download(int buffer, Pointer to) {
        card.download(to, addresses[buffer], plan.buffers().get(buffer).bytes());
    }
}
