package org.likelihood4j.cli.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.PictureOptions;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.pictures.PictureGrid;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sample RUN}: images or rows drawn from a trained model. */
@Command(
        name = "sample",
        description = "Draw images from a trained model into a grid (PNG), or rows into a table (CSV).")
public final class SampleCommand implements Callable<Integer> {
    private static final int MOST = 10_000;

    @Mixin
    private RunOptions options;

    @Mixin
    private PictureOptions pictures;

    @Option(names = "--count", description = "How many, 1 to " + MOST + "; default: ${DEFAULT-VALUE}.")
    private int count = 64;

    @Option(
            names = "--temperature",
            description = "Scales the normal noise: 1 is the model itself, less gives more typical examples; default:"
                    + " ${DEFAULT-VALUE}.")
    private double temperature = 1;

    @Option(names = "--seed", description = "Other seeds, other examples; default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    private final Console console;

    public SampleCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (count < 1 || count > MOST) {
            throw new UserError("--count must be 1 to " + MOST + ", was " + count);
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new UserError("--temperature must be a finite number of at least 0, was " + temperature);
        }
        TrainedModel model = options.model();
        if (model.shape() instanceof ImageShape) {
            pictures.requireFile();
        }
        pictures.said(console)
                .line("sampling " + count + " " + model.shape().noun() + " from "
                        + options.run().path() + " (" + options.checkpoint() + ")");
        if (model.shape() instanceof ImageShape shape) {
            List<byte[]> images = model.sample(count, temperature, seed);
            pictures.write(console, PictureGrid.samples(shape, images), usual("png"), "");
        } else {
            List<double[]> rows = model.sampleRows(count, temperature, seed);
            pictures.writeRows(console, ((VectorShape) model.shape()).columns(), rows, usual("csv"), "");
        }
        return 0;
    }

    private Path usual(String ending) {
        return options.run()
                .path()
                .resolve("samples")
                .resolve(String.format(Locale.ROOT, "seed-%d-temperature-%s.%s", seed, temperature, ending));
    }
}
