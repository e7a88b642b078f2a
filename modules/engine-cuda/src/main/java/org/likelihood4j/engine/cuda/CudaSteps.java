package org.likelihood4j.engine.cuda;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.StepQueue;

/**
 * Whole steps of a program, each one graph: what it is told goes to the card, inputs are made of it, the program runs, and its results and
 * the gradient's norm come back beside the update. Two take turns, so that one is there whenever the card has done the other. What a step is
 * told and what it reports has pinned memory of its turn, which the host may touch when the turn's last step is done.
 */
final class CudaSteps implements StepQueue {
    private static final int DEPTH = 2;

    private final class Turn {
        final Pointer told = resources.pin(feed.bytes());
        final Pointer rates = resources.pin(2L * Double.BYTES);
        final Pointer results = resources.pin(program.resultBytes());
        final Pointer norm = resources.pin(Double.BYTES);
        final Pointer done = resources.event(false);
        private Pointer graph;

        void enqueue() {
            feed.enqueue(told);
            program.enqueue(results);
            update.enqueue(decide, rates, norm);
        }

        /** The very first step of all is given kernel by kernel, so that the libraries load what graphs will need. */
        void give() {
            if (!loaded) {
                enqueue();
                loaded = true;
            } else {
                graph = graph == null ? resources.graph(this::enqueue) : graph;
                card.launch(graph);
            }
            card.record(done, card.stream());
        }
    }

    private final CardResources resources;
    private final Card card;
    private final CudaProgram program;
    private final CudaFeed feed;
    private final CudaUpdate update;
    private final OptimizerState state;
    private final CudaVectors vectors;
    private final CudaUpdate.Kernel decide;
    private final List<Turn> turns = new ArrayList<>();
    private boolean loaded;
    private long begun;
    private long read;

    /** Of a program whose first output is the loss. */
    CudaSteps(
            CardResources resources,
            CudaProgram program,
            CudaFeed feed,
            CudaUpdate update,
            OptimizerState state,
            CudaVectors vectors) {
        this.resources = resources;
        this.card = resources.card();
        this.program = program;
        this.feed = feed;
        this.update = update;
        this.state = state;
        this.vectors = vectors;
        this.decide = update.deciding(program.address(0));
        for (int i = 0; i < DEPTH; i++) {
            turns.add(new Turn());
        }
    }

    private Turn turn(long step) {
        return turns.get((int) (step % DEPTH));
    }

    @Override
    public int depth() {
        return DEPTH;
    }

    @Override
    public void begin(Step step) {
        if (begun - read == DEPTH) {
            throw new IllegalStateException(DEPTH + " steps have begun and have not been read");
        }
        Turn turn = turn(begun);
        feed.write(step.feed(), turn.told);
        turn.rates.setDouble(0, (double) state.steps());
        turn.rates.setDouble(Double.BYTES, step.learningRate());
        program.bringVectors();
        vectors.bring();
        card.locked(() -> {
            turn.give();
            program.changeVectors();
            vectors.change();
        });
        state.advance();
        begun++;
    }

    @Override
    public double await() {
        if (begun == read) {
            throw new IllegalStateException("no step has begun");
        }
        Turn turn = turn(read);
        card.await(turn.done);
        read++;
        return turn.norm.getDouble(0);
    }

    @Override
    public void read(int output, float[] values) {
        program.place(turn(read - 1).results, output).read(0, values, 0, values.length);
    }

    @Override
    public void restart() {
        card.await();
        long without = begun - read + 1;
        state.restoreSteps(state.steps() - without);
        update.proceed();
        read = begun;
    }
}
