package org.likelihood4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.data.CsvWriter;
import org.likelihood4j.data.Examples;
import org.likelihood4j.training.NoiseSource;
import org.likelihood4j.training.OpenedModel;
import org.likelihood4j.training.config.RunConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code score RUN}: the likelihood of every single example, as CSV. */
@Command(
        name = "score",
        description = {
            "Write the likelihood of each image or row as CSV, of the run's data or of any other.",
            "RealNVP: log-likelihood in nats, of images bits/dim too. VAE: ELBO, the importance-weighted estimate of the"
                    + " log-likelihood, its standard error, and how many of its draws count.",
            "A value that is not finite is written as it is, and makes the exit code 1."
        })
final class ScoreCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    @Mixin
    private RunOptions options;

    @Mixin
    private OtherData data;

    @Option(names = "--split", description = "train, validation or test of the data; default: ${DEFAULT-VALUE}.")
    private RunOptions.Split split = RunOptions.Split.TEST;

    @Option(names = "--images", paramLabel = "N", description = "Only the first N images or rows.")
    private Integer images;

    @Option(
            names = "--importance-samples",
            paramLabel = "K",
            description = "Draws for a VAE's log-likelihood; default: the config's.")
    private Integer samples;

    @Option(names = "--seed", description = "Of all noise; default: the config's.")
    private Long seed;

    @Option(
            names = {"--output", "--out"},
            paramLabel = "FILE",
            description =
                    "Where it goes, or - for standard output; default: RUN/scores-SPLIT.csv, or scores-TYPE-SPLIT.csv of other data.")
    private String output;

    private final Console console;

    ScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        EvaluateCommand.positive("--images", images);
        EvaluateCommand.positive("--importance-samples", samples);
        boolean stream = STANDARD_OUTPUT.equals(output);
        // Else what is said would stand among the numbers.
        Console said = stream ? new Console(console.err(), console.err(), false, console.columns()) : console;
        Path run = options.run().path();
        RunConfig config = data.applied(options.run());
        try (OpenedModel model = OpenedModel.open(run, options.checkpoint())) {
            Examples set = split.of(RunOptions.data(config, said));
            if (set.size() == 0) {
                throw new UserError(
                        "the data have no " + split + " " + set.shape().noun() + "; choose another with --split");
            }
            set = images == null || images >= set.size() ? set : set.slice(0, images);
            ScoreTable table = score(model, set, said);
            if (stream) {
                CsvWriter.writeRecords(console.out(), table.columns(), table.rows());
            } else {
                Path file = output == null ? run.resolve("scores-" + data.prefix() + split + ".csv") : Path.of(output);
                CsvWriter.writeRecords(file, table.columns(), table.rows());
                console.line(summary(table, set.shape().noun()));
                console.line("wrote " + file);
            }
            if (table.notFinite() > 0) {
                throw new UserError(table.notFinite() + " of " + set.size() + " "
                        + set.shape().noun() + " have values that are not finite: the model is broken there");
            }
            return 0;
        }
    }

    private ScoreTable score(OpenedModel model, Examples set, Console said) {
        NoiseSource noise = model.noise().withSplit(split.toString());
        int draws = samples == null ? model.config().evaluation().importanceSamples() : samples;
        try (ProgressView progress = said.progress()) {
            return ScoreTable.of(
                    model, set, draws, seed == null ? noise : noise.withSeed(seed), new DataProgress(progress));
        }
    }

    private static String summary(ScoreTable table, String noun) {
        StringBuilder line = new StringBuilder(
                String.format(Locale.ROOT, "%,d %s", table.rows().size(), noun));
        for (String column : table.columns().subList(2, table.columns().size())) {
            if (!column.equals("standard_error") && !column.equals("effective_draws")) {
                line.append(String.format(Locale.ROOT, ", mean %s %.4f", column, table.mean(column)));
            }
        }
        return line.toString();
    }
}
