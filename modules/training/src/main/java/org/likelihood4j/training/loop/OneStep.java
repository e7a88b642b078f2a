package org.likelihood4j.training.loop;

import java.util.List;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.StepFeeds;
import org.likelihood4j.training.rounds.StepInputs;
import org.likelihood4j.training.rounds.StepPlan;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A way to take one step in this process, in two halves. */
sealed interface OneStep {
    /** What can be made before the parameters are known; from any thread. */
    List<INDArray> prepare(long step);

    /** The rest. */
    StepResult take(long step, double learningRate, List<INDArray> prepared);

    /** The batch as a whole. */
    record Whole(TrainingProgram program, StepInputs inputs) implements OneStep {
        @Override
        public List<INDArray> prepare(long step) {
            return inputs.whole(step);
        }

        @Override
        public StepResult take(long step, double learningRate, List<INDArray> prepared) {
            return program.step(learningRate, prepared);
        }
    }

    /** The batch as a whole, whose inputs the device makes. */
    record Fed(TrainingProgram program, StepFeeds feeds, StepPlan plan) implements OneStep {
        @Override
        public List<INDArray> prepare(long step) {
            return List.of();
        }

        @Override
        public StepResult take(long step, double learningRate, List<INDArray> prepared) {
            int rows = plan.config().training().batch();
            return program.step(
                    learningRate, feeds.step(plan.order(step), plan.index(step), rows, step, plan.klWeight(step)));
        }
    }
}
