package org.likelihood4j.runs.statistics;

/** Which dimensions of a latent space say something of the data (Burda, Grosse and Salakhutdinov 2016). */
public final class ActiveUnits {
    /** A dimension is active if the variance of its posterior mean over the data is more than this. */
    public static final double THRESHOLD = 0.01;

    private ActiveUnits() {}

    /** Whether a dimension with this variance of its posterior mean is active. */
    public static boolean isActive(double varianceOfMean) {
        return varianceOfMean > THRESHOLD;
    }
}
