package org.likelihood4j.engine.reference;

import java.util.List;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.Updater;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A training step over flat vectors, whichever way the gradient comes about: evaluate, then update if all is finite. */
public abstract class FlatTraining implements TrainingProgram {
    private final FlatVector parameters;
    private final FlatVector gradient;
    private final Updater updater;

    protected FlatTraining(FlatVector parameters, FlatVector gradient, Updater updater) {
        this.parameters = parameters;
        this.gradient = gradient;
        this.updater = updater;
    }

    @Override
    public final StepResult step(double learningRate, List<INDArray> inputs) {
        return updated(learningRate, evaluate(inputs));
    }

    /** After an update, where the result is finite. */
    protected final StepResult updated(double learningRate, StepResult result) {
        if (result.finite()) {
            updater.apply(learningRate);
        }
        return result;
    }

    @Override
    public final double update(double learningRate) {
        updater.measure();
        double norm = updater.norm();
        if (Double.isFinite(norm)) {
            updater.apply(learningRate);
        }
        return norm;
    }

    protected final Updater updater() {
        return updater;
    }

    @Override
    public final FlatVector gradient() {
        return gradient;
    }

    @Override
    public final FlatVector parameters() {
        return parameters;
    }

    @Override
    public final OptimizerState state() {
        return updater.state();
    }
}
