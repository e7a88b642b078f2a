package org.likelihood4j.runs;

import java.util.Locale;

/**
 * The loss of some training images under the model as it was initialised: a training that leaves them worse than that has
 * diverged, even if its numbers are finite. They are training images, so that no overfitting makes them worse, and the same with
 * the same noise every time, so that neither outliers nor the first steps' noise can be taken for it.
 *
 * @param loss mean, nats
 * @param kl its part that a weight may scale, nats; 0 where there is none
 * @param standardError of the loss over the images, nats; 0 where one image cannot tell
 */
public record StartLoss(double loss, double kl, double standardError) {
    /** Training images that are watched: few, so that watching them costs little. */
    public static final int IMAGES = 512;

    private static final double STANDARD_ERRORS = 5;
    private static final double SHARE = 0.01;

    /** @throws IllegalArgumentException if it is no such loss; the values may be a file's */
    public StartLoss {
        if (!Double.isFinite(loss) || !Double.isFinite(kl) || !(standardError >= 0)) {
            throw new IllegalArgumentException("a start cannot have the loss " + loss + " with the KL " + kl
                    + " and the standard error " + standardError);
        }
    }

    /**
     * What is wrong with a later loss of the same images; {@code null} if nothing is. Both are compared as the training weights them
     * now: a KL that costs nothing yet may grow, and so may each dimension's up to the free bits.
     *
     * @param now finite
     * @param weight of the KL
     * @param floor below which the whole KL costs no less, nats
     */
    public String worse(StartLoss now, double weight, double floor) {
        double before = weighted(weight, floor);
        double after = now.weighted(weight, floor);
        if (after <= before + STANDARD_ERRORS * standardError + SHARE * Math.abs(before)) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "the loss of training data is %s nats%s, worse than the %s +- %s of the untrained model",
                number(after),
                weight == 1 ? "" : String.format(Locale.ROOT, " with a KL weight of %.3g", weight),
                number(before),
                number(standardError));
    }

    private double weighted(double weight, double floor) {
        return loss - kl + weight * Math.max(kl, floor);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 1e6 ? "%.2f" : "%.3g", value);
    }
}
