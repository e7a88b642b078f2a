package org.likelihood4j.training.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.likelihood4j.engine.StepFeed;
import org.likelihood4j.engine.StepQueue;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.StepFeeds;
import org.likelihood4j.training.rounds.StepCheck;
import org.likelihood4j.training.rounds.StepInputs;
import org.likelihood4j.training.rounds.StepPlan;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rounds of several steps, of whole batches whose inputs the device makes: it begins one before the host has read the one before it. What the device cannot see
 * ends a round with the parameters of some steps later: a metric that is not finite where the loss is.
 *
 * @param program that is fed by {@code feeds}
 */
record FedRounds(StepPlan plan, StepCheck check, StepInputs inputs, StepFeeds feeds, TrainingProgram program)
        implements Rounds {
    /** So many that it hardly matters that none has begun when a round does. */
    private static final int MOST = 16;
    /** Nor takes a round much longer than this: a training ends soon when it is asked to. */
    private static final double SECONDS = 0.5;

    @Override
    public Stretch stretch(long from, long end) {
        return new FedStretch(from);
    }

    private final class FedStretch implements Stretch {
        private long step;
        private int most = 2;

        FedStretch(long from) {
            this.step = from;
        }

        @Override
        public List<StepResult> take(long to, double factor) {
            long began = System.nanoTime();
            // A bound of the norm is the host's to see, after which no step may follow.
            long end = Math.min(to, step + (check.bound() == null ? most : 1));
            List<StepQueue.Step> steps = new ArrayList<>();
            for (long at = step; at < end; at++) {
                steps.add(new StepQueue.Step(plan.learningRate(at) * factor, feed(at)));
            }
            List<StepResult> results = withoutFollowers(program.steps(steps));
            step += results.size();
            double each = (System.nanoTime() - began) / 1e9 / results.size();
            most = (int) Math.max(1, Math.min(MOST, SECONDS / each));
            return results;
        }

        private StepFeed feed(long at) {
            int rows = plan.config().training().batch();
            return feeds.step(plan.order(at), plan.index(at), rows, at, plan.klWeight(at));
        }

        /** Up to the first that the training cannot go on after. */
        private List<StepResult> withoutFollowers(List<StepResult> results) {
            int size = 1;
            while (size < results.size() && check.notFinite(results.get(size - 1)) == null) {
                size++;
            }
            return results.subList(0, size);
        }

        @Override
        public <T> T lastBatch(Function<List<INDArray>, T> use) {
            return inputs.withWhole(step - 1, use);
        }

        /** Nothing is left open. */
        @Override
        public void close() {}
    }
}
