package org.likelihood4j.cli.scores;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.InputOptions;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.alarm.Calibrator;
import org.likelihood4j.inference.alarm.LikelihoodScores;
import org.likelihood4j.inference.alarm.OutlierScores;
import org.likelihood4j.runs.AlarmScore;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.statistics.AlarmThreshold;
import org.likelihood4j.runs.statistics.MeanAndError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code calibrate RUN}: below which likelihood there is an alarm, from held-out examples. */
@Command(
        name = "calibrate",
        description = {
            "Score held-out images or rows, so that score can say how rare a likelihood is, and give an alarm: the validation"
                    + " split of the run's data, another split, or all of a file or folder. Writes RUN/calibration.json.",
            "The alarm's share of false ones holds for any model and any data, as long as new ones are drawn as these were.",
        })
public final class CalibrateCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions options;

    @Mixin
    private JsonOption json;

    @Mixin
    private InputOptions input = InputOptions.heldOut();

    @Mixin
    private ScoringOptions scoring;

    @Option(
            names = "--false-alarms",
            paramLabel = "RATE",
            description =
                    "The share of images or rows like these of which there is an alarm; default: ${DEFAULT-VALUE}.")
    private double falseAlarms = 0.001;

    @Option(
            names = "--score",
            paramLabel = "SCORE",
            description = {
                "By which there is an alarm: ${COMPLETION-CANDIDATES}; default: joint_typicality of images whose bits can be counted, else"
                        + " likelihood. likelihood_ratio is of evaluate --against only.",
            })
    private AlarmScore score;

    private final Console console;

    public CalibrateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        scoring.check();
        AlarmColumns.requireRate(falseAlarms, false);
        input.check();
        input.requireHeldOut();
        RunDirectory run = options.run();
        try (OpenedModel model = options.opened()) {
            LikelihoodScores scores = scoring.scores(model, input);
            Calibration.Weights weights = Calibration.Weights.of(run, options.checkpoint());
            String data = input.name(run);
            Examples set =
                    scoring.first(input.read(run, model.shape(), model.classes(), model.conditionClasses(), console)
                            .examples());
            Calibration calibration;
            try (ProgressView progress = console.progress()) {
                calibration = new Calibrator(scores, weights)
                        .calibrate(
                                set,
                                data,
                                score == null ? OutlierScores.recommended(model) : score,
                                falseAlarms,
                                new DataProgress(progress));
            }
            AlarmThreshold threshold = calibration.conformal().threshold(falseAlarms);
            if (json.wanted()) {
                json.print(console, document(calibration, threshold));
            } else {
                print(calibration, threshold, set.size() + " " + set.shape().noun());
            }
            // After it was printed: where it cannot be written, it is not lost.
            input.keepName(run, data, console);
            Path file = calibration.save(run, options.checkpoint());
            console.line(
                    "wrote " + file + "; ./run.sh score " + options.arguments() + " now writes p_value and alarm too");
        }
        return 0;
    }

    private void print(Calibration calibration, AlarmThreshold threshold, String what) {
        boolean likelihood = calibration.kind() == AlarmScore.LIKELIHOOD;
        double sign = likelihood ? -1 : 1;
        String name = likelihood ? LikelihoodScores.LOG_LIKELIHOOD : calibration.score();
        MeanAndError mean = MeanAndError.of(
                Arrays.stream(calibration.scores()).map(value -> sign * value).toArray());
        console.result(String.format(
                Locale.ROOT,
                "%s, mean %s %s%s%s",
                what,
                name,
                mean.text(4),
                calibration.kind().isFitted()
                        ? " of all but the " + calibration.typical().examples() + " that tell what is typical"
                        : "",
                calibration.overflows() > 0 ? ", without " + calibration.overflows() + " that overflow" : ""));
        console.result(String.format(
                Locale.ROOT,
                "alarm %s a %s of %.4f: expected share of false alarms %s%%, with 95%% confidence in these data"
                        + " %s%% to %s%%",
                likelihood ? "below" : "above",
                name,
                sign * threshold.score(),
                percent(threshold.rate()),
                percent(threshold.low()),
                percent(threshold.high())));
    }

    private static String percent(double share) {
        return AlarmColumns.number(100 * share);
    }

    private static Map<String, Object> document(Calibration calibration, AlarmThreshold threshold) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("weights", calibration.weights());
        document.put("source", calibration.source());
        document.put("examples", calibration.scores().length + calibration.overflows());
        document.put("overflows", calibration.overflows());
        document.put("falseAlarms", calibration.falseAlarms());
        document.put("score", calibration.score());
        document.put("alarmAbove", threshold.score());
        document.put("expectedFalseAlarms", threshold.rate());
        document.put("falseAlarmsLow", threshold.low());
        document.put("falseAlarmsHigh", threshold.high());
        return document;
    }
}
