package org.likelihood4j.engine.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.PlanProgram;
import org.likelihood4j.engine.StepQueue;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.Updater;
import org.likelihood4j.engine.cuda.CudaUpdate.Vectors;
import org.likelihood4j.engine.cuda.source.Tiles;

/** Updates vectors that are on a card; only the learning rate and the number of steps are handed over. */
final class CudaUpdater implements Updater {
    private final Card card;
    private final OptimizerState state;
    private final CudaVectors vectors;
    private final CudaUpdate update;

    CudaUpdater(CudaDevice device, UpdateRule rule, FlatVector parameters, FlatVector gradient, Tiles tiles) {
        this.card = device.card();
        this.state = new OptimizerState(rule, parameters);
        List<CudaStorage> updated = new ArrayList<>();
        updated.add(CudaStorage.of(parameters.storage(), card));
        List<Long> moments = new ArrayList<>();
        for (FlatVector moment : state.moments().values()) {
            updated.add(CudaStorage.of(moment.storage(), card));
            moments.add(updated.get(updated.size() - 1).address());
        }
        long average = 0;
        if (state.ema().isPresent()) {
            CudaStorage ema = CudaStorage.of(state.ema().get().storage(), card);
            updated.add(ema);
            average = ema.address();
        }
        // Whether a loss is finite has been seen before an update is asked for: this one is 0.
        CudaStorage loss = device.allocate(1);
        updated.add(loss);
        this.vectors = new CudaVectors(CudaStorage.of(gradient.storage(), card), updated);
        this.update = CudaUpdate.of(
                card,
                rule,
                parameters.slots(),
                new Vectors(updated.get(0).address(), vectors.gradient().address(), moments, average, loss.address()),
                tiles);
    }

    /** Who gives its own things back. */
    CudaUpdate update() {
        return update;
    }

    @Override
    public void measure() {
        vectors.gradient().toCard();
        update.measure();
    }

    @Override
    public double norm() {
        return update.norm();
    }

    @Override
    public void apply(double learningRate) {
        vectors.bring();
        update.prepare(state.steps(), learningRate);
        card.locked(() -> {
            update.enqueueUpdate();
            vectors.change();
        });
        state.advance();
    }

    @Override
    public Optional<StepQueue> queue(PlanProgram program) {
        return program instanceof CudaProgram own
                ? own.inOnePiece((resources, feed) -> new CudaSteps(resources, own, feed, update, state, vectors))
                : Optional.empty();
    }

    @Override
    public void await() {
        update.await();
    }

    @Override
    public OptimizerState state() {
        return state;
    }
}
