package org.likelihood4j.cli.scores;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.alarm.AlarmExplainer;
import org.likelihood4j.inference.alarm.LikelihoodScores;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.statistics.BatchTypicality;
import org.likelihood4j.runs.statistics.ConformalScores;
import org.likelihood4j.runs.statistics.Moments;

/**
 * What a calibrated run adds to each example's scores, and says of all of them: {@code p_value}, that of {@link ConformalScores};
 * {@code alarm}, whether it is at most the rate of false alarms.
 */
final class AlarmColumns {
    static final List<String> NAMES = List.of("p_value", "alarm");

    private final Calibration calibration;
    private final ConformalScores scores;
    private final double rate;
    private final Moments batch = new Moments();
    private int rows;
    private int alarms;

    private AlarmColumns(Calibration calibration, double rate) {
        this.calibration = calibration;
        this.scores = calibration.conformal();
        this.rate = rate;
    }

    /**
     * Those of a run; none where it was not calibrated, or where its calibration is of something else than these scores: then a warning says so.
     *
     * @param rate another one than the calibration's, or null
     * @param explained whether alarms are to be explained
     * @throws UserError if one of these is asked for, and there is no calibration that gives it
     */
    static Optional<AlarmColumns> of(
            ModelOptions options, LikelihoodScores likelihoods, Double rate, boolean explained, Console console) {
        if (rate != null) {
            requireRate(rate, true);
        }
        String asked = explained ? "--explain" : "--false-alarms";
        boolean needed = explained || rate != null;
        String advice = "./run.sh calibrate " + options.arguments();
        RunDirectory run = options.run();
        Optional<Calibration> calibration = Calibration.read(run, options.checkpoint());
        if (calibration.isEmpty()) {
            if (needed) {
                throw new UserError(asked + " is for a calibrated run; first: " + advice);
            }
            return Optional.empty();
        }
        Optional<String> unfit =
                calibration.get().unfit(Calibration.Weights.of(run, options.checkpoint()), likelihoods.draws());
        if (unfit.isPresent()) {
            String problem = "the calibration does not fit these scores: " + unfit.get();
            if (needed) {
                throw new UserError(problem + "; anew: " + advice);
            }
            console.warning(problem + "; no p_value and no alarm are written; anew: " + advice);
            return Optional.empty();
        }
        AlarmColumns columns = new AlarmColumns(
                calibration.get(), rate == null ? calibration.get().falseAlarms() : rate);
        long least = ConformalScores.least(columns.rate);
        if (columns.scores.size() < least) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "--false-alarms %s takes a calibration on at least %,d examples; this one is on %,d",
                    columns.rate,
                    least,
                    columns.scores.size()));
        }
        return Optional.of(columns);
    }

    /** @throws UserError if it is no rate of false alarms */
    static void requireRate(double rate, boolean orAll) {
        if (!(rate > 0 && (rate < 1 || (orAll && rate == 1)))) {
            throw new UserError("--false-alarms must be above 0 and below 1, such as 0.001"
                    + (orAll ? "; 1 is an alarm of all" : "") + "; was " + rate);
        }
    }

    /** The cells of an example, which is counted. */
    List<Object> cells(double logLikelihood) {
        boolean alarm = isAlarm(logLikelihood);
        rows++;
        alarms += alarm ? 1 : 0;
        if (Double.isFinite(logLikelihood)) {
            batch.add(-logLikelihood);
        }
        return List.of(pValue(logLikelihood), alarm);
    }

    private double pValue(double logLikelihood) {
        // What is no number overflows too.
        return scores.pValue(Double.isFinite(logLikelihood) ? -logLikelihood : Double.POSITIVE_INFINITY);
    }

    /** Whether an example is too unlikely. */
    boolean isAlarm(double logLikelihood) {
        return pValue(logLikelihood) <= rate;
    }

    /** What explains its alarms. */
    ReasonColumns reasons(OpenedModel model) {
        return new ReasonColumns(new AlarmExplainer(model, calibration), calibration);
    }

    /** What is said of all. */
    List<String> summary(String noun) {
        List<String> lines = new ArrayList<>();
        if (rows > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "alarm: %,d of %,d %s have a p_value of at most %s, where %s would be false alarms by chance",
                    alarms,
                    rows,
                    noun,
                    rate,
                    number(rate * rows)));
        }
        // Of one row its p-value says all.
        if (batch.count() > 1) {
            BatchTypicality drift = BatchTypicality.of(
                    calibration.scores(), batch, calibration.source().seed());
            lines.add(String.format(
                    Locale.ROOT,
                    "drift: their mean log_likelihood %.4f is %.4f %s than the calibrated %.4f: %s, p = %s",
                    -drift.mean(),
                    Math.abs(drift.mean() - drift.calibrated()),
                    drift.mean() > drift.calibrated() ? "less" : "more",
                    -drift.calibrated(),
                    drift.typical() ? "typical" : "not typical, they are others",
                    number(drift.pValue())));
        }
        return lines;
    }

    /** Two digits that count, without an exponent. */
    static String number(double value) {
        return value >= 10
                ? String.format(Locale.ROOT, "%,.0f", value)
                : value >= 0.1
                        ? String.format(Locale.ROOT, "%.2f", value)
                        : value >= 1e-4
                                ? String.format(Locale.ROOT, "%.4f", value)
                                : String.format(Locale.ROOT, "%.0e", value);
    }
}
