package org.likelihood4j.training.loop;

import java.util.List;
import java.util.function.Function;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Prefetch;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.StepFeeds;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.training.rounds.StepInputs;
import org.likelihood4j.training.rounds.StepPlan;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rounds of one step, of whole batches, in this process; inputs are prepared on another thread while earlier steps are taken. */
final class OwnRounds implements Rounds {
    private final StepPlan plan;
    private final StepInputs inputs;
    private final OneStep way;
    private final int prefetched;

    /**
     * By the program's own memory or by inputs that are handed over.
     *
     * @param program of that many rows, compiled from {@code loss}
     * @param prefetched how many steps' inputs wait ready
     */
    OwnRounds(
            StepPlan plan,
            StepInputs inputs,
            ModelFunction loss,
            TrainingProgram program,
            Examples train,
            int prefetched) {
        this.plan = plan;
        this.inputs = inputs;
        this.way = way(plan, inputs, loss, program, train);
        this.prefetched = prefetched;
    }

    private static OneStep way(
            StepPlan plan, StepInputs inputs, ModelFunction loss, TrainingProgram program, Examples train) {
        StepFeeds feeds = new StepFeeds(loss.inputs(), plan.config().seed());
        return program.feed(feeds.sources(train))
                ? new OneStep.Fed(program, feeds, plan)
                : new OneStep.Whole(program, inputs);
    }

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
            this.prepared = new Prefetch<>("batches", end - from, prefetched, i -> way.prepare(from + i));
        }

        @Override
        public List<StepResult> take(long to, double factor) {
            release();
            last = prepared.next();
            StepResult result = way.take(step, plan.learningRate(step) * factor, last);
            step++;
            return List.of(result);
        }

        @Override
        public <T> T lastBatch(Function<List<INDArray>, T> use) {
            if (way instanceof OneStep.Whole) {
                return use.apply(last);
            }
            return inputs.withWhole(step - 1, use);
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
