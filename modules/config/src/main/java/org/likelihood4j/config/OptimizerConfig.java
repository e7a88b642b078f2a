package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.likelihood4j.config.rules.Check;

/** The rule that turns a gradient into a step. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", defaultImpl = OptimizerConfig.Adam.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = OptimizerConfig.Adam.class, name = "adam"),
    @JsonSubTypes.Type(value = OptimizerConfig.Sgd.class, name = "sgd")
})
public sealed interface OptimizerConfig {
    /** The learning rate before schedule and warm-up; positive. */
    Double learningRate();

    /**
     * The decoupled weight decay w, at least 0: beside the gradient's step, a step at rate lr also subtracts
     * {@code lr * w * weight}, which does not pass through the moments.
     */
    Double weightDecay();

    /**
     * Adam, and with weight decay AdamW.
     *
     * @param learningRate the size of a step, before schedule and warm-up; positive, default 1e-3
     * @param beta1 the decay of the first moment; at least 0 and below 1, default 0.9
     * @param beta2 the decay of the second moment; at least 0 and below 1, default 0.999
     * @param epsilon added to the root of the second moment; positive, default 1e-8
     * @param weightDecay the decoupled weight decay, which spares biases and scales; at least 0, default 0
     */
    record Adam(Double learningRate, Double beta1, Double beta2, Double epsilon, Double weightDecay)
            implements OptimizerConfig {
        /** Fills in the defaults and checks them. */
        public Adam {
            learningRate = Check.positive("learningRate", learningRate, 1e-3);
            beta1 = Check.decay("beta1", beta1, 0.9);
            beta2 = Check.decay("beta2", beta2, 0.999);
            epsilon = Check.positive("epsilon", epsilon, 1e-8);
            weightDecay = Check.nonNegative("weightDecay", weightDecay, 0);
        }
    }

    /**
     * Gradient descent with momentum.
     *
     * @param learningRate the size of a step, before schedule and warm-up; positive, default 0.01
     * @param momentum the decay of the velocity; at least 0 and below 1, default 0.9
     * @param weightDecay the decoupled weight decay, which spares biases and scales; at least 0, default 0
     */
    record Sgd(Double learningRate, Double momentum, Double weightDecay) implements OptimizerConfig {
        /** Fills in the defaults and checks them. */
        public Sgd {
            learningRate = Check.positive("learningRate", learningRate, 0.01);
            momentum = Check.decay("momentum", momentum, 0.9);
            weightDecay = Check.nonNegative("weightDecay", weightDecay, 0);
        }
    }
}
