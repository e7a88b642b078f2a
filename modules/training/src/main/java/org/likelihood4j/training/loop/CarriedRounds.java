package org.likelihood4j.training.loop;

import java.util.List;
import java.util.function.Function;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.training.rounds.RoundDriver;
import org.likelihood4j.training.rounds.StepInputs;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rounds that are taken elsewhere. */
record CarriedRounds(RoundDriver driver, StepInputs inputs) implements Rounds {
    @Override
    public Stretch stretch(long from, long end) {
        return new CarriedStretch(from);
    }

    private final class CarriedStretch implements Stretch {
        private long step;

        CarriedStretch(long from) {
            this.step = from;
        }

        @Override
        public List<StepResult> take(long to, double factor) {
            List<StepResult> results = driver.take(step, to, factor);
            step += results.size();
            return results;
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
