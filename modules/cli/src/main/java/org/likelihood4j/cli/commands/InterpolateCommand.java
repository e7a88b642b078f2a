package org.likelihood4j.cli.commands;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.options.PictureOptions;
import org.likelihood4j.cli.options.SplitOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.latents.Interpolation;
import org.likelihood4j.inference.latents.LatentPath;
import org.likelihood4j.inference.pictures.PictureGrid;
import org.likelihood4j.models.LatentGeometry;
import org.likelihood4j.runs.RunPicture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code interpolate RUN}: what lies between images in a model's latent space. */
@Command(
        name = "interpolate",
        description = {
            "Write the images on the way from one image's latent to another's (PNG): a row for each pair, with the"
                    + " reconstructions of the two at its ends.",
            "A VAE's latent of an image is the posterior mean, or f(mu) where a flow f is behind it; a RealNVP's is the exact"
                    + " forward pass."
        })
public final class InterpolateCommand implements Callable<Integer> {
    private static final int USUAL_PAIRS = 8;
    private static final int MOST = 10_000;

    @Mixin
    private ModelOptions options;

    @Mixin
    private SplitOptions split;

    @Mixin
    private PictureOptions pictures;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            description = "How many pairs, chosen at random; default: 8, or as many as there are.")
    private Integer pairs;

    @Option(
            names = "--images",
            split = ",",
            paramLabel = "I,J",
            description = "These pairs instead: from I to J, and so on; numbers of the split's images from 0.")
    private int[] images;

    @Option(names = "--steps", description = "Images in a row, both ends among them; default: ${DEFAULT-VALUE}.")
    private int steps = 10;

    @Option(
            names = "--path",
            description = "linear, or spherical: along the sphere that N(0, I) lies close about; default: linear for a"
                    + " VAE, spherical for a RealNVP.")
    private LatentPath path;

    @Option(names = "--seed", description = "Other seeds, other pairs; default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    private final Console console;

    public InterpolateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        check();
        TrainedModel model = options.model();
        LatentPath used = path(model.latents());
        ImageShape shape = model.imageShape();
        pictures.requireOutputOf(shape);
        Examples set = split.examples(model, console);
        int[] chosen = images != null ? given(set) : random(set);
        console.line(String.format(
                Locale.ROOT,
                "interpolating between %d pairs of %s images in %s (%s), %s path",
                chosen.length / 2,
                split,
                options.run().path(),
                options.checkpoint(),
                used));
        for (int i = 0; i < chosen.length; i += 2) {
            console.line("row " + i / 2 + ": image " + chosen[i] + " to image " + chosen[i + 1]);
        }
        Interpolation interpolation = Interpolation.of(model, set, split.toString(), chosen, steps, used);
        String which = images != null ? "chosen" : "seed-" + seed;
        pictures.write(
                console,
                PictureGrid.of(shape, interpolation),
                options.run()
                        .path()
                        .resolve(RunPicture.INTERPOLATIONS.folder())
                        .resolve(split + "-" + used + "-" + which + options.suffix() + ".png"),
                "a pair a row, " + steps + " steps");
        return 0;
    }

    private void check() {
        if (pairs != null && images != null) {
            throw new UserError("give --pairs or --images, not both");
        }
        if (pairs != null && (pairs < 1 || pairs > MOST)) {
            throw new UserError("--pairs must be 1 to " + MOST + ", was " + pairs);
        }
        if (images != null && images.length % 2 != 0) {
            throw new UserError(
                    "--images takes pairs, such as 3,5 or 3,5,8,9; " + images.length + " numbers are not pairs");
        }
        if (steps < 2 || steps > MOST) {
            throw new UserError("--steps must be 2 to " + MOST + ", was " + steps);
        }
        long total = (long) steps * rows();
        if (total > MOST) {
            throw new UserError("pairs x steps must be at most " + MOST + " images, was " + total);
        }
    }

    private LatentPath path(LatentGeometry latents) {
        LatentPath wanted = path != null ? path : LatentPath.usual(latents);
        if (!wanted.suits(latents)) {
            throw new UserError(
                    "--path spherical goes around the origin, the centre of N(0, I), but this run's prior is"
                            + " learned (model.prior) and may lie anywhere; use --path linear");
        }
        return wanted;
    }

    private int rows() {
        return images != null ? images.length / 2 : pairs != null ? pairs : USUAL_PAIRS;
    }

    private int[] given(Examples set) {
        for (int image : images) {
            split.requireImage("--images", image, set);
        }
        return images;
    }

    private int[] random(Examples set) {
        int rows = pairs != null ? pairs : Math.max(1, Math.min(USUAL_PAIRS, set.size() / 2));
        if (2 * rows > set.size()) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "%d pairs need %,d images, but the run has %,d %s images; ask for fewer with --pairs",
                    rows,
                    2 * rows,
                    set.size(),
                    split));
        }
        return Interpolation.choose(set, rows, seed);
    }
}
