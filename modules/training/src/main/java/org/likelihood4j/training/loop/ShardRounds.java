package org.likelihood4j.training.loop;

import java.util.List;
import java.util.function.Function;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.training.rounds.ShardSteps;
import org.likelihood4j.training.rounds.StepInputs;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rounds of one block, by shards, in this process.
 *
 * @param prefetched how many steps' inputs wait ready
 */
record ShardRounds(ShardSteps steps, StepInputs inputs, int prefetched) implements Rounds {
    @Override
    public Stretch stretch(long from, long end) {
        return new ShardStretch(steps.stretch(from, end, prefetched), inputs);
    }

    private record ShardStretch(ShardSteps.Stretch own, StepInputs inputs) implements Stretch {
        @Override
        public List<StepResult> take(long to, double factor) {
            return own.take(factor);
        }

        @Override
        public <T> T lastBatch(Function<List<INDArray>, T> use) {
            return inputs.withWhole(own.step() - 1, use);
        }

        @Override
        public void close() {
            own.close();
        }
    }
}
