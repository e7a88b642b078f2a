package org.likelihood4j.engine;

import java.util.List;

/**
 * What one step reports.
 *
 * @param loss the scalar loss
 * @param gradientNorm the gradient's global 2-norm before clipping
 * @param metrics per-example values, one array {@code [N]} for each declared output after the loss; the next step may
 *     write to the same arrays
 */
public record StepResult(double loss, double gradientNorm, List<double[]> metrics) {
    /** Whether the loss and the gradient's norm are finite, that is, whether an update was (or may be) applied. */
    public boolean finite() {
        return Double.isFinite(loss) && Double.isFinite(gradientNorm);
    }
}
