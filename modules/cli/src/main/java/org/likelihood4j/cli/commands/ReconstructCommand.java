package org.likelihood4j.cli.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.options.PictureOptions;
import org.likelihood4j.cli.options.SplitOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.pictures.PictureGrid;
import org.likelihood4j.runs.RunPicture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reconstruct RUN}: originals beside what the model makes of them. */
@Command(
        name = "reconstruct",
        description = {
            "Write originals beside their reconstructions: images (PNG), rows (CSV).",
            "VAE: the mean at the posterior mean, or at f(mu) where a flow f is behind it. RealNVP: the exact inversion of the forward pass, with its"
                    + " round-trip error."
        })
public final class ReconstructCommand implements Callable<Integer> {
    private static final int MOST = 10_000;

    @Mixin
    private ModelOptions options;

    @Mixin
    private SplitOptions split;

    @Mixin
    private PictureOptions pictures;

    @Option(names = "--count", description = "How many, 1 to " + MOST + "; default: ${DEFAULT-VALUE}.")
    private int count = 32;

    private final Console console;

    public ReconstructCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (count < 1 || count > MOST) {
            throw new UserError("--count must be 1 to " + MOST + ", was " + count);
        }
        TrainedModel model = options.model();
        pictures.requireOutputOf(model.shape());
        Console said = pictures.said(console);
        said.line("reconstructing from " + options.run().path() + " (" + options.checkpoint() + ")");
        Examples set = split.examples(model, said);
        if (model.shape() instanceof ImageShape shape) {
            images(model, shape, set);
        } else {
            rows(model, (VectorShape) model.shape(), set);
        }
        return 0;
    }

    private void images(TrainedModel model, ImageShape shape, Examples set) {
        TrainedModel.Reconstruction pairs = model.reconstruct(set, count, split.toString());
        if (model.latents().isExact()) {
            console.line(String.format(
                    Locale.ROOT,
                    "round trip pixels -> latent -> pixels of %d images: largest error %.3g grey levels of 256 (%s)",
                    pairs.originals().size(),
                    pairs.largestError() * 256,
                    model.config().precision().outsideOfSteps()));
        }
        pictures.write(
                console,
                PictureGrid.reconstructions(shape, pairs),
                usual("png"),
                "each original with its reconstruction on its right");
    }

    private void rows(TrainedModel model, VectorShape shape, Examples set) {
        TrainedModel.RowReconstruction pairs = model.reconstructRows(set, count, split.toString());
        List<String> header = new ArrayList<>(shape.names());
        shape.names().forEach(column -> header.add(column + " reconstructed"));
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < pairs.originals().size(); i++) {
            List<Object> both = shape.cells(pairs.originals().get(i));
            both.addAll(shape.cells(pairs.reconstructions().get(i)));
            rows.add(both);
        }
        pictures.writeRows(console, header, rows, usual("csv"), "each row with its reconstruction on its right");
    }

    private Path usual(String ending) {
        return options.run()
                .path()
                .resolve(RunPicture.RECONSTRUCTIONS.folder())
                .resolve(split + options.suffix() + "." + ending);
    }
}
