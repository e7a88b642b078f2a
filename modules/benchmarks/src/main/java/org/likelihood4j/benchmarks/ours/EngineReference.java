package org.likelihood4j.benchmarks.ours;

import java.util.HashMap;
import java.util.Map;
import org.likelihood4j.benchmarks.work.Agreement;
import org.likelihood4j.benchmarks.work.Case;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.likelihood4j.engine.Engines;

/**
 * The reference engine in float64, whose gradients the project's own tests check. In float32 it would itself be as far from the
 * truth as the contenders are.
 */
public final class EngineReference implements Reference {
    private final Case theCase;
    private final Ours ours;

    /** What several contenders are held against is computed once. */
    private final Map<Integer, float[]> trained = new HashMap<>();

    private Value first;

    public EngineReference(Case theCase) {
        this.theCase = theCase;
        this.ours = new Ours("reference", Engines.reference(), Agreement.FLOAT32, theCase.precise());
    }

    @Override
    public float[] start() {
        return theCase.weights();
    }

    @Override
    public Value value() {
        if (first == null) {
            first = value(start());
        }
        return first;
    }

    @Override
    public Value value(float[] weights) {
        ours.load(weights);
        double loss = ours.loss(0);
        return new Value(loss, ours.gradient());
    }

    @Override
    public float[] trained(int steps) {
        return trained.computeIfAbsent(steps, count -> {
            ours.reset();
            ours.run(Phase.STEP, count);
            return ours.weights();
        });
    }

    @Override
    public void close() {
        ours.close();
    }
}
