package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.likelihood4j.config.rules.Check;

/** How the weight of the KL rises during training: a pure function of the step. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = Warmup.None.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Warmup.None.class, name = "none"),
    @JsonSubTypes.Type(value = Warmup.Linear.class, name = "linear"),
    @JsonSubTypes.Type(value = Warmup.Cyclical.class, name = "cyclical")
})
public sealed interface Warmup {
    /**
     * What beta is multiplied by in a step, in [0, 1].
     *
     * @param step the number of steps already done, counted over the whole run
     * @param stepsPerEpoch steps in an epoch
     * @param totalSteps steps in the whole run
     */
    double factor(long step, long stepsPerEpoch, long totalSteps);

    /** {@code factor = 1}. */
    record None() implements Warmup {
        @Override
        public double factor(long step, long stepsPerEpoch, long totalSteps) {
            return 1;
        }
    }

    /**
     * {@code factor = min(1, step / (epochs * stepsPerEpoch))}: from 0 at the first step (Bowman et al. 2016).
     *
     * @param epochs how many until the whole weight is reached; positive, default 5
     */
    record Linear(Double epochs) implements Warmup {
        /** Fills in the default and checks it. */
        public Linear {
            epochs = Check.positive("epochs", epochs, 5);
        }

        @Override
        public double factor(long step, long stepsPerEpoch, long totalSteps) {
            return Math.min(1, (double) step / (epochs * (double) stepsPerEpoch));
        }
    }

    /**
     * The run is cut into equal cycles; in each the factor rises linearly from 0 to 1 and stays there (Fu et al. 2019): with
     * {@code t = cycles * step / totalSteps}, {@code factor = min(1, (t - floor(t)) / ramp)}.
     *
     * @param cycles the number of cycles; at least 1, default 4
     * @param ramp the part of a cycle in which it rises; above 0 and at most 1, default 0.5
     */
    record Cyclical(Integer cycles, Double ramp) implements Warmup {
        /** Fills in the defaults and checks them. */
        public Cyclical {
            cycles = Check.atLeast(1, "cycles", cycles, 4);
            ramp = Check.factor("ramp", ramp, 0.5);
        }

        @Override
        public double factor(long step, long stepsPerEpoch, long totalSteps) {
            double t = (double) (step * cycles) / (double) totalSteps;
            return Math.min(1, (t - Math.floor(t)) / ramp);
        }
    }
}
