package org.likelihood4j.training.rounds;

import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.models.Metric;

/**
 * Whether a training may go on after a step.
 *
 * @param metrics of the model
 * @param bound of the gradient's norm; {@code null} for none
 */
public record StepCheck(List<Metric> metrics, Double bound) {
    public StepCheck(List<Metric> metrics, TrainingConfig training) {
        this(metrics, training.recovery() == null ? null : training.recovery().maxGradientNorm());
    }

    /** The first quantity that is not finite, or null: of the metrics, the loss and the gradient's norm. */
    public String notFinite(StepResult result) {
        String before = notFiniteBeforeUpdate(result);
        return before == null && !Double.isFinite(result.gradientNorm()) ? "gradient_norm" : before;
    }

    /** The same of what is known before the gradient is. */
    String notFiniteBeforeUpdate(StepResult result) {
        for (int i = 0; i < metrics.size(); i++) {
            for (double value : result.metrics().get(i)) {
                if (!Double.isFinite(value)) {
                    return metrics.get(i).name();
                }
            }
        }
        return Double.isFinite(result.loss()) ? null : "loss";
    }

    /** Whether another step may follow one with this norm. */
    boolean goesOn(double norm) {
        return Double.isFinite(norm) && exploding(norm) == null;
    }

    /** What is wrong with a finite norm: null unless it is above the bound. */
    public String exploding(double norm) {
        return bound == null || norm <= bound
                ? null
                : String.format(
                        Locale.ROOT, "gradient_norm %.4g is above training.recovery.maxGradientNorm %s", norm, bound);
    }
}
