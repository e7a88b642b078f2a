package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.StandardOutput;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.csv.CsvFile;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.data.tables.TableFile;
import org.likelihood4j.inference.CompletedRows;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.NoiseSource;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code impute RUN}: a table whose missing cells are filled. */
@Command(
        name = "impute",
        description = {
            "Write a table as it stands, with missing cells filled by a VAE that was trained with data.missing: mask.",
            "A cell becomes the mean of what it can be given the cells that are there; of words the most probable one. With --draws M every row is"
                    + " written M times, with draws of what it can be: multiple imputation."
        })
public final class ImputeCommand implements Callable<Integer> {
    private static final int MOST_DRAWS = 1000;
    private static final int USUAL_SAMPLES = 500;

    @Mixin
    private ModelOptions options;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "The table, as text or Parquet.")
    private Path input;

    @Option(
            names = "--draws",
            paramLabel = "M",
            description = "So many draws of each missing cell, 1 to " + MOST_DRAWS
                    + ", numbered by a first column 'imputation'; default: one row each, with what is expected.")
    private Integer draws;

    @Option(
            names = "--importance-samples",
            paramLabel = "K",
            description = "Draws of the latent for each row; default: ${DEFAULT-VALUE}.")
    private int samples = USUAL_SAMPLES;

    @Option(names = "--seed", description = "Of all noise; default: the config's.")
    private Long seed;

    @Option(
            names = {"--output", "--out"},
            paramLabel = "FILE",
            description =
                    "Where it goes, or - for standard output; default: RUN/imputed-NAME.csv, NAME as the file is called.")
    private String output;

    private final Console console;

    public ImputeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (samples < 1) {
            throw new UserError("--importance-samples must be at least 1, was " + samples);
        }
        if (draws != null && (draws < 1 || draws > MOST_DRAWS)) {
            throw new UserError("--draws must be 1 to " + MOST_DRAWS + ", was " + draws);
        }
        boolean stream = StandardOutput.isMeant(output);
        if (output != null
                && !stream
                && Files.exists(Path.of(output))
                && Files.exists(input)
                && Files.isSameFile(Path.of(output), input)) {
            throw new UserError("--output: " + output + " is what --input reads; choose another file");
        }
        Console said = stream ? StandardOutput.keptClear(console) : console;
        try (OpenedModel model = options.opened()) {
            if (!(model instanceof OpenedVae vae) || !vae.leavesOut()) {
                throw new UserError("the model of run '" + model.config().name()
                        + "' fills no missing cells: only a VAE does that was trained with data.missing: mask and"
                        + " model.likelihood {type: columns}");
            }
            write(vae, said, stream);
        }
        return 0;
    }

    private void write(OpenedVae model, Console said, boolean stream) throws IOException {
        RunConfig config = model.config();
        VectorShape shape = (VectorShape) model.shape();
        TableFile file = InputData.tableFile(config.data(), shape, input);
        Examples set;
        try (ProgressView progress = said.progress()) {
            set = InputData.read(config.data(), shape, input, new DataProgress(progress))
                    .examples();
        }
        NoiseSource noise = model.noise().withSplit("impute");
        CompletedRows rows =
                model.completed(set, samples, draws == null ? 0 : draws, seed == null ? noise : noise.withSeed(seed));
        List<String> names = file.filledNames(Optional.ofNullable(draws).map(count -> "imputation"));
        char delimiter = file instanceof CsvFile text ? text.dialect().delimiter() : ',';
        CsvWriter.Body body = out -> file.filled(
                shape.columns(),
                place -> rows.rows().get(place),
                draws == null ? 1 : draws,
                draws != null,
                out::add,
                (what, done, total) -> {});
        if (stream) {
            CsvWriter.stream(console.out(), delimiter, names, body);
        } else {
            CsvWriter.stream(target(), delimiter, names, body);
        }
        said.line(String.format(
                Locale.ROOT,
                "%,d of %,d rows had missing cells, filled by %s",
                rows.incomplete(),
                set.size(),
                draws == null ? "what is expected" : draws + " draws each"));
        if (rows.fewDraws() > 0) {
            said.warning(String.format(
                    Locale.ROOT,
                    "in %,d of them fewer than 2 of the %,d draws of the latent count, so that their filling means little;"
                            + " more --importance-samples help",
                    rows.fewDraws(),
                    samples));
        }
        if (!stream) {
            console.line("wrote " + target());
        }
    }

    private Path target() {
        Path name = input.getFileName();
        return output != null
                ? Path.of(output)
                : options.run()
                        .path()
                        .resolve("imputed-"
                                + RunConfig.nameOf(String.valueOf(name).replaceFirst("\\.csv$", ""))
                                + options.suffix() + ".csv");
    }
}
