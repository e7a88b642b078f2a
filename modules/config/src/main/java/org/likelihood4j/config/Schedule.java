package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Range;

/** How the learning rate changes over a run: a pure function of the step, so that resuming needs no state. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = Schedule.Constant.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Schedule.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = Schedule.Step.class, name = "step"),
    @JsonSubTypes.Type(value = Schedule.Exponential.class, name = "exponential"),
    @JsonSubTypes.Type(value = Schedule.Cosine.class, name = "cosine"),
    @JsonSubTypes.Type(value = Schedule.Stages.class, name = "stages")
})
public sealed interface Schedule {
    /**
     * What the base learning rate is multiplied by in a step. Below, {@code epoch = floor(step / stepsPerEpoch)} is the
     * number of finished epochs.
     *
     * @param step the number of steps already done, counted over the whole run; at least 0
     * @param stepsPerEpoch steps in an epoch; at least 1
     * @param totalSteps steps in the whole run; at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    double factor(long step, long stepsPerEpoch, long totalSteps);

    /** {@code factor = 1}. */
    record Constant() implements Schedule {
        @Override
        public double factor(long step, long stepsPerEpoch, long totalSteps) {
            finishedEpochs(step, stepsPerEpoch, totalSteps);
            return 1;
        }
    }

    /**
     * {@code factor = factor^floor(epoch / every)}.
     *
     * @param every epochs between two drops; at least 1, default 10
     * @param factor what a drop multiplies by; above 0 and at most 1, default 0.5
     */
    record Step(Integer every, Double factor) implements Schedule {
        /** Fills in the defaults and checks them. */
        public Step {
            every = Check.atLeast(1, "every", every, 10);
            factor = Check.factor("factor", factor, 0.5);
        }

        @Override
        public double factor(long step, long stepsPerEpoch, long totalSteps) {
            return Math.pow(factor, (double) (finishedEpochs(step, stepsPerEpoch, totalSteps) / every));
        }
    }

    /**
     * {@code factor = factor^epoch}: it drops between epochs and is constant within one.
     *
     * @param factor what an epoch multiplies by; above 0 and at most 1, default 0.99
     */
    record Exponential(Double factor) implements Schedule {
        /** Fills in the default and checks it. */
        public Exponential {
            factor = Check.factor("factor", factor, 0.99);
        }

        @Override
        public double factor(long step, long stepsPerEpoch, long totalSteps) {
            return Math.pow(factor, (double) finishedEpochs(step, stepsPerEpoch, totalSteps));
        }
    }

    /**
     * {@code factor = f + (1 - f) (1 + cos(pi t)) / 2} with {@code t = min(1, step / totalSteps)} and
     * {@code f = finalFraction}: from 1 at the first step smoothly towards f, which it would reach one step after the
     * last.
     *
     * @param finalFraction what is left of the learning rate at the end; at least 0 and at most 1, default 0
     */
    record Cosine(Double finalFraction) implements Schedule {
        /** Fills in the default and checks it. */
        public Cosine {
            finalFraction = Check.within(Range.atLeast(0).atMost(1), "finalFraction", finalFraction, 0);
        }

        @Override
        public double factor(long step, long stepsPerEpoch, long totalSteps) {
            finishedEpochs(step, stepsPerEpoch, totalSteps);
            double t = Math.min(1, (double) step / totalSteps);
            return finalFraction + (1 - finalFraction) * (1 + Math.cos(Math.PI * t)) / 2;
        }
    }

    /**
     * {@code factor = f^(i/(S - 1))} in stage i = 0, ..., S - 1 with {@code f = finalFraction}; after the last one it stays f.
     *
     * @param epochs how many epochs each of the S stages has; 1 to 100 numbers, each 1 to 2^20; default those of Burda et al. 2016, 3^i for i = 0 to 7
     * @param finalFraction what is left of the learning rate in the last stage; above 0 and at most 1, default theirs, 0.1
     */
    record Stages(List<Integer> epochs, Double finalFraction) implements Schedule {
        private static final List<Integer> EPOCHS = List.of(1, 3, 9, 27, 81, 243, 729, 2187);

        /** Fills in the defaults and checks them. */
        public Stages {
            epochs = Check.or(Check.stages("epochs", epochs), EPOCHS);
            if (epochs.isEmpty()) {
                throw new ConfigException("epochs", "must name the epochs of at least one stage, such as [1, 3, 9]");
            }
            finalFraction = Check.factor("finalFraction", finalFraction, 0.1);
        }

        @Override
        public double factor(long step, long stepsPerEpoch, long totalSteps) {
            long left = finishedEpochs(step, stepsPerEpoch, totalSteps);
            int stage = 0;
            while (stage < epochs.size() - 1 && left >= epochs.get(stage)) {
                left -= epochs.get(stage);
                stage++;
            }
            return stage == 0 ? 1 : Math.pow(finalFraction, (double) stage / (epochs.size() - 1));
        }
    }

    private static long finishedEpochs(long step, long stepsPerEpoch, long totalSteps) {
        if (step < 0 || stepsPerEpoch < 1 || totalSteps < 1) {
            throw new IllegalArgumentException("step must be at least 0, stepsPerEpoch and totalSteps at least 1, were "
                    + step + ", " + stepsPerEpoch + ", " + totalSteps);
        }
        return step / stepsPerEpoch;
    }
}
