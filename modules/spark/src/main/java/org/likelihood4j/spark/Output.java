package org.likelihood4j.spark;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.inference.alarm.LikelihoodScores;

/** A new column of a scored data set. All logarithms are natural, all likelihoods in nats. */
enum Output {
    /** log p(x): of a flow exact (with dequantisation noise its estimate), of a VAE the importance-weighted estimate. */
    LOG_PROB(LikelihoodScores.LOG_LIKELIHOOD),
    /** Of that estimate. */
    STANDARD_ERROR("standard_error"),
    /** {@code -log p(x) / (D ln 2)}, of flows of images. */
    BITS_PER_DIM("bits_per_dim"),
    /** The bound of a VAE: the mean of the log-weights. */
    ELBO("elbo"),
    ELBO_ERROR("elbo_error"),
    /** The same of a flow with dequantisation noise. */
    BOUND("bound"),
    BOUND_ERROR("bound_error"),
    /** How many of the draws count. */
    EFFECTIVE_DRAWS("effective_draws"),
    /** Of a calibrated run: the share of what it was calibrated on that is at least as strange. */
    P_VALUE(null),
    /** Whether that is at most the calibration's rate of false alarms. */
    ALARM(null),
    /** Of a VAE the mean of q(z|x), of a flow f(x). */
    LATENT(null),
    /** Of a VAE the mean of p(x|z) there, of a flow the inverse. */
    RECONSTRUCTION(null);

    private final String score;

    Output(String score) {
        this.score = score;
    }

    /** The column of {@link LikelihoodScores} that it is. */
    Optional<String> score() {
        return Optional.ofNullable(score);
    }

    /** Whether it takes the likelihoods. */
    boolean needsScores() {
        return score != null || needsCalibration();
    }

    boolean needsCalibration() {
        return this == P_VALUE || this == ALARM;
    }

    static Optional<Output> of(String name) {
        return Stream.of(values())
                .filter(output -> output.toString().equals(name))
                .findFirst();
    }

    /** The column's name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
