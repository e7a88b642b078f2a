package org.likelihood4j.cli.laboratory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.Bounds;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.LossConfig.Estimator;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.laboratory.signal.SignalReport;
import org.likelihood4j.laboratory.signal.SignalReport.Row;
import org.likelihood4j.laboratory.signal.SignalReport.Slope;
import org.likelihood4j.laboratory.signal.SignalStudy;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradients RUN}: how much of the gradient of an importance-weighted bound is signal. */
@Command(
        name = "gradients",
        description = {
            "Measure signal and noise of a VAE's gradients for bounds of K draws, by the plain estimator (sampled) and the path one, of K above 1 doubly"
                    + " reparameterised; prints them and writes RUN/gradients.json.",
            "signal: |mean of the gradient|; noise: root of the sum of its elements' variances; over all parameters of a part."
        })
public final class GradientsCommand implements Callable<Integer> {
    private static final int LEAST_DRAWS = 20;
    private static final int MOST_DRAWS = 1_000_000;
    private static final int MOST = 100_000;

    @Mixin
    private RunOptions options;

    @Mixin
    private JsonOption json;

    @Option(
            names = "--k",
            paramLabel = "K",
            split = ",",
            description = "Draws in the bound, several with commas between them; default: ${DEFAULT-VALUE}.",
            defaultValue = "1,8,64,512")
    private List<Integer> ks = List.of();

    @Option(names = "--draws", paramLabel = "N", description = "Draws of each gradient; default: ${DEFAULT-VALUE}.")
    private int draws = 500;

    @Option(
            names = "--images",
            paramLabel = "N",
            description =
                    "The first N test images or rows, over which a gradient is a mean; default: ${DEFAULT-VALUE}.")
    private int images = 10;

    private final Console console;

    public GradientsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Bounds.within("--draws", draws, LEAST_DRAWS, MOST_DRAWS);
        Bounds.within("--images", images, 1, MOST);
        ks.forEach(k -> Bounds.within("--k", k, 1, MOST));
        List<Integer> sorted = ks.stream().distinct().sorted().toList();
        RunDirectory run = options.run();
        RunConfig config = run.readConfig();
        ModelConfig model = config.model();
        if (!model.hasKl()) {
            throw new UserError(run.path() + " is no VAE: only its bound has draws to weight");
        } else if (!model.hasLikelihood()) {
            throw new UserError(run.path() + " has no likelihood, and so no bound of several draws to weight");
        }
        Examples test = RunOptions.data(config, console).test();
        SignalStudy study = new SignalStudy(run, options.checkpoint(), test, Math.min(images, test.size()), draws);
        List<Estimator> estimators =
                model.hasGaussianPosterior() ? List.of(Estimator.SAMPLED, Estimator.PATH) : List.of(Estimator.SAMPLED);
        SignalReport report;
        try (ProgressView progress = console.progress()) {
            report = study.measure(estimators, sorted, new DataProgress(progress));
        }
        if (json.wanted()) {
            json.print(console, report);
        } else {
            print(report);
        }
        Path file = run.path().resolve("gradients" + options.suffix() + ".json");
        report.save(file);
        console.line("wrote " + file);
        return 0;
    }

    private void print(SignalReport report) {
        console.result(String.format(
                Locale.ROOT, "mean gradients of %d examples, %d draws each", report.images(), report.draws()));
        TextTable table = new TextTable()
                .left(0, 0)
                .left(2, 0)
                .right(2, 0)
                .right(2, 0)
                .right(2, 0)
                .right(2, 0)
                .right(2, 0);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("part", "estimator", "K", "signal", "noise", "ratio", "std error"));
        for (Row row : report.rows()) {
            rows.add(List.of(
                    row.part(),
                    row.estimator(),
                    String.valueOf(row.k()),
                    number(row.signal()),
                    number(row.noise()),
                    number(row.ratio()),
                    number(row.standardError())));
        }
        table.lines(rows).forEach(console::result);
        report.rows().stream()
                .map(row -> List.of(row.part(), row.estimator()))
                .distinct()
                .forEach(each -> slope(report, each.get(0), each.get(1)));
    }

    private void slope(SignalReport report, String part, String estimator) {
        Slope slope = SignalReport.slope(
                report.of(part, estimator).stream().filter(row -> row.k() > 1).toList());
        console.result(
                slope == null
                        ? part + ", " + estimator
                                + ": no slope, for want of two ratios that stand out; more --draws make them clearer"
                        : String.format(
                                Locale.ROOT,
                                "%s, %s: the ratio goes as K^(%+.2f +- %.2f) from K = 2 on",
                                part,
                                estimator,
                                slope.value(),
                                slope.standardError()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
