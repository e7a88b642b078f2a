package org.likelihood4j.engine.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.cuda.CudaProgram.Places;
import org.likelihood4j.engine.cuda.Lanes.Piece;
import org.likelihood4j.engine.cuda.Lanes.Span;
import org.likelihood4j.engine.cuda.source.KernelSource;
import org.likelihood4j.engine.cuda.source.Launch;
import org.likelihood4j.engine.cuda.source.Launch.Argument;
import org.likelihood4j.engine.cuda.source.RegionUse;
import org.likelihood4j.engine.cuda.source.Tiles;
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
 * stream, and of all that kernels share between their blocks its own: cuBLAS's results are the same bits always as long as no two
 * products share a workspace.
 */
final class BoundPlan {
    /** As NVIDIA advises for cards of compute capability 9.0. */
    private static final long WORKSPACE = 32L << 20;

    private static final int FLOAT = Float.BYTES;

    /** A queue of kernels, and what these share between their blocks. */
    record Lane(Pointer stream, Pointer cublas, long scratch, long tickets) {}

    private final Card card;
    private final Plan plan;
    private final KernelSource source;
    private final Pointer module;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Long> owned = new ArrayList<>();
    private final long arena;
    private final long[] addresses;
    private final List<Piece> pieces = new ArrayList<>();
    /** Of each kernel: gives it to its lane, or runs the library's operation. */
    private final List<Runnable> works = new ArrayList<>();

    private final List<INDArray> hostArrays = new ArrayList<>();
    /** 1 and 0, by which cuBLAS scales. */
    private final Memory scales = new Memory(2L * FLOAT);

    /** Binds; compiles what has not been compiled on this machine before. */
    BoundPlan(Card card, Plan plan, Places places, Tiles tiles) {
        this.card = card;
        this.plan = plan;
        card.enter();
        scales.setFloat(0, 1);
        scales.setFloat(FLOAT, 0);
        this.source = new KernelSource(plan, tiles);
        this.module = source.size() == 0 ? null : card.load(source.text());
        for (int i = 0; i < Lanes.COUNT; i++) {
            lanes.add(newLane());
        }
        this.arena = allocate(plan.arena() * FLOAT);
        this.addresses = plan.buffers().stream()
                .mapToLong(buffer -> address(buffer, places))
                .toArray();
        card.await(main().stream());
        for (int i = 0; i < plan.kernels().size(); i++) {
            pieces.add(piece(plan.kernels().get(i)));
            works.add(work(i, places));
        }
    }

    /** The first lane. */
    Lane main() {
        return lanes.get(0);
    }

    /** All of them, in their order. */
    List<Lane> lanes() {
        return lanes;
    }

    /** The lane that a kernel is given to. */
    Lane lane(int kernel) {
        return lanes.get(pieces.get(kernel).lane());
    }

    private Lane newLane() {
        Pointer stream = card.stream();
        PointerByReference handle = new PointerByReference();
        card.checkProduct(card.cublas().cublasCreate_v2(handle), "cublasCreate");
        Pointer cublas = handle.getValue();
        card.checkProduct(card.cublas().cublasSetStream_v2(cublas, stream), "cublasSetStream");
        boolean multiplies = plan.kernels().stream().anyMatch(kernel -> kernel instanceof Kernel.Product);
        long workspace = multiplies ? allocate(WORKSPACE) : 0;
        if (multiplies) {
            // While a graph is captured nothing can be allocated.
            card.checkProduct(
                    card.cublas().cublasSetWorkspace_v2(cublas, new Pointer(workspace), WORKSPACE),
                    "cublasSetWorkspace");
        }
        long tickets = allocate((long) source.tickets() * FLOAT);
        if (source.tickets() > 0) {
            card.check(card.driver().cuMemsetD32Async(tickets, 0, source.tickets(), stream), "cuMemsetD32");
            card.await(stream);
        }
        return new Lane(stream, cublas, allocate(source.scratch() * FLOAT), tickets);
    }

    private long allocate(long bytes) {
        long address = card.allocate(bytes);
        owned.add(address);
        return address;
    }

    private long address(Buffer buffer, Places places) {
        Place place = buffer.place();
        if (place instanceof Place.Input input) {
            return arena + input.offset() * FLOAT;
        }
        if (place instanceof Place.Arena at) {
            return arena + at.offset() * FLOAT;
        }
        if (place instanceof Place.Literal literal) {
            return literal(places.literal(literal.name()));
        }
        return place instanceof Place.Vector vector
                ? places.vector(vector.name())
                : places.destination(((Place.Destination) place).output());
    }

    private long literal(double[] values) {
        long bytes = (long) values.length * FLOAT;
        long address = allocate(bytes);
        if (values.length > 0) {
            Memory host = new Memory(bytes);
            for (int i = 0; i < values.length; i++) {
                host.setFloat((long) i * FLOAT, (float) values[i]);
            }
            card.upload(address, host, bytes, main().stream());
            // Until then the driver may not have read what would be collected.
            card.await(main().stream());
        }
        return address;
    }

    // ---- work -------------------------------------------------------------------------------------------------------

    private Piece piece(Kernel kernel) {
        List<Span> reads = new ArrayList<>();
        List<Span> writes = new ArrayList<>();
        boolean aside = true;
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

    private Runnable work(int kernel, Places places) {
        Kernel what = plan.kernels().get(kernel);
        if (what instanceof Kernel.Library library) {
            return host(library, places.operation(library.operation()));
        }
        if (what instanceof Kernel.Product product) {
            return product(product, lane(kernel));
        }
        List<Runnable> launches = source.launches(kernel).stream()
                .map(launch -> launch(launch, lane(kernel)))
                .toList();
        return () -> launches.forEach(Runnable::run);
    }

    private Runnable launch(Launch launch, Lane lane) {
        Pointer function = card.function(module, launch.kernel());
        Memory parameters = Card.parameters(launch.arguments().stream()
                .mapToLong(argument -> address(argument, lane))
                .toArray());
        return () -> card.launch(function, launch.blocks(), launch.threads(), lane.stream(), parameters);
    }

    private long address(Argument argument, Lane lane) {
        if (argument instanceof Argument.Data data) {
            return addresses[data.buffer()] + data.bytes();
        }
        return argument instanceof Argument.Scratch ? lane.scratch() : lane.tickets();
    }

    /** What is a row here is a column to cuBLAS: {@code out' = op(b)' op(a)'}. */
    private Runnable product(Kernel.Product p, Lane lane) {
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
        if (!p.narrow()) {
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
                        Cublas.COMPUTE_FLOAT32,
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
            for (int i = 0; i < in.size(); i++) {
                if (in.get(i) != null) {
                    download(library.inputs().get(i), memory(in.get(i)));
                }
            }
            card.await(main().stream());
            operation.run();
            for (int i = 0; i < out.size(); i++) {
                if (out.get(i) != null) {
                    upload(library.outputs().get(i), memory(out.get(i)));
                }
            }
        };
    }

    private List<INDArray> arrays(List<Integer> buffers, PlanBindings.Operation operation, boolean input) {
        List<INDArray> arrays = new ArrayList<>();
        for (int i = 0; i < buffers.size(); i++) {
            INDArray array = null;
            if (buffers.get(i) >= 0) {
                array = Nd4j.createUninitializedDetached(DataType.FLOAT, 'c', operation.shape(i, input));
                operation.bind(i, input, array);
                hostArrays.add(array);
            }
            arrays.add(array);
        }
        return arrays;
    }

    /** Of a contiguous array: where its first number is, in this process. */
    static Pointer memory(INDArray array) {
        return new Pointer(array.data().pointer().address() + array.offset() * Float.BYTES);
    }

    void upload(int buffer, Pointer from) {
        card.upload(addresses[buffer], from, plan.buffers().get(buffer).bytes(), main().stream());
    }

    void download(int buffer, Pointer to) {
        card.download(to, addresses[buffer], plan.buffers().get(buffer).bytes(), main().stream());
    }

    /** All pieces of work, one for each kernel. */
    List<Piece> pieces() {
        return pieces;
    }

    /** Gives a kernel to its lane, or runs the library's operation. */
    void run(int kernel) {
        works.get(kernel).run();
    }

    /** When the card does nothing of it any more. */
    void close() {
        if (module != null) {
            card.check(card.driver().cuModuleUnload(module), "cuModuleUnload");
        }
        for (Lane lane : lanes) {
            card.checkProduct(card.cublas().cublasDestroy_v2(lane.cublas()), "cublasDestroy");
            card.check(card.driver().cuStreamDestroy_v2(lane.stream()), "cuStreamDestroy");
        }
        owned.forEach(card::free);
        hostArrays.forEach(INDArray::close);
    }
}
