package org.likelihood4j.engine.cuda;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.PlanProgram;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Buffer;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A plan bound to a card. Its first run gives kernel after kernel to the card, whose libraries load then what they will need; the second
 * one is captured, and from then on a run is one graph, or with operations of the library one between each two of them.
 *
 * <p>A run, and setting an input, only give work to the card; reading waits for it. One thread at a time.
 */
public final class CudaProgram implements PlanProgram {
    private static final int FLOAT = Float.BYTES;

    /** Where the plan's outside places are, on the card. */
    public interface Places {
        /** The address of a named slot. */
        long vector(String name);

        /** The values of a constant, in C order. */
        double[] literal(String name);

        /** The address at which an output is wanted. */
        long destination(int output);

        /** The prepared operation of a library kernel, which runs on the host. */
        PlanBindings.Operation operation(String name);
    }

    /** An input's way to the card: memory that must not change until the card has read it. */
    private static final class Staging {
        final Buffer buffer;
        final Pointer memory;
        final Pointer read;
        boolean sent;

        Staging(Buffer buffer, Pointer memory, Pointer read) {
            this.buffer = buffer;
            this.memory = memory;
            this.read = read;
        }
    }

    /** Some of the kernels, from one on up to another: a graph, or one operation of the library. */
    private final class Section {
        final int from;
        final int to;
        final Lanes lanes;
        final Map<Integer, Pointer> done = new HashMap<>();
        boolean loaded;
        Pointer graph;

        Section(int from, int to) {
            this.from = from;
            this.to = to;
            this.lanes = new Lanes(bound.pieces().subList(from, to));
        }

        boolean isHost() {
            return plan.kernels().get(from) instanceof Kernel.Library;
        }

        void run() {
            if (isHost()) {
                bound.run(from);
            } else if (!loaded) {
                enqueue();
                loaded = true;
            } else {
                if (graph == null) {
                    graph = card.capture(bound.main().stream(), this::enqueue);
                }
                card.check(card.driver().cuGraphLaunch(graph, bound.main().stream()), "cuGraphLaunch");
            }
        }

        /** Other lanes begin behind the first one's mark, and the first one ends behind theirs. */
        private void enqueue() {
            for (int lane = 1; lane < Lanes.COUNT; lane++) {
                if (lanes.uses(lane)) {
                    pass(-1 - lane, bound.main(), bound.lanes().get(lane));
                }
            }
            for (int kernel = from; kernel < to; kernel++) {
                BoundPlan.Lane lane = bound.lane(kernel);
                for (int before : lanes.waits(kernel - from)) {
                    card.waitFor(done.get(before), lane.stream());
                }
                bound.run(kernel);
                if (lanes.isAwaited(kernel - from)) {
                    card.record(mark(kernel - from), lane.stream());
                }
            }
            for (int lane = 1; lane < Lanes.COUNT; lane++) {
                if (lanes.uses(lane)) {
                    pass(to - from + lane, bound.lanes().get(lane), bound.main());
                }
            }
        }

        private void pass(int mark, BoundPlan.Lane before, BoundPlan.Lane after) {
            Pointer event = mark(mark);
            card.record(event, before.stream());
            card.waitFor(event, after.stream());
        }

        private Pointer mark(int number) {
            return done.computeIfAbsent(number, unknown -> card.event(false));
        }

        void close() {
            done.values().forEach(event -> card.check(card.driver().cuEventDestroy_v2(event), "cuEventDestroy"));
            if (graph != null) {
                card.check(card.driver().cuGraphExecDestroy(graph), "cuGraphExecDestroy");
            }
        }
    }

    private final Card card;
    private final Plan plan;
    private final BoundPlan bound;
    private final Map<String, Staging> inputs = new HashMap<>();
    private final List<Section> sections = new ArrayList<>();
    private final Pointer outputs;

    /** Binds; compiles what has not been compiled on this machine before. */
    public CudaProgram(Card card, Plan plan, Places places, Tiles tiles) {
        this.card = card;
        this.plan = plan;
        card.enter();
        this.bound = new BoundPlan(card, plan, places, tiles);
        for (Buffer buffer : plan.buffers()) {
            if (buffer.place() instanceof Place.Input input) {
                inputs.put(input.name(), new Staging(buffer, card.pin(buffer.bytes()), card.event(false)));
            }
        }
        int from = 0;
        for (int i = 0; i <= plan.kernels().size(); i++) {
            boolean host = i < plan.kernels().size() && plan.kernels().get(i) instanceof Kernel.Library;
            if (host || i == plan.kernels().size()) {
                if (i > from) {
                    sections.add(new Section(from, i));
                }
                if (host) {
                    sections.add(new Section(i, i + 1));
                }
                from = i + 1;
            }
        }
        long longest = plan.outputs().stream()
                .mapToLong(id -> plan.buffers().get(id).bytes())
                .max()
                .orElse(0);
        this.outputs = card.pin(longest);
    }

    // ---- running ----------------------------------------------------------------------------------------------------

    @Override
    public void setInput(String name, INDArray array) {
        Staging staging = inputs.get(name);
        // An input that no output needs has no place.
        if (staging == null) {
            return;
        }
        card.enter();
        if (staging.sent) {
            card.check(card.driver().cuEventSynchronize(staging.read), "cuEventSynchronize");
        }
        boolean plain = !array.isView() && array.ordering() == 'c' && array.offset() == 0;
        INDArray from = plain ? array : array.dup('c');
        copy(BoundPlan.memory(from), staging.memory, staging.buffer.bytes());
        if (!plain) {
            from.close();
        }
        bound.upload(staging.buffer.id(), staging.memory);
        card.record(staging.read, bound.main().stream());
        staging.sent = true;
    }

    private static void copy(Pointer from, Pointer to, long bytes) {
        to.getByteBuffer(0, bytes).put(from.getByteBuffer(0, bytes));
    }

    @Override
    public void run() {
        card.enter();
        sections.forEach(Section::run);
    }

    @Override
    public void run(long[] times) {
        card.enter();
        // The first kernel may be another lane's than the one that brings the inputs.
        await();
        Pointer begin = card.event(true);
        Pointer end = card.event(true);
        for (int i = 0; i < times.length; i++) {
            Pointer stream = bound.lane(i).stream();
            card.record(begin, stream);
            bound.run(i);
            card.record(end, stream);
            // The next kernel may be another lane's.
            card.check(card.driver().cuEventSynchronize(end), "cuEventSynchronize");
            FloatByReference milliseconds = new FloatByReference();
            card.check(card.driver().cuEventElapsedTime(milliseconds, begin, end), "cuEventElapsedTime");
            times[i] += (long) (milliseconds.getValue() * 1e6);
        }
        card.check(card.driver().cuEventDestroy_v2(begin), "cuEventDestroy");
        card.check(card.driver().cuEventDestroy_v2(end), "cuEventDestroy");
    }

    @Override
    public void read(int output, float[] values) {
        fetch(output).read(0, values, 0, values.length);
    }

    @Override
    public void read(int output, INDArray array) {
        copy(fetch(output), BoundPlan.memory(array), array.length() * FLOAT);
    }

    /** Waits for all runs. */
    private Pointer fetch(int output) {
        card.enter();
        bound.download(plan.outputs().get(output), outputs);
        await();
        return outputs;
    }

    /** Waits until the card has done all that it was given. */
    public void await() {
        card.enter();
        card.await(bound.main().stream());
    }

    @Override
    public void close() {
        card.enter();
        await();
        sections.forEach(Section::close);
        inputs.values().forEach(staging -> {
            card.unpin(staging.memory);
            card.check(card.driver().cuEventDestroy_v2(staging.read), "cuEventDestroy");
        });
        card.unpin(outputs);
        bound.close();
    }
}
