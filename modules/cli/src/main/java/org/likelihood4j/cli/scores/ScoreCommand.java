package org.likelihood4j.cli.scores;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.InputOptions;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.OutputFile;
import org.likelihood4j.cli.terminal.StandardOutput;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.alarm.LikelihoodScores;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code score RUN}: the likelihood of every single example, as CSV. */
@Command(
        name = "score",
        description = {
            "Write the likelihood of each image or row: of all of a file or folder, of rows on standard input as they come, or of a"
                    + " split of the run's data.",
            "RealNVP: log-likelihood in nats, of images bits/dim too. VAE: the importance-weighted estimate of the"
                    + " log-likelihood, its standard error, the ELBO, and how many of the draws count.",
            "A run that calibrate has seen: a p-value and an alarm for each, too, and whether their mean is typical.",
            "index is the place in the file or folder, or in the data that a split is of. docs/score.md explains each column."
        })
public final class ScoreCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions options;

    @Mixin
    private InputOptions input;

    @Mixin
    private ScoringOptions scoring;

    @Option(
            names = "--false-alarms",
            paramLabel = "RATE",
            description =
                    "Of a calibrated run: an alarm is of rows whose p_value is at most this; default: as it was calibrated.")
    private Double falseAlarms;

    @Option(
            names = "--explain",
            description = {
                "Of a calibrated run: which columns, or which tiles of an image, made it unlikely, of those of which there is an"
                        + " alarm; of images a picture too. --false-alarms 1 explains all.",
            })
    private boolean explain;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}: a table, or a JSON object a line; default: ${DEFAULT-VALUE}.")
    private ScoreFormat format = ScoreFormat.CSV;

    @Option(
            names = {"--output", "--out"},
            paramLabel = "FILE",
            description =
                    "Where it goes, or - for standard output; default: RUN/scores-SPLIT.csv, or RUN/scores-input-NAME.csv, NAME as the"
                            + " file is called; of --input - standard output.")
    private String output;

    private final Console console;

    public ScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        scoring.check();
        boolean stream = output == null ? input.isStream() : StandardOutput.isMeant(output);
        if (!stream) {
            OutputFile.requireEnding(output, format.ending());
            input.requireOther(output);
        }
        Console said = stream ? StandardOutput.keptClear(console) : console;
        input.check();
        try (OpenedModel model = options.opened()) {
            LikelihoodScores likelihoods = scoring.scores(model, input);
            Optional<AlarmColumns> alarm = AlarmColumns.of(options, likelihoods, falseAlarms, explain, said);
            Optional<ReasonColumns> reasons = explain ? alarm.map(columns -> columns.reasons(model)) : Optional.empty();
            ScoreTable scores = new ScoreTable(likelihoods, alarm, reasons);
            Optional<Path> file = Optional.empty();
            if (input.isStream()) {
                file = Optional.ofNullable(output).filter(name -> !stream).map(Path::of);
                read(scores, model, file, said);
            } else {
                InputData all =
                        input.read(options.run(), model.shape(), model.classes(), model.conditionClasses(), said);
                InputData data = scoring.first(all);
                file = stream ? Optional.empty() : Optional.of(output == null ? usual(said) : Path.of(output));
                write(scores, data, file, said);
            }
            String noun = model.shape().noun();
            said.line(scores.summary(noun));
            alarm.ifPresent(told -> told.summary(noun).forEach(said::line));
            reasons.flatMap(ReasonColumns::summary).ifPresent(said::line);
            scores.warnings(noun).forEach(said::warning);
            file.ifPresent(path -> wrote(path, reasons));
            return 0;
        }
    }

    private void write(ScoreTable scores, InputData data, Optional<Path> file, Console said) throws IOException {
        List<String> columns = scores.columns(data);
        try (ProgressView progress = said.progress()) {
            CsvWriter.Body rows = out -> scores.write(data, 0, out, new DataProgress(progress));
            if (file.isPresent()) {
                format.write(file.get(), columns, rows);
            } else {
                format.stream(console.out(), columns, rows);
            }
        }
    }

    private void read(ScoreTable scores, OpenedModel model, Optional<Path> file, Console said) throws IOException {
        AtomicFiles.FileBody body =
                out -> new ScoreStream(scores, format, out, scoring.most()).run(input, options.run(), model, said);
        if (file.isPresent()) {
            CsvWriter.whole(file.get(), body);
        } else {
            body.writeTo(console.out());
        }
    }

    private void wrote(Path file, Optional<ReasonColumns> reasons) {
        String name = file.getFileName().toString();
        Path picture = file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + "-reasons.png");
        boolean drawn = reasons.isPresent() && reasons.get().draw(picture);
        console.line("wrote " + file + (drawn ? " and " + picture.getFileName() : ""));
    }

    private Path usual(Console console) {
        RunDirectory run = options.run();
        String name = input.name(run);
        input.keepName(run, name, console);
        return run.path().resolve("scores-" + name + options.suffix() + format.ending());
    }
}
