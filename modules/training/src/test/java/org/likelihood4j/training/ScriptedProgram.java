package org.likelihood4j.training;

import java.util.List;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A program that does what a test says, and must be asked for nothing else. */
public abstract class ScriptedProgram implements TrainingProgram {
    private static AssertionError notAskedFor() {
        return new AssertionError("not asked for");
    }

    @Override
    public StepResult evaluate(List<INDArray> inputs) {
        throw notAskedFor();
    }

    @Override
    public double update(double learningRate) {
        throw notAskedFor();
    }

    @Override
    public StepResult step(double learningRate, List<INDArray> inputs) {
        throw notAskedFor();
    }

    @Override
    public FlatVector gradient() {
        throw notAskedFor();
    }

    @Override
    public FlatVector parameters() {
        throw notAskedFor();
    }

    @Override
    public OptimizerState state() {
        throw notAskedFor();
    }

    @Override
    public void close() {}
}
