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
 * An {@link UpdateRule} on a card, from a gradient that is there, to parameters that are there. Updates only give work to the card; what asks
 * for a number waits for it. One thread at a time.
 */
public final class CudaUpdate implements AutoCloseable {
    private static final int WARP = 32;

    private final Card card;
    private final CardResources resources;
    private final long state;
    /** What is handed to the card, which must not change until the card has read it. */
    private final Pointer given;

    private final Pointer read;
    private boolean sent;

    /** What is asked of the card, and the norm behind it. */
    private final Pointer asked;

    private final Pointer measured;

    private final Pointer module;
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

    /** With what it is handed. */
    record Kernel(Pointer function, int blocks, int threads, Memory parameters) {}

    /** For parameters that no update has been applied to. */
    public static CudaUpdate of(Card card, UpdateRule rule, List<Slot> slots, Vectors vectors, Tiles tiles) {
        UpdateSource source = new UpdateSource(rule, slots, tiles);
        byte[] code = card.compile(source.text());
        return card.make(resources -> new CudaUpdate(resources, rule, source, code, vectors));
    }

    private CudaUpdate(CardResources resources, UpdateRule rule, UpdateSource source, byte[] code, Vectors vectors) {
        this.card = resources.card();
        this.resources = resources;
        this.module = resources.module(code);
        this.state = resources.allocate((long) UpdateSource.STATES * Double.BYTES);
        this.given = resources.pin((long) UpdateSource.STATES * Double.BYTES);
        this.read = resources.event(false);
        this.asked = resources.pin(2L * Double.BYTES);
        this.measured = resources.event(false);
        long parts = resources.allocate((long) source.blocks() * Double.BYTES);
        long tickets = resources.allocate(Float.BYTES);
        card.clear(state, 2L * UpdateSource.STATES);
        card.clear(tickets, 1);
        this.squares = kernel("squares", source.blocks(), source.threads(), vectors.gradient(), parts, tickets, state);
        this.decide = deciding(vectors.loss());
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

    /** What decides whether an update goes on, by a loss on the card that must be finite as well. */
    Kernel deciding(long loss) {
        return kernel("decide", 1, WARP, loss, state);
    }

    private Kernel kernel(String name, int blocks, int threads, long... arguments) {
        return new Kernel(card.function(module, name), blocks, threads, Card.parameters(arguments));
    }

    private void launch(Kernel kernel) {
        card.launch(kernel.function(), kernel.blocks(), kernel.threads(), card.stream(), kernel.parameters());
    }

    /** Gives the card the work that makes the gradient's norm, also as a part of a graph; the card is locked. */
    void enqueueNorm() {
        launch(squares);
    }

    /** The work that updates, if the norm that was made last and the loss are finite, and always were; in the same way. */
    void enqueueUpdate() {
        launch(decide);
        launch(update);
    }

    /**
     * The work of a whole update, in the same way.
     *
     * @param rates pinned memory with what {@link #prepare} takes, read when the card comes to it
     * @param norm pinned memory that the gradient's norm is brought to
     */
    void enqueue(Kernel deciding, Pointer rates, Pointer norm) {
        card.upload(at(State.STEPS), rates, 2L * Double.BYTES);
        enqueueNorm();
        launch(deciding);
        launch(update);
        card.download(norm, at(State.NORM), Double.BYTES);
    }

    /** Begins to make the gradient's 2-norm. */
    public void measure() {
        card.locked(() -> {
            enqueueNorm();
            card.download(asked.share(Double.BYTES), at(State.NORM), Double.BYTES);
            card.record(measured, card.stream());
        });
    }

    /** The norm that was measured last. */
    public double norm() {
        card.await(measured);
        return asked.getDouble(Double.BYTES);
    }

    /** What later updates are to know: how many there were, and their learning rate. */
    void prepare(long steps, double learningRate) {
        give(State.STEPS, (double) steps, learningRate);
    }

    /** Waits until the card has done what it was given. */
    void await() {
        card.await();
    }

    /** How many updates there were. */
    public long steps() {
        return (long) get(State.STEPS);
    }

    /** Whether a loss or a norm was not finite, so that nothing is updated any more. */
    public boolean isHalted() {
        return get(State.HALTED) != 0;
    }

    /** Lets updates go on. */
    public void proceed() {
        give(State.HALTED, 0);
    }

    private double get(State what) {
        card.locked(() -> card.download(asked, at(what), Double.BYTES));
        card.await();
        return asked.getDouble(0);
    }

    private void give(State first, double... values) {
        if (sent) {
            card.await(read);
        }
        given.write(0, values, 0, values.length);
        card.locked(() -> {
            card.upload(at(first), given, (long) values.length * Double.BYTES);
            card.record(read, card.stream());
        });
        sent = true;
    }

    private long at(State what) {
        return state + (long) what.place() * Double.BYTES;
    }

    @Override
    public void close() {
        resources.close();
    }
}
