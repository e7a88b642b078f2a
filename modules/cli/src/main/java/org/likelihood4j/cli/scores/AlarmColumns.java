package org.likelihood4j.cli.scores;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.alarm.Alarm;
import org.likelihood4j.inference.alarm.AlarmExplainer;
import org.likelihood4j.inference.alarm.LikelihoodScores;
import org.likelihood4j.inference.runtime.ExampleNumbers;
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
    private final Alarm alarm;
    private final Moments batch = new Moments();
    private int rows;
    private int alarms;

    private AlarmColumns(Alarm alarm) {
        this.alarm = alarm;
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
        Alarm alarm = new Alarm(
                calibration.get(), likelihoods, rate == null ? calibration.get().falseAlarms() : rate);
        long least = ConformalScores.least(alarm.rate());
        if (alarm.size() < least) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "--false-alarms %s takes a calibration on at least %,d examples; this one is on %,d",
                    alarm.rate(),
                    least,
                    alarm.size()));
        }
        return Optional.of(new AlarmColumns(alarm));
    }

    /** @throws UserError if it is no rate of false alarms */
    static void requireRate(double rate, boolean orAll) {
        if (!(rate > 0 && (rate < 1 || (orAll && rate == 1)))) {
            throw new UserError("--false-alarms must be above 0 and below 1, such as 0.001"
                    + (orAll ? "; 1 is an alarm of all" : "") + "; was " + rate);
        }
    }

    /** What it adds: the score by which there is an alarm where that is another than the likelihood, {@code p_value} and {@code alarm}. */
    List<String> names() {
        List<String> names = new ArrayList<>(
                alarm.hasOwnScore() ? List.of(alarm.calibration().score()) : List.of());
        names.addAll(List.of("p_value", "alarm"));
        return names;
    }

    /**
     * The scores of some examples, larger being stranger; infinite where the log-likelihood overflows.
     *
     * @param first the place of the first one in its set, for its noise
     */
    double[] scores(double[] logLikelihoods, Examples part, int first) {
        return alarm.scores(logLikelihoods, part, new ExampleNumbers.From(first));
    }

    /** The cells of an example with this score, which is counted. */
    List<Object> cells(double score) {
        boolean isAlarm = alarm.isAlarm(score);
        rows++;
        alarms += isAlarm ? 1 : 0;
        if (Double.isFinite(score)) {
            batch.add(score);
        }
        List<Object> cells = new ArrayList<>(alarm.hasOwnScore() ? List.of(score) : List.of());
        cells.addAll(List.of(alarm.pValue(score), isAlarm));
        return cells;
    }

    /** Whether a score is too strange. */
    boolean isAlarm(double score) {
        return alarm.isAlarm(score);
    }

    /** What explains its alarms. */
    ReasonColumns reasons(OpenedModel model) {
        return new ReasonColumns(new AlarmExplainer(model, alarm.calibration()), alarm.calibration());
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
                    alarm.rate(),
                    number(alarm.rate() * rows)));
        }
        // Of one row its p-value says all.
        if (batch.count() > 1) {
            Calibration calibration = alarm.calibration();
            BatchTypicality drift = BatchTypicality.of(
                    calibration.scores(), batch, calibration.source().seed());
            // Of the likelihood people see its log.
            double sign = alarm.hasOwnScore() ? 1 : -1;
            lines.add(String.format(
                    Locale.ROOT,
                    "drift: their mean %s %.4f is %.4f %s than the calibrated %.4f: %s, p = %s",
                    alarm.hasOwnScore() ? calibration.kind() : LikelihoodScores.LOG_LIKELIHOOD,
                    sign * drift.mean(),
                    Math.abs(drift.mean() - drift.calibrated()),
                    sign * drift.mean() < sign * drift.calibrated() ? "less" : "more",
                    sign * drift.calibrated(),
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
