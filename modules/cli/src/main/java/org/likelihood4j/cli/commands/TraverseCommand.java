package org.likelihood4j.cli.commands;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.ClassOption;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.options.PictureOptions;
import org.likelihood4j.cli.options.SplitOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.latents.LatentDirections;
import org.likelihood4j.inference.latents.LatentDirections.Direction;
import org.likelihood4j.inference.latents.Traversal;
import org.likelihood4j.inference.pictures.PictureGrid;
import org.likelihood4j.models.LatentGeometry;
import org.likelihood4j.runs.RunPicture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code traverse RUN}: what single directions of a model's latent space do to an image. */
@Command(
        name = "traverse",
        description = {
            "Write images along single directions of the latent space (PNG): a row for each, the others kept.",
            "VAE: latent dimensions, those first whose posterior mean (or f(mu), where a flow f is behind it) varies most, in"
                    + " standard deviations of N(0, I); of a learned prior, in those of the images' latents.",
            "RealNVP: principal components of the images' latents, in standard deviations along them. Of a perfect flow"
                    + " none would stand out."
        })
public final class TraverseCommand implements Callable<Integer> {
    private static final int MOST = 10_000;

    @Mixin
    private ModelOptions options;

    @Mixin
    private SplitOptions split;

    @Mixin
    private PictureOptions pictures;

    @Mixin
    private ClassOption classes;

    @Option(names = "--rows", paramLabel = "N", description = "How many directions, the strongest; default: 8.")
    private Integer rows;

    @Option(
            names = "--dimensions",
            split = ",",
            paramLabel = "J,K",
            description = "These instead: latent dimensions (VAE) or principal components (RealNVP), from 0.")
    private int[] dimensions;

    @Option(names = "--image", paramLabel = "I", description = "Start from this image's latent, not from the centre.")
    private Integer image;

    @Option(names = "--range", description = "From minus to plus so many deviations; default: ${DEFAULT-VALUE}.")
    private double range = 3;

    @Option(names = "--steps", description = "Images in a row; default: ${DEFAULT-VALUE}.")
    private int steps = 9;

    private final Console console;

    public TraverseCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        check();
        TrainedModel model = options.model();
        ImageShape shape = model.imageShape();
        pictures.requireOutputOf(shape);
        Examples set = split.examples(model, console);
        if (image != null) {
            split.requireImage("--image", image, set);
        }
        if (set.size() < 2) {
            throw new UserError("a traversal needs 2 images at least, but the run has 1 " + split + " image");
        }
        Examples some = set.slice(0, Math.min(LatentDirections.USUAL_IMAGES, set.size()));
        LatentDirections space = LatentDirections.of(model, some, split.toString());
        List<Direction> chosen = choose(space);
        console.line(String.format(
                Locale.ROOT,
                "traversing the latent space of %s (%s) from %s, over %,d %s images",
                options.run().path(),
                options.checkpoint(),
                image == null ? "its centre" : "image " + image,
                space.images(),
                split));
        tell(space, chosen, model.latents().encoding());
        Traversal traversal = image == null
                ? Traversal.of(model, ofClass(model), space, chosen, range, steps)
                : Traversal.of(
                        model,
                        model.encode(set, new int[] {image}, split.toString()).get(0),
                        Conditions.of(model.condition(), set, image),
                        space,
                        chosen,
                        range,
                        steps);
        String from = image == null ? "centre" : "image-" + image;
        pictures.write(
                console,
                PictureGrid.of(shape, traversal),
                options.run()
                        .path()
                        .resolve(RunPicture.TRAVERSALS.folder())
                        .resolve(split + "-" + from + options.suffix() + ".png"),
                String.format(Locale.ROOT, "a direction a row, from %s to %s deviations", -range, range));
        return 0;
    }

    /** Of a model with a condition the centre is one of a class: the first that was asked for. */
    private Conditions ofClass(TrainedModel model) {
        int[] wanted = classes.of(model);
        if (wanted.length == 0) {
            return Conditions.of(model.condition(), 0);
        }
        console.line("of the class " + ClassOption.name(wanted[0], model.classes()) + " (another: --class)");
        return Conditions.of(model.condition(), wanted[0]);
    }

    private void check() {
        if (rows != null && dimensions != null) {
            throw new UserError("give --rows or --dimensions, not both");
        }
        if (rows != null && (rows < 1 || rows > MOST)) {
            throw new UserError("--rows must be 1 to " + MOST + ", was " + rows);
        }
        if (!(range > 0) || Double.isInfinite(range)) {
            throw new UserError("--range must be a finite number above 0, was " + range);
        }
        if (steps < 2 || steps > MOST) {
            throw new UserError("--steps must be 2 to " + MOST + ", was " + steps);
        }
        long total = (long) steps * wanted();
        if (total > MOST) {
            throw new UserError("directions x steps must be at most " + MOST + " images, was " + total);
        }
    }

    private int wanted() {
        return dimensions != null ? dimensions.length : rows != null ? rows : 8;
    }

    private List<Direction> choose(LatentDirections space) {
        int there = space.all().size();
        String what = areComponents(space)
                ? "principal components of these " + space.images() + " images"
                : "latent dimensions";
        if (rows != null && rows > there) {
            throw new UserError("--rows must be at most " + there + ", the number of " + what + ", was " + rows);
        }
        if (dimensions == null) {
            return space.strongest(wanted());
        }
        List<Direction> byIndex = new ArrayList<>(space.all());
        byIndex.sort(Comparator.comparingInt(Direction::index));
        List<Direction> chosen = new ArrayList<>();
        for (int dimension : dimensions) {
            if (dimension < 0 || dimension >= there) {
                throw new UserError("--dimensions: there is no " + dimension + " among the " + there + " " + what
                        + ", 0 to " + (there - 1));
            }
            chosen.add(byIndex.get(dimension));
        }
        return chosen;
    }

    private void tell(LatentDirections space, List<Direction> chosen, LatentGeometry.Encoding encoding) {
        boolean components = areComponents(space);
        String mean = encoding == LatentGeometry.Encoding.POSTERIOR_CENTRE ? "of f(mu)" : "of the posterior mean";
        for (int i = 0; i < chosen.size(); i++) {
            Direction direction = chosen.get(i);
            console.line(String.format(
                    Locale.ROOT,
                    "row %d: %s %d, variance %s %.3f, a deviation is %.3f",
                    i,
                    components ? "component" : "dimension",
                    direction.index(),
                    components ? "of the latents" : mean,
                    direction.variance(),
                    direction.unit()));
        }
        space.chanceVariance()
                .ifPresent(chance -> console.line(String.format(
                        Locale.ROOT,
                        "so many draws from N(0, I) itself would show variances of up to %.3f by chance",
                        chance)));
    }

    private static boolean areComponents(LatentDirections space) {
        return space.kind() == LatentDirections.Kind.COMPONENTS;
    }
}
