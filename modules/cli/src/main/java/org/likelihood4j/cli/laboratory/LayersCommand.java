package org.likelihood4j.cli.laboratory;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.ModelOptions;
import org.likelihood4j.cli.options.SplitOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.laboratory.latents.LayerSurvey;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.FlowLayers;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code layers RUN}: a flow of the plane, layer by layer. */
@Command(
        name = "layers",
        description = {
            "Take a flow of two numbers apart: a regular grid of latents on its way to the data, data on their way to the latents, and the"
                    + " log-determinant, layer by layer. Writes RUN/layers.json, through which the report has a slider."
        })
public final class LayersCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions options;

    @Mixin
    private SplitOptions split;

    private final Console console;

    public LayersCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        RunDirectory run = options.run();
        TrainedModel model = options.model();
        LayerSurvey survey = new LayerSurvey(model);
        Calibration.Weights weights = Calibration.Weights.of(run, options.checkpoint());
        FlowLayers layers = survey.of(weights, split.examples(model, console), split.toString());
        Path file = layers.save(run, options.checkpoint());
        console.line("wrote " + file + ": " + layers.spaces().size() + " spaces, from data to latents");
        if (options.suffix().isEmpty()) {
            console.line("  see them  ./run.sh report " + run.path());
        }
        return 0;
    }
}
