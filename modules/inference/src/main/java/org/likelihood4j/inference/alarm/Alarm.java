package org.likelihood4j.inference.alarm;

import java.util.Optional;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.runtime.ExampleNumbers;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.AlarmScore;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.statistics.ConformalScores;

/** The decision that a run's {@link Calibration} makes of an example: there is an alarm where its p-value is at most the rate of false alarms. */
public final class Alarm {
    private final Calibration calibration;
    private final OutlierScores outliers;
    private final ConformalScores scores;
    private final double rate;

    /**
     * Of a calibrated model.
     *
     * @param calibration of the same weights and draws ({@link Calibration#unfit})
     * @param rate of false alarms, above 0
     * @throws RunException if the model has no such score
     */
    public Alarm(Calibration calibration, LikelihoodScores likelihoods, double rate) {
        this.calibration = calibration;
        this.outliers = new OutlierScores(likelihoods, Optional.ofNullable(calibration.typical()), Optional.empty());
        this.scores = calibration.conformal();
        this.rate = rate;
        if (!outliers.kinds().contains(calibration.kind())) {
            throw new RunException("the calibration is by " + calibration.kind()
                    + ", which there is not of this model; calibrate the run again");
        }
    }

    public Calibration calibration() {
        return calibration;
    }

    /** Of false alarms. */
    public double rate() {
        return rate;
    }

    /** Whether it is by another score than the likelihood. */
    public boolean hasOwnScore() {
        return calibration.kind() != AlarmScore.LIKELIHOOD;
    }

    /**
     * The scores of some examples, larger being stranger; infinite where the log-likelihood overflows.
     *
     * @param logLikelihoods of them, nats
     * @param numbers of the examples, for their noise
     */
    public double[] scores(double[] logLikelihoods, Examples part, ExampleNumbers numbers) {
        return outliers.of(calibration.kind(), logLikelihoods, part, numbers);
    }

    /** Of a score: the share of what was calibrated on that is at least as strange ({@link ConformalScores}). */
    public double pValue(double score) {
        return scores.pValue(score);
    }

    /** Whether a score is too strange. */
    public boolean isAlarm(double score) {
        return pValue(score) <= rate;
    }

    /** How many examples it was calibrated on. */
    public int size() {
        return scores.size();
    }
}
