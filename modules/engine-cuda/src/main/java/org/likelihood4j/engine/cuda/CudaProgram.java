package org.likelihood4j.engine.cuda;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.likelihood4j.engine.InputSource;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.PlanProgram;
import org.likelihood4j.engine.StepFeed;
import org.likelihood4j.engine.cuda.source.KernelSource;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.plan.Plan;
import org.likelihood4j.engine.plan.Plan.Buffer;
import org.likelihood4j.engine.plan.Plan.Place;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A plan bound to a card. Its first run gives kernel after kernel to the card, whose libraries load then what they will need; the second
 * one is captured, and from then on a run is one graph, or with operations of the library one between each two of them. At a run's end
 * all results come to the host, so that who reads them waits once.
 *
 * <p>A run, and setting an input, only give work to the card; reading waits for it. One thread at a time; other programs may be other threads'.
 */
public final class CudaProgram implements PlanProgram {
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
        final Lanes order;
        final Map<Integer, Pointer> done = new HashMap<>();
        boolean loaded;
        Pointer graph;

        Section(int from, int to) {
            this.from = from;
            this.to = to;
            this.order = new Lanes(bound.pieces().subList(from, to));
        }

        void run() {
            if (from < to && bound.isHost(from)) {
                bound.run(from);
            } else {
                card.locked(this::give);
            }
        }

        private void give() {
            if (!loaded) {
                enqueue(results);
                loaded = true;
                return;
            }
            if (graph == null) {
                graph = resources.graph(() -> enqueue(results));
            }
            card.launch(graph);
        }

        /**
         * Other lanes begin behind the first one's mark, and the first one ends behind theirs.
         *
         * @param into where the last section brings the results
         */
        void enqueue(Pointer into) {
            for (int lane = 1; lane < Lanes.COUNT; lane++) {
                if (order.uses(lane)) {
                    pass(-1 - lane, 0, lane);
                }
            }
            for (int kernel = from; kernel < to; kernel++) {
                Pointer stream = bound.lane(kernel).stream();
                for (int before : order.waits(kernel - from)) {
                    card.waitFor(done.get(before), stream);
                }
                bound.run(kernel);
                if (order.isAwaited(kernel - from)) {
                    card.record(mark(kernel - from), stream);
                }
            }
            if (to == plan.kernels().size()) {
                // Beside what other lanes may still be doing, which only write places of the caller's.
                bringResults(into);
            }
            for (int lane = 1; lane < Lanes.COUNT; lane++) {
                if (order.uses(lane)) {
                    pass(to - from + lane, lane, 0);
                }
            }
        }

        private void pass(int mark, int before, int after) {
            Pointer event = mark(mark);
            card.record(event, card.lane(before).stream());
            card.waitFor(event, card.lane(after).stream());
        }

        private Pointer mark(int number) {
            return done.computeIfAbsent(number, unknown -> resources.event(false));
        }
    }

    private final Card card;
    private final CardResources resources;
    private final Plan plan;
    private final BoundPlan bound;
    private final Tiles tiles;
    private final Runnable collect;
    private final Map<String, Staging> inputs = new HashMap<>();
    private final List<Section> sections = new ArrayList<>();
    /** All results, as the last run has left them. */
    private final Pointer results;
    /** Where each result is there; -1 for what has a place of the caller's. */
    private final long[] places;

    private final long resultBytes;
    /** Behind each run. */
    private final Pointer finished;

    private boolean running;
    /** Null as long as inputs are set. */
    private CudaFeed feed;

    /**
     * Binds; compiles what has not been compiled on this machine before.
     *
     * @param tf32 whether products round their factors to TF32
     * @param collect gives back what is on the card and nobody can reach
     */
    static CudaProgram bind(Card card, Plan plan, PlanBindings bindings, Tiles tiles, boolean tf32, Runnable collect) {
        KernelSource source = new KernelSource(plan, tiles);
        byte[] code = source.size() == 0 ? new byte[0] : card.compile(source.text());
        return card.make(resources -> new CudaProgram(
                resources, plan, new BoundPlan(resources, plan, bindings, source, code, tf32), tiles, collect));
    }

    private CudaProgram(CardResources resources, Plan plan, BoundPlan bound, Tiles tiles, Runnable collect) {
        this.tiles = tiles;
        this.collect = collect;
        this.card = resources.card();
        this.resources = resources;
        this.plan = plan;
        this.bound = bound;
        for (Buffer buffer : plan.buffers()) {
            if (buffer.place() instanceof Place.Input input) {
                inputs.put(input.name(), new Staging(buffer, resources.pin(buffer.bytes()), resources.event(false)));
            }
        }
        cut();
        this.places = new long[plan.outputs().size()];
        long room = 0;
        for (int i = 0; i < places.length; i++) {
            Buffer buffer = plan.buffers().get(plan.outputs().get(i));
            places[i] = buffer.place() instanceof Place.Destination ? -1 : room;
            room += places[i] < 0 ? 0 : buffer.bytes();
        }
        this.resultBytes = room;
        this.results = resources.pin(room);
        this.finished = resources.event(false);
    }

    /** The last section is the card's, so that it brings the results. */
    private void cut() {
        int from = 0;
        for (int i = 0; i < plan.kernels().size(); i++) {
            if (bound.isHost(i)) {
                if (i > from) {
                    sections.add(new Section(from, i));
                }
                sections.add(new Section(i, i + 1));
                from = i + 1;
            }
        }
        sections.add(new Section(from, plan.kernels().size()));
    }

    @Override
    public void setInput(String name, INDArray array) {
        Staging staging = inputs.get(name);
        // An input that no output needs has no place.
        if (staging == null) {
            return;
        }
        if (staging.sent) {
            card.await(staging.read);
        }
        HostArrays.read(array, staging.memory);
        card.locked(() -> {
            bound.upload(staging.buffer.id(), staging.memory);
            card.record(staging.read, card.stream());
        });
        staging.sent = true;
    }

    @Override
    public boolean feed(List<String> names, List<InputSource> sources) {
        if (feed != null) {
            throw new IllegalStateException("this program is fed already");
        }
        if (!hasRoom(sources)) {
            collect.run();
            if (!hasRoom(sources)) {
                return false;
            }
        }
        Map<Integer, Long> at = new HashMap<>();
        int rows = 0;
        for (int i = 0; i < names.size(); i++) {
            Staging staging = inputs.get(names.get(i));
            if (staging != null) {
                at.put(i, bound.address(staging.buffer.id()));
                rows = Math.toIntExact(staging.buffer.size() / sources.get(i).columns());
            }
        }
        try {
            feed = resources.own(CudaFeed.of(card, rows, sources, at, tiles), CudaFeed::close);
        } catch (CudaException e) {
            // Others may have been faster.
            if (!e.isNoRoom()) {
                throw e;
            }
        }
        return feed != null;
    }

    /** Data may take half of what is free: programs that come later need room, too. */
    private boolean hasRoom(List<InputSource> sources) {
        return CudaFeed.bytes(sources) <= card.free() / 2;
    }

    @Override
    public void setInputs(StepFeed told) {
        if (feed == null) {
            throw new IllegalStateException("this program is not fed");
        }
        feed.give(told);
    }

    /** Makes what takes its steps as a whole, which is given back with it; empty where it cannot be run so, or there is no room. */
    <T> Optional<T> inOnePiece(BiFunction<CardResources, CudaFeed, T> maker) {
        // Operations of the library wait for the card themselves.
        if (feed == null || sections.size() > 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(card.make(made -> {
                T steps = maker.apply(made, feed);
                resources.own(made, CardResources::close);
                return steps;
            }));
        } catch (CudaException e) {
            if (!e.isNoRoom()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Gives the work of a run to the card, also as a part of a graph; where no operation is the library's. */
    void enqueue(Pointer into) {
        sections.get(0).enqueue(into);
    }

    /** How much memory results need. */
    long resultBytes() {
        return resultBytes;
    }

    /** Where a result is in such memory. */
    Pointer place(Pointer within, int output) {
        if (places[output] < 0) {
            throw new IllegalArgumentException("output " + output + " is where the caller wanted it");
        }
        return within.share(places[output]);
    }

    /** Where an output is on the card. */
    long address(int output) {
        return bound.address(plan.outputs().get(output));
    }

    void bringVectors() {
        bound.bringVectors();
    }

    void changeVectors() {
        bound.changeVectors();
    }

    @Override
    public void run() {
        bound.bringVectors();
        if (sections.size() == 1) {
            card.locked(this::runSections);
        } else {
            // Operations of the library must not keep others from the card.
            runSections();
        }
    }

    private void runSections() {
        sections.forEach(Section::run);
        finish();
    }

    private void finish() {
        bound.changeVectors();
        card.locked(() -> card.record(finished, card.stream()));
        running = true;
    }

    private void bringResults(Pointer into) {
        for (int i = 0; i < places.length; i++) {
            if (places[i] >= 0) {
                bound.download(plan.outputs().get(i), place(into, i));
            }
        }
    }

    @Override
    public void run(long[] times) {
        bound.bringVectors();
        // The first kernel may be another lane's than the one that brings the inputs.
        card.await();
        try (CardResources marks = card.make(made -> made)) {
            Pointer begin = card.locked(() -> marks.event(true));
            Pointer end = card.locked(() -> marks.event(true));
            Pointer pass = card.locked(() -> marks.event(false));
            for (int i = 0; i < times.length; i++) {
                int kernel = i;
                if (bound.isHost(i)) {
                    card.locked(() -> card.record(begin, card.stream()));
                    bound.run(i);
                    card.locked(() -> card.record(end, card.stream()));
                } else {
                    card.locked(() -> time(kernel, begin, end, pass));
                }
                // The next kernel may be another lane's.
                card.await(end);
                FloatByReference milliseconds = new FloatByReference();
                card.check(card.driver().cuEventElapsedTime(milliseconds, begin, end), "cuEventElapsedTime");
                times[i] += (long) (milliseconds.getValue() * 1e6);
            }
        }
        card.locked(() -> bringResults(results));
        finish();
    }

    /** Gives a kernel to its lane, behind and before what others give to the first one, whose graphs use all lanes' workspaces. */
    private void time(int kernel, Pointer begin, Pointer end, Pointer pass) {
        Pointer stream = bound.lane(kernel).stream();
        boolean other = !stream.equals(card.stream());
        if (other) {
            card.record(pass, card.stream());
            card.waitFor(pass, stream);
        }
        card.record(begin, stream);
        bound.run(kernel);
        card.record(end, stream);
        if (other) {
            card.waitFor(end, card.stream());
        }
    }

    @Override
    public void read(int output, float[] values) {
        result(output).read(0, values, 0, values.length);
    }

    @Override
    public void read(int output, INDArray array) {
        HostArrays.write(result(output), array);
    }

    private Pointer result(int output) {
        if (running) {
            card.await(finished);
            running = false;
        }
        return place(results, output);
    }

    @Override
    public void close() {
        resources.close();
    }
}
