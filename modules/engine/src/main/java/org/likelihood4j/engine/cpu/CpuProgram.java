package org.likelihood4j.engine.cpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.likelihood4j.engine.DeviceException;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.PlanProgram;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.cpu.arithmetic.TileMath;
import org.likelihood4j.engine.cpu.onednn.Isa;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Buffer;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;
import org.likelihood4j.engine.plan.Plan.Storage;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A {@link Plan} bound to memory: everything is looked up once, here, and a run only runs. One thread at a time. */
final class CpuProgram implements PlanProgram {
    private final Plan plan;
    /** Owns the memory of the arena. */
    private final INDArray room;

    private final INDArray arena;
    private final Memory[] memories;
    private final Map<String, Buffer> inputs = new HashMap<>();
    private final Runner[] runners;

    /** Binds; the team stays the caller's, who closes it. */
    CpuProgram(Plan plan, PlanBindings bindings, Team team, Supplier<TileMath> maths) {
        this.plan = plan;
        long length = Math.max(1, plan.arena());
        this.room = Nd4j.createUninitializedDetached(DataType.FLOAT, Alignment.roomFor(DataType.FLOAT, length));
        this.arena = Alignment.place(room, length);
        this.memories =
                plan.buffers().stream().map(buffer -> memory(buffer, bindings)).toArray(Memory[]::new);
        for (Buffer buffer : plan.buffers()) {
            if (buffer.place() instanceof Place.Input input) {
                inputs.put(input.name(), buffer);
            }
        }
        this.runners = plan.kernels().stream()
                .map(kernel -> runner(kernel, bindings, team, maths))
                .toArray(Runner[]::new);
    }

    /** @throws DeviceException if the kernels could not reach all of it */
    private Memory memory(Buffer buffer, PlanBindings bindings) {
        if (buffer.size() > Memory.MOST) {
            throw new DeviceException("cpu: a matrix would have " + buffer.size() + " numbers, and may have "
                    + Memory.MOST + " at most: use smaller batches");
        }
        Place place = buffer.place();
        if (place instanceof Place.Input input) {
            return Memory.of(arena, input.offset());
        }
        if (place instanceof Place.Arena at) {
            return buffer.storage() == Storage.BFLOAT16
                    ? Memory.narrow(arena, at.offset())
                    : Memory.of(arena, at.offset());
        }
        if (place instanceof Place.Literal literal) {
            double[] values = bindings.literal(literal.name());
            INDArray flat = Nd4j.createUninitializedDetached(DataType.FLOAT, Math.max(1, values.length));
            for (int i = 0; i < values.length; i++) {
                flat.putScalar(i, values[i]);
            }
            return Memory.of(flat, 0);
        }
        PlanBindings.Slice slice = place instanceof Place.Vector vector
                ? bindings.vector(vector.name())
                : bindings.destination(((Place.Destination) place).output());
        return Memory.of(slice.storage().host(), slice.offset());
    }

    private Runner runner(Kernel kernel, PlanBindings bindings, Team team, Supplier<TileMath> maths) {
        if (kernel instanceof Kernel.Fused fused) {
            return new FusedRunner(fused, memories, team, maths);
        }
        if (kernel instanceof Kernel.Product product) {
            return SummedProduct.pays(product, team)
                    ? new SummedProduct(product, memories, team)
                    : new ProductRunner(product, memories, team);
        }
        if (kernel instanceof Kernel.Convolution convolution) {
            return Isa.hasOneDnn() && FoldedConvolution.pays(convolution)
                    ? new FoldedConvolution(convolution, memories, team)
                    : new ConvolutionRunner(convolution, memories, team);
        }
        if (kernel instanceof Kernel.Select select) {
            return new SelectRunner(select, memories);
        }
        Kernel.Library library = (Kernel.Library) kernel;
        PlanBindings.Operation operation = bindings.operation(library.operation());
        bind(operation, library.inputs(), true);
        bind(operation, library.outputs(), false);
        return operation::run;
    }

    private void bind(PlanBindings.Operation operation, List<Integer> buffers, boolean inputs) {
        for (int i = 0; i < buffers.size(); i++) {
            if (buffers.get(i) >= 0) {
                Memory memory = memories[buffers.get(i)];
                long[] shape = operation.shape(i, inputs);
                long size = plan.buffers().get(buffers.get(i)).size();
                long from = memory.first() - memory.flat().offset();
                INDArray view = memory.flat()
                        .get(NDArrayIndex.interval(from, from + size))
                        .reshape('c', shape);
                operation.bind(i, inputs, view);
            }
        }
    }

    @Override
    public void setInput(String name, INDArray array) {
        Buffer buffer = inputs.get(name);
        // An input that no output needs has no place.
        if (buffer != null) {
            copy(array, memories[buffer.id()], buffer.size());
        }
    }

    private static void copy(INDArray array, Memory to, long size) {
        boolean plain = !array.isView() && array.ordering() == 'c' && array.offset() == 0;
        INDArray from = plain ? array : array.dup('c');
        Pointer.memcpy(to.pointer(), from.data().pointer(), size * Float.BYTES);
        if (!plain) {
            from.close();
        }
    }

    @Override
    public void run() {
        for (Runner runner : runners) {
            runner.run();
        }
    }

    @Override
    public void run(long[] times) {
        for (int i = 0; i < runners.length; i++) {
            long started = System.nanoTime();
            runners[i].run();
            times[i] += System.nanoTime() - started;
        }
    }

    @Override
    public void read(int output, float[] values) {
        memories[plan.outputs().get(output)].read(0, values, 0, values.length);
    }

    @Override
    public void read(int output, INDArray array) {
        FloatPointer to = (FloatPointer) array.data().pointer();
        Memory from = memories[plan.outputs().get(output)];
        Pointer.memcpy(to, from.pointer(), array.length() * Float.BYTES);
    }

    @Override
    public void close() {
        for (Runner runner : runners) {
            runner.close();
        }
        room.close();
    }
}
