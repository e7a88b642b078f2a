package org.likelihood4j.engine.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.cuda.source.UpdateSource;
import org.likelihood4j.engine.cuda.source.UpdateSource.State;

/**
 * An {@link UpdateRule} on a card, from a gradient that is there, to parameters that are there. {@link #measure} and {@link #apply} only
 * give work to a stream, and can be captured; all else waits for it.
 */
public final class CudaUpdate implements AutoCloseable {
    private static final int WARP = 32;

    private final Card card;
    private final Pointer stream;
    private final Pointer module;
    private final UpdateSource source;
    private final long state;
    private final long parts;
    private final long tickets;
    private final Pointer host;
    private final Kernel squares;
    private final Kernel decide;
    private final Kernel update;

    /**
     * Vectors on the card, all of one length, of which every element has been written.
     *
     * @param moments one, or Adam's two
     * @param average 0 if the rule keeps none
     * @param loss a float, that must be finite
     */
    public record Vectors(long parameters, long gradient, List<Long> moments, long average, long loss) {
        public Vectors {
            moments = List.copyOf(moments);
        }
    }

    private record Kernel(Pointer function, int blocks, int threads, Memory parameters) {}

    /** For parameters that no update has been applied to. */
    public CudaUpdate(Card card, UpdateRule rule, List<Slot> slots, Vectors vectors, Tiles tiles) {
        this.card = card;
        card.enter();
        this.stream = card.stream();
        this.source = new UpdateSource(rule, slots, tiles);
        this.module = card.load(source.text());
        this.state = card.allocate((long) UpdateSource.STATES * Double.BYTES);
        this.parts = card.allocate((long) source.blocks() * Double.BYTES);
        this.tickets = card.allocate(Float.BYTES);
        this.host = card.pin(Double.BYTES);
        card.check(card.driver().cuMemsetD32Async(state, 0, 2L * UpdateSource.STATES, stream), "cuMemsetD32");
        card.check(card.driver().cuMemsetD32Async(tickets, 0, 1, stream), "cuMemsetD32");
        card.await(stream);
        this.squares = kernel("squares", source.blocks(), source.threads(), vectors.gradient(), parts, tickets, state);
        this.decide = kernel("decide", 1, WARP, vectors.loss(), state);
        List<Long> all = new ArrayList<>(List.of(vectors.parameters(), vectors.gradient()));
        all.addAll(vectors.moments());
        if (rule.emaDecay().isPresent()) {
            all.add(vectors.average());
        }
        all.add(state);
        this.update = kernel(
                "update",
                source.blocks(),
                source.threads(),
                all.stream().mapToLong(address -> address).toArray());
    }

    private Kernel kernel(String name, int blocks, int threads, long... arguments) {
        return new Kernel(card.function(module, name), blocks, threads, Card.parameters(arguments));
    }

    private void launch(Kernel kernel, Pointer on) {
        card.launch(kernel.function(), kernel.blocks(), kernel.threads(), on, kernel.parameters());
    }

    /** Makes the gradient's norm. */
    void measure(Pointer on) {
        launch(squares, on);
    }

    /** Updates, if the norm that was made last and the loss are finite, and always were. */
    void apply(Pointer on) {
        launch(decide, on);
        launch(update, on);
    }

    /** The gradient's 2-norm, made now. */
    public double norm() {
        card.enter();
        measure(stream);
        return get(State.NORM);
    }

    /** Updates with a learning rate from the gradient whose {@link #norm} was made last. */
    public void apply(double learningRate) {
        card.enter();
        set(State.LEARNING_RATE, learningRate);
        apply(stream);
        card.await(stream);
    }

    /** How many updates there were. */
    public long steps() {
        return (long) get(State.STEPS);
    }

    /** Sets how many updates there were, when a saved state is restored. */
    public void restoreSteps(long taken) {
        set(State.STEPS, (double) taken);
    }

    /** Whether a loss or a norm was not finite, so that nothing is updated any more. */
    public boolean isHalted() {
        return get(State.HALTED) != 0;
    }

    /** Lets updates go on. */
    public void proceed() {
        set(State.HALTED, 0);
    }

    private double get(State what) {
        card.enter();
        card.download(host, state + (long) what.place() * Double.BYTES, Double.BYTES, stream);
        card.await(stream);
        return host.getDouble(0);
    }

    private void set(State what, double value) {
        card.enter();
        host.setDouble(0, value);
        card.upload(state + (long) what.place() * Double.BYTES, host, Double.BYTES, stream);
        card.await(stream);
    }

    @Override
    public void close() {
        card.enter();
        card.await(stream);
        card.check(card.driver().cuModuleUnload(module), "cuModuleUnload");
        List.of(state, parts, tickets).forEach(card::free);
        card.unpin(host);
        card.check(card.driver().cuStreamDestroy_v2(stream), "cuStreamDestroy");
    }
}
