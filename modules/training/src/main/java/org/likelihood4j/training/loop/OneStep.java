package org.likelihood4j.training.loop;

import java.util.List;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.StepFeeds;
import org.likelihood4j.training.rounds.ShardedStep;
import org.likelihood4j.training.rounds.StepInputs;
import org.likelihood4j.training.rounds.StepPlan;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A way to take one step in this process, in two halves. */
sealed interface OneStep {
    /** What can be made before the parameters are known; from any thread. */
    List<List<INDArray>> prepare(long step);

    /** The rest. */
    StepResult take(long step, double learningRate, List<List<INDArray>> prepared);

    /** The batch as a whole. */
    record Whole(TrainingProgram program, StepInputs inputs) implements OneStep {
        @Override
        public List<List<INDArray>> prepare(long step) {
            return List.of(inputs.whole(step));
        }

        @Override
        public StepResult take(long step, double learningRate, List<List<INDArray>> prepared) {
            return program.step(learningRate, prepared.get(0));
        }
    }

    /** The batch as a whole, whose inputs the device makes. */
    record Fed(TrainingProgram program, StepFeeds feeds, StepPlan plan) implements OneStep {
        @Override
        public List<List<INDArray>> prepare(long step) {
            return List.of();
        }

        @Override
        public StepResult take(long step, double learningRate, List<List<INDArray>> prepared) {
            int rows = plan.config().training().batch();
            return program.step(
                    learningRate, feeds.step(plan.order(step), plan.index(step), rows, step, plan.klWeight(step)));
        }
    }

    /** The batch in shards. */
    record Sharded(ShardedStep sharded, StepInputs inputs, int shards) implements OneStep {
        @Override
        public List<List<INDArray>> prepare(long step) {
            return inputs.shards(step, 0, shards);
        }

        @Override
        public StepResult take(long step, double learningRate, List<List<INDArray>> prepared) {
            return sharded.take(learningRate, prepared);
        }
    }
}
