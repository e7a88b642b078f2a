package org.likelihood4j.training.loop;

import java.util.List;
import java.util.function.Function;
import org.likelihood4j.data.Prefetch;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.training.rounds.StepInputs;
import org.likelihood4j.training.rounds.StepPlan;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rounds of one step, of whole batches, in this process; inputs are prepared on another thread while earlier steps are taken.
 *
 * @param program of that many rows
 * @param prefetched how many steps' inputs wait ready
 */
record OwnRounds(StepPlan plan, StepInputs inputs, TrainingProgram program, int prefetched) implements Rounds {
    @Override
    public Stretch stretch(long from, long end) {
        return new OwnStretch(from, end);
    }

    private final class OwnStretch implements Stretch {
        private final Prefetch<List<INDArray>> prepared;
        private long step;
        private List<INDArray> last = List.of();

        OwnStretch(long from, long end) {
            this.step = from;
            this.prepared = new Prefetch<>("batches", end - from, prefetched, i -> inputs.whole(from + i));
        }

        @Override
        public List<StepResult> take(long to, double factor) {
            release();
            last = prepared.next();
            StepResult result = program.step(plan.learningRate(step) * factor, last);
            step++;
            return List.of(result);
        }

        @Override
        public <T> T lastBatch(Function<List<INDArray>, T> use) {
            return use.apply(last);
        }

        private void release() {
            if (!last.isEmpty()) {
                inputs.release(last);
            }
            last = List.of();
        }

        @Override
        public void close() {
            prepared.close();
            release();
        }
    }
}
