package org.likelihood4j.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.training.PictureGrid;
import org.likelihood4j.training.TrainedModel;
import org.likelihood4j.training.config.ModelConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reconstruct RUN}: originals beside what the model makes of them. */
@Command(
        name = "reconstruct",
        description = {
            "Write originals beside their reconstructions (PNG).",
            "VAE: the mean image at the posterior mean. RealNVP: the exact inversion of the forward pass, with its"
                    + " round-trip error."
        })
final class ReconstructCommand implements Callable<Integer> {
    private static final int MOST = 10_000;

    @Mixin
    private RunOptions options;

    @Mixin
    private SplitOptions split;

    @Mixin
    private PictureOptions pictures;

    @Option(names = "--count", description = "How many images, 1 to " + MOST + "; default: ${DEFAULT-VALUE}.")
    private int count = 32;

    private final Console console;

    ReconstructCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (count < 1 || count > MOST) {
            throw new UserError("--count must be 1 to " + MOST + ", was " + count);
        }
        console.line("reconstructing from " + options.run().path() + " (" + options.checkpoint() + ")");
        TrainedModel model = options.model();
        ImageSet set = split.images(model, console);
        TrainedModel.Reconstruction pairs = model.reconstruct(set, count, split.toString());
        if (model.config().model() instanceof ModelConfig.RealNvp) {
            console.line(String.format(
                    Locale.ROOT,
                    "round trip pixels -> latent -> pixels of %d images: largest error %.3g grey levels of 256 (%s)",
                    pairs.originals().size(),
                    pairs.largestError() * 256,
                    model.config().precision()));
        }
        pictures.write(
                console,
                PictureGrid.reconstructions(model.shape(), pairs),
                options.run().path().resolve("reconstructions").resolve(split + ".png"),
                "each original with its reconstruction on its right");
        return 0;
    }
}
