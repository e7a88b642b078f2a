package org.likelihood4j.cli.laboratory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.Bounds;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.options.SplitOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.laboratory.latents.LatentSurvey;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.LatentSpace;
import org.likelihood4j.runs.LatentSpace.Axis;
import org.likelihood4j.runs.LatentSpace.Quantity;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.statistics.MeanAndError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latents RUN}: where the latents of a set lie, and what the KL consists of. */
@Command(
        name = "latents",
        description = {
            "Show where a trained model's latents lie, by class, with the aggregate posterior q(z) over the prior: writes RUN/latents.json,"
                    + " which the report draws. Axes are the two strongest principal components, or the two latents themselves.",
            "Of a VAE with a Gaussian posterior it also splits the KL: KL(q(z|x) || p(z)) = I(n; z) + KL(q(z) || p(z)), what z tells of"
                    + " its example and what the prior is wrong by on the whole.",
        })
public final class LatentsCommand implements Callable<Integer> {
    private static final int MOST = 100_000;

    private static final TextTable TABLE =
            new TextTable().left(0, 14).right(1, 18).left(2, 0);

    @Mixin
    private ModelOptions options;

    @Mixin
    private JsonOption json;

    @Mixin
    private SplitOptions split;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "The first N images or rows; default: ${DEFAULT-VALUE}.")
    private int images = 5000;

    private final Console console;

    public LatentsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Bounds.within("--images", images, 3, MOST);
        RunDirectory run = options.run();
        TrainedModel model = options.model();
        Calibration.Weights weights = Calibration.Weights.of(run, options.checkpoint());
        Examples all = split.examples(model, console);
        Examples set = all.slice(0, Math.min(images, all.size()));
        LatentSpace space = new LatentSurvey(model, set, split.toString()).of(weights);
        if (json.wanted()) {
            json.print(console, space);
        } else {
            print(space, set.shape().noun());
        }
        Path file = space.save(run, options.checkpoint());
        console.line("wrote " + file);
        if (options.suffix().isEmpty()) {
            console.line("  see them  ./run.sh report " + run.path());
        }
        return 0;
    }

    private void print(LatentSpace space, String noun) {
        console.result(String.format(Locale.ROOT, "%,d %s %s", space.examples(), space.split(), noun));
        for (Axis axis : space.axes()) {
            console.result(String.format(
                    Locale.ROOT,
                    "  %s: %.0f%% of the variance of the encodings, %.3g",
                    axis.name(),
                    100 * axis.share(),
                    axis.variance()));
        }
        if (space.quantities().isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "nats", ""));
        for (Quantity quantity : space.quantities()) {
            rows.add(List.of(
                    quantity.name(),
                    new MeanAndError(quantity.mean(), quantity.standardError()).text(3),
                    quantity.description()));
        }
        TABLE.lines(rows).forEach(console::result);
    }
}
