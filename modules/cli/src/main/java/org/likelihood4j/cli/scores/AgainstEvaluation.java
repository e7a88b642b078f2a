package org.likelihood4j.cli.scores;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.cli.options.InputOptions;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.data.Cifar10Config;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.data.DigitsConfig;
import org.likelihood4j.config.data.FashionMnistConfig;
import org.likelihood4j.config.data.MnistConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.alarm.GeneratedSet;
import org.likelihood4j.inference.alarm.LikelihoodScores;
import org.likelihood4j.inference.alarm.OutlierScores;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.runs.AlarmScore;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.OutlierReport;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.statistics.Auroc;
import org.likelihood4j.runs.statistics.GaussianFit;

/** {@code evaluate RUN --against DATA}: how well a model's scores tell other data from its own. */
final class AgainstEvaluation {
    /** Held-out examples that tell what is typical. */
    private static final int MOST_TYPICAL = 1000;

    private final Console console;
    private final ModelOptions options;
    private final InputOptions input;
    private final ScoringOptions scoring;

    AgainstEvaluation(Console console, ModelOptions options, InputOptions input, ScoringOptions scoring) {
        this.console = console;
        this.options = options;
        this.input = input;
        this.scoring = scoring;
    }

    /**
     * Scores, prints and writes.
     *
     * @param names of the other data
     * @param background a run's folder, or null
     */
    void run(List<String> names, Path background, JsonOption json) {
        long started = System.nanoTime();
        RunDirectory run = options.run();
        try (OpenedModel model = options.opened();
                OpenedModel other = background == null ? null : OpenedModel.open(background)) {
            LikelihoodScores scores = scoring.scores(model, input);
            Optional<LikelihoodScores> second = Optional.ofNullable(other).map(scoring::background);
            String split = input.name(run);
            Examples own =
                    scoring.first(input.read(run, model.shape(), model.classes(), model.conditionClasses(), console)
                            .examples());
            Map<String, Examples> sets = new LinkedHashMap<>();
            names.forEach(name -> sets.put(name, scoring.first(data(name, own, model))));
            OutlierScores outliers = new OutlierScores(scores, typical(scores, run, model), second);
            List<OutlierReport.Result> results = new ArrayList<>();
            try (ProgressView progress = console.progress()) {
                ProgressListener listener = new DataProgress(progress);
                Map<AlarmScore, double[]> typical = outliers.of(own, listener);
                sets.forEach((name, set) -> outliers.of(set, listener).forEach((kind, strange) -> {
                    Auroc auroc = Auroc.of(typical.get(kind), strange);
                    results.add(new OutlierReport.Result(
                            name,
                            set.size(),
                            kind.toString(),
                            auroc.area(),
                            Double.isNaN(auroc.error()) ? null : auroc.error()));
                }));
            }
            OutlierReport report = new OutlierReport(
                    run.path().toAbsolutePath().normalize().getFileName().toString(),
                    options.checkpoint(),
                    split + options.suffix(),
                    own.size(),
                    scores.draws(),
                    scores.seed(),
                    background == null ? null : background.toString(),
                    results,
                    (System.nanoTime() - started) / 1e9);
            if (json.wanted()) {
                json.print(console, report);
            } else {
                print(
                        report,
                        outliers.kinds(),
                        OutlierScores.recommended(model),
                        sets,
                        own.size() + " " + split + " " + model.shape().noun());
            }
            input.keepName(run, split, console);
            console.line("wrote " + report.save(run));
        }
    }

    /** Other data: a set that is made, one that has a name of its own, or a file or folder. */
    private Examples data(String name, Examples own, OpenedModel model) {
        Optional<GeneratedSet> generated = GeneratedSet.of(name);
        if (generated.isPresent()) {
            return generated.get().from(own, model.config().seed());
        }
        Optional<DataConfig> known = known(name, own.size());
        if (known.isEmpty()) {
            Path path = Path.of(name);
            if (!path.toFile().exists()) {
                throw new RunException("--against: there is no file or folder "
                        + Printable.line(Printable.shorten(name)) + ", and no set of that name; there are "
                        + GeneratedSet.names(own.shape()) + ", mnist, fashion-mnist, cifar10, digits");
            }
            try (ProgressView progress = console.progress()) {
                InputData data = InputData.read(model.config().data(), model.shape(), path, new DataProgress(progress));
                console.line("all " + data.description());
                return model.conditionClasses() > 0
                        ? data.withClasses(path, model.classes(), model.conditionClasses())
                                .examples()
                        : data.examples();
            }
        }
        Examples test = RunOptions.data(known.get(), console).test();
        if (!test.shape().equals(model.shape())) {
            throw new RunException(
                    "--against: " + name + " holds " + test.shape().noun() + " of " + test.shape()
                            + ", but the run was trained on " + model.shape().noun() + " of " + model.shape());
        }
        return test;
    }

    private static Optional<DataConfig> known(String name, int count) {
        return Optional.ofNullable(
                switch (name) {
                    case "mnist" -> new MnistConfig(null);
                    case "fashion-mnist" -> new FashionMnistConfig(null);
                    case "cifar10" -> new Cifar10Config(null);
                    case "digits" -> new DigitsConfig(1, 0, count, null);
                    default -> null;
                });
    }

    /** Of held-out examples: as the calibration has it, or of the validation split. */
    private Optional<GaussianFit> typical(LikelihoodScores scores, RunDirectory run, OpenedModel model) {
        Optional<GaussianFit> calibrated = Calibration.read(run, options.checkpoint())
                .filter(found -> found.unfit(Calibration.Weights.of(run, options.checkpoint()), scores.draws())
                        .isEmpty())
                .flatMap(found -> Optional.ofNullable(found.typical()));
        if (calibrated.isPresent()) {
            return calibrated;
        }
        Examples validation = RunOptions.data(model.config().data(), console).validation();
        if (validation.size() == 0) {
            console.line(
                    "no typicality: the run has no validation " + model.shape().noun() + "; ./run.sh calibrate "
                            + options.arguments() + " --input FILE takes others");
            return Optional.empty();
        }
        try (ProgressView progress = console.progress()) {
            return OutlierScores.fit(
                    scores, validation.slice(0, Math.min(MOST_TYPICAL, validation.size())), new DataProgress(progress));
        }
    }

    private void print(
            OutlierReport report,
            List<AlarmScore> kinds,
            AlarmScore recommended,
            Map<String, Examples> sets,
            String own) {
        console.result(String.format(Locale.ROOT, "AUROC of %s against others, %.1f s", own, report.seconds()));
        TextTable table = new TextTable().left(0, 8).right(2, 6);
        kinds.forEach(kind -> table.right(2, 17));
        List<List<String>> rows = new ArrayList<>();
        rows.add(new ArrayList<>(List.of("", "number")));
        kinds.forEach(kind -> rows.get(0).add(kind.toString()));
        sets.forEach((data, set) -> {
            List<String> row =
                    new ArrayList<>(List.of(Printable.line(Printable.shorten(data)), Integer.toString(set.size())));
            report.results().stream()
                    .filter(result -> result.data().equals(data))
                    .forEach(result -> row.add(String.format(Locale.ROOT, "%.4f", result.auroc())
                            + (result.standardError() == null
                                    ? ""
                                    : String.format(Locale.ROOT, " +- %.4f", result.standardError()))));
            rows.add(row);
        });
        table.lines(rows).forEach(console::result);
        kinds.forEach(kind -> console.result(kind + ": " + kind.formula()));
        console.result("calibrate takes " + recommended + ", unless told otherwise");
    }
}
