package org.likelihood4j.training;

import java.util.OptionalDouble;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.ModelFunction;

/** An optimiser's state to save beside chosen values: only a training program can make one. */
public final class UntrainedProgram implements AutoCloseable {
    private final TrainingProgram program;

    public UntrainedProgram(ModelValues values) {
        ModelFunction loss = values.model().trainingLoss();
        program = Engines.reference()
                .compileTraining(
                        new Computation(
                                loss.graph(), InputArrays.declare(loss.inputs(), values.type(), 2), loss.outputNames()),
                        values.parameters(),
                        new UpdateRule(new Optimizer.Momentum(0, 0), OptionalDouble.empty(), OptionalDouble.empty()),
                        values.constants());
    }

    public OptimizerState state() {
        return program.state();
    }

    @Override
    public void close() {
        program.close();
    }
}
