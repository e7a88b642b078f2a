package org.likelihood4j.engine.compiled;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Explanation;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Input;
import org.likelihood4j.engine.InputSource;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.PlanProgram;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.StepFeed;
import org.likelihood4j.engine.StepQueue;
import org.likelihood4j.engine.Updater;
import org.likelihood4j.engine.graph.GraphReader;
import org.likelihood4j.engine.graph.Recording;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.planning.Planner;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A planned float32 program: the body that is fast. */
final class PlannedBody implements Body {
    private final List<Input> inputs;
    private final List<long[]> shapes;
    private final Recording recording;
    private final Plan plan;
    private final PlanProgram program;
    private final float[][] scratch;
    private final List<String> gradientNames;
    private final int operations;
    private final long operationBytes;
    private final double planningSeconds;

    /**
     * Plans and binds a recorded graph.
     *
     * @param narrowing which products multiply bfloat16s
     * @param gradient the slots of the last outputs, in their order; null if no output has a place of its own
     */
    PlannedBody(
            Computation computation,
            Recording recording,
            FlatVector gradient,
            Device device,
            Narrowing narrowing,
            FlatVector... bound) {
        this.inputs = computation.inputs();
        Graph graph = GraphReader.read(computation.graph(), recording, DataType.FLOAT, bound);
        int destinations = gradient == null ? 0 : gradient.slots().size();
        long started = System.nanoTime();
        this.plan = Planner.plan(graph, computation.outputs(), destinations, device.layout(), narrowing);
        this.planningSeconds = (System.nanoTime() - started) / 1e9;
        int read = computation.outputs().size() - destinations;
        this.shapes = computation.outputs().subList(0, read).stream()
                .map(output -> recording.array(output).shape())
                .toList();
        this.scratch = shapes.stream()
                .map(shape -> new float[Math.toIntExact(length(shape))])
                .toArray(float[][]::new);
        this.gradientNames = gradient == null
                ? List.of()
                : gradient.slots().stream().map(Slot::name).toList();
        this.operations = recording.entries().size();
        this.operationBytes = recording.entries().stream()
                .mapToLong(entry -> entry.prepared().bytes())
                .sum();
        boolean library = plan.kernels().stream().anyMatch(kernel -> kernel instanceof Plan.Kernel.Library);
        // A library operation may still write results that nobody wants to where the recording had them.
        this.recording = library ? recording : null;
        if (!library) {
            // Before the program takes memory of its own: of the two the recording needs more.
            recording.close();
        }
        this.program = device.bind(plan, new Places(graph, recording, gradient, device, bound));
    }

    private static long length(long[] shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        return length;
    }

    @Override
    public void run(List<INDArray> arrays) {
        setInputs(arrays);
        program.run();
    }

    @Override
    public boolean feed(List<InputSource> sources) {
        return program.feed(inputs.stream().map(Input::name).toList(), sources);
    }

    @Override
    public void run(StepFeed feed) {
        program.setInputs(feed);
        program.run();
    }

    @Override
    public Optional<StepQueue> queue(Updater updater) {
        return updater.queue(program);
    }

    private void setInputs(List<INDArray> arrays) {
        for (int i = 0; i < inputs.size(); i++) {
            program.setInput(inputs.get(i).name(), arrays.get(i));
        }
    }

    @Override
    public int size(int output) {
        return scratch[output].length;
    }

    @Override
    public void read(int output, double[] values) {
        float[] floats = scratch[output];
        program.read(output, floats);
        for (int i = 0; i < floats.length; i++) {
            values[i] = floats[i];
        }
    }

    @Override
    public INDArray copy(int output) {
        INDArray copy = Nd4j.createUninitializedDetached(DataType.FLOAT, 'c', shapes.get(output));
        program.read(output, copy);
        return copy;
    }

    @Override
    public Optional<Explanation> explain(List<INDArray> arrays, int runs, double updateMicroseconds) {
        long[][] times = new long[runs][plan.kernels().size()];
        for (long[] run : times) {
            setInputs(arrays);
            program.run(run);
        }
        List<Explanation.Line> lines = new Explainer(plan, gradientNames).lines(times);
        return Optional.of(new Explanation(
                lines, updateMicroseconds, operations, operationBytes, plan.arena() * Float.BYTES, planningSeconds));
    }

    @Override
    public void close() {
        program.close();
        if (recording != null) {
            recording.close();
        }
    }

    private static final class Places implements PlanBindings {
        private final Graph graph;
        private final FlatVector gradient;
        private final Map<String, Slice> vectors = new HashMap<>();
        private final Map<String, Operation> operations = new HashMap<>();

        Places(Graph graph, Recording recording, FlatVector gradient, Device device, FlatVector[] bound) {
            this.graph = graph;
            this.gradient = gradient;
            for (FlatVector vector : bound) {
                requireThere(vector, device);
                for (Slot slot : vector.slots()) {
                    vectors.put(slot.name(), new Slice(vector.storage(), slot.offset()));
                }
            }
            recording.entries().forEach(entry -> operations.put(entry.op().getName(), entry.prepared()));
        }

        /** A program would find what was there when it was bound, and nothing that is written later. */
        private static void requireThere(FlatVector vector, Device device) {
            if (!vector.device().name().equals(device.name())) {
                throw new IllegalArgumentException("a vector is on device "
                        + vector.device().name() + ", and the program on device " + device.name()
                        + ": make it with FlatVector.zeros(device, slots, type)");
            }
        }

        @Override
        public Slice vector(String name) {
            return vectors.get(name);
        }

        @Override
        public double[] literal(String name) {
            return graph.variables().get(name).values();
        }

        @Override
        public Slice destination(int output) {
            return new Slice(gradient.storage(), gradient.slots().get(output).offset());
        }

        @Override
        public Operation operation(String name) {
            return operations.get(name);
        }
    }
}
