package org.likelihood4j.cli.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.likelihood4j.cli.options.ClassOption;
import org.likelihood4j.cli.options.GivenOption;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.options.PictureOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.pictures.PictureGrid;
import org.likelihood4j.runs.RunPicture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sample RUN}: images or rows drawn from a trained model. */
@Command(
        name = "sample",
        description = "Draw images from a trained model into a grid (PNG), or rows into a table (CSV).")
public final class SampleCommand implements Callable<Integer> {
    private static final int MOST = 10_000;
    private static final int USUAL = 64;
    private static final int USUAL_OF_A_CLASS = 8;
    private static final int MOST_NAMED = 20;

    @Mixin
    private ModelOptions options;

    @Mixin
    private PictureOptions pictures;

    @Mixin
    private ClassOption classes;

    @Mixin
    private GivenOption given;

    @Option(
            names = "--count",
            description = "How many, 1 to " + MOST
                    + "; default: 64, of a model that is told classes 8 of each; of one that is told columns by"
                    + " --given-rows one for each row.")
    private Integer count;

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
        if (count != null && (count < 1 || count > MOST)) {
            throw new UserError("--count must be 1 to " + MOST + ", was " + count);
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new UserError("--temperature must be a finite number of at least 0, was " + temperature);
        }
        TrainedModel model = options.model();
        pictures.requireOutputOf(model.shape());
        int[] wanted = classes.of(model);
        Conditions conditions =
                given.conditions(model, count, USUAL, MOST, console).orElseGet(() -> conditions(model, wanted));
        pictures.said(console)
                .line("sampling " + conditions.size() + " " + model.shape().noun() + " from "
                        + options.run().path() + " (" + options.checkpoint() + ")" + told(model, wanted)
                        + given.said());
        if (model.shape() instanceof ImageShape shape) {
            List<byte[]> images = model.sample(conditions, temperature, seed);
            PictureGrid grid = wanted.length == 0
                    ? PictureGrid.samples(shape, images)
                    : PictureGrid.samples(shape, images, ofEach(wanted.length));
            pictures.write(console, grid, usual(model, "png"), wanted.length == 0 ? "" : "a class a row");
        } else {
            VectorShape shape = (VectorShape) model.shape();
            List<List<Object>> rows = model.sampleRows(conditions, temperature, seed).stream()
                    .map(shape::cells)
                    .toList();
            pictures.writeRows(console, shape.names(), rows, usual(model, "csv"), "");
        }
        return 0;
    }

    /** Of each class the same number, of the last one fewer where they do not come out even. */
    private Conditions conditions(TrainedModel model, int... wanted) {
        if (wanted.length == 0) {
            return Conditions.inTurn(model.condition(), count == null ? USUAL : count);
        }
        int ofEach = ofEach(wanted.length);
        int all = count == null ? wanted.length * ofEach : count;
        if (all > MOST) {
            throw new UserError("8 of each of " + wanted.length + " classes are more than " + MOST
                    + ": ask for fewer with --count, or for some with --class");
        }
        return Conditions.each(model.condition(), wanted, ofEach).first(all);
    }

    private int ofEach(int classes) {
        return count == null ? USUAL_OF_A_CLASS : (count + classes - 1) / classes;
    }

    private static String told(TrainedModel model, int... wanted) {
        return wanted.length == 0 || wanted.length > MOST_NAMED
                ? ""
                : ", of the classes "
                        + IntStream.of(wanted)
                                .mapToObj(label -> ClassOption.name(label, model.classes()))
                                .collect(Collectors.joining(", "));
    }

    private Path usual(TrainedModel model, String ending) {
        return options.run()
                .path()
                .resolve(RunPicture.SAMPLES.folder())
                .resolve(String.format(
                        Locale.ROOT,
                        "seed-%d-temperature-%s%s%s%s.%s",
                        seed,
                        temperature,
                        classes.suffix(model),
                        given.suffix(),
                        options.suffix(),
                        ending));
    }
}
