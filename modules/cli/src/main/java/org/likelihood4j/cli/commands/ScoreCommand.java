package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
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
import org.likelihood4j.inference.NoiseSource;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code score RUN}: the likelihood of every single example, as CSV. */
@Command(
        name = "score",
        description = {
            "Write the likelihood of each image or row as CSV: of all of a file or folder, or of a split of the run's data.",
            "RealNVP: log-likelihood in nats, of images bits/dim too. VAE: the importance-weighted estimate of the"
                    + " log-likelihood, its standard error, the ELBO, and how many of the draws count.",
            "index is the place in the file or folder, or in the data that a split is of. docs/score.md explains each column."
        })
public final class ScoreCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions options;

    @Mixin
    private InputOptions input;

    @Option(names = "--images", paramLabel = "N", description = "Only the first N images or rows.")
    private Integer images;

    @Option(
            names = "--importance-samples",
            paramLabel = "K",
            description =
                    "Draws for the log-likelihood of a VAE, or of a flow with dequantisation noise; default: the config's.")
    private Integer samples;

    @Option(names = "--seed", description = "Of all noise; default: the config's.")
    private Long seed;

    @Option(
            names = {"--output", "--out"},
            paramLabel = "FILE",
            description =
                    "Where it goes, or - for standard output; default: RUN/scores-SPLIT.csv, or RUN/scores-input-NAME.csv, NAME as the file is called.")
    private String output;

    private final Console console;

    public ScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        EvaluateCommand.positive("--images", images);
        EvaluateCommand.positive("--importance-samples", samples);
        boolean stream = StandardOutput.isMeant(output);
        if (!stream) {
            OutputFile.requireEnding(output, ".csv");
            input.requireOther(output);
        }
        Console said = stream ? StandardOutput.keptClear(console) : console;
        input.check();
        try (OpenedModel model = options.opened()) {
            NoiseSource noise = model.noise().withSplit(input.noise());
            int draws = samples == null ? model.config().evaluation().importanceSamples() : samples;
            ScoreTable scores = new ScoreTable(model, draws, seed == null ? noise : noise.withSeed(seed));
            if (samples != null) {
                scores.requireDraws();
            }
            InputData all = input.read(options.run(), model.shape(), model.classes(), model.conditionClasses(), said);
            InputData data = images == null ? all : all.first(images);
            Path file = output == null ? usual(said) : Path.of(output);
            try (ProgressView progress = said.progress()) {
                CsvWriter.Body rows = out -> scores.write(data, out, new DataProgress(progress));
                if (stream) {
                    CsvWriter.stream(console.out(), scores.columns(data), rows);
                } else {
                    CsvWriter.stream(file, scores.columns(data), rows);
                }
            }
            String noun = data.examples().shape().noun();
            said.line(scores.summary(noun));
            scores.warnings(noun).forEach(said::warning);
            if (!stream) {
                console.line("wrote " + file);
            }
            return 0;
        }
    }

    private Path usual(Console console) {
        RunDirectory run = options.run();
        String name = input.name(run);
        input.keepName(run, name, console);
        return run.path().resolve("scores-" + name + options.suffix() + ".csv");
    }
}
