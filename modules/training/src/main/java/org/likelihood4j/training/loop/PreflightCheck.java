package org.likelihood4j.training.loop;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.Warmup;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.ComputeDevice;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.StartWeights;
import org.likelihood4j.models.Model;
import org.likelihood4j.training.checks.ColumnCheck;
import org.likelihood4j.training.checks.DataCheck;

/**
 * What is checked before a training begins, and its configuration alone cannot know, in three steps: the device is there; the
 * model fits the examples' shape and the memory; the data are such that it can be trained on them.
 */
public final class PreflightCheck {
    private PreflightCheck() {}

    /**
     * The first two steps, before the data are read.
     *
     * @return the model
     * @throws ConfigException if the device is not here, the weights to start from are not there, or as {@link #model} and {@link #labels} throw
     */
    public static Model start(RunConfig config) {
        Model model = goOn(config);
        StartWeights.of(config);
        return model;
    }

    /** The same for examples of a shape. */
    public static Model start(RunConfig config, ExampleShape shape) {
        ComputeDevice.require(config);
        StartWeights.of(config);
        return fitting(config, shape);
    }

    /** The same of a training that has begun, which needs the weights no more that it started from. */
    public static Model goOn(RunConfig config) {
        ExampleShape shape = DataSources.shape(config.data());
        ComputeDevice.require(config);
        Model model = fitting(config, shape);
        labels(config, shape);
        return model;
    }

    /** The second step, also for the memory of the device that is here. */
    private static Model fitting(RunConfig config, ExampleShape shape) {
        Model model = model(config, shape);
        MemoryNeed.checkDevice(config, model);
        return model;
    }

    /**
     * The second step alone, on a machine that need not have the device.
     *
     * @throws ConfigException if there is no such model of such examples, or it does not fit in memory
     */
    public static Model model(RunConfig config, ExampleShape shape) {
        Model model = ModelBuilder.create(config, shape);
        check(config, model);
        return model;
    }

    /**
     * What of the third step is known of the labels before the data are read, such as from the names of folders.
     *
     * @throws ConfigException if the model is told each example's class and the data have no labels, or too many classes
     * @throws org.likelihood4j.data.DataException if a folder of pictures is not there, or no such folder
     */
    public static void labels(RunConfig config, ExampleShape shape) {
        if (config.model().tellsClasses()) {
            DataSources.classes(config.data()).ifPresent(classes -> DataCheck.requireClasses(config, shape, classes));
        }
    }

    /**
     * The third step.
     *
     * @return what a user should know, a line each; nothing of images
     * @throws ConfigException if the configuration has to change
     * @throws org.likelihood4j.data.DataException if the data have to change: also for tied or dependent columns, of which a
     *     likelihood would mean nothing, if {@code data.allow} does not say to go on
     */
    public static List<String> data(RunConfig config, Splits data) {
        check(config, data);
        StartWeights.of(config)
                .ifPresent(start -> start.requireShape(data.train().shape()));
        return ColumnCheck.check(config, data.train());
    }

    /**
     * Checks what the configuration alone cannot know: that its model fits in memory and has the metric that early
     * stopping watches.
     *
     * @throws ConfigException if it does not
     */
    public static void check(RunConfig config, Model model) {
        MemoryNeed.checkTraining(config, model);
        if (config.training().earlyStopping() == null) {
            return;
        }
        String watched = config.training().earlyStopping().metric();
        List<String> names = new ArrayList<>(List.of("loss"));
        model.metrics().forEach(metric -> names.add(metric.name()));
        if (!names.contains(watched)) {
            throw new ConfigException(
                    "training.earlyStopping.metric",
                    "this model has no metric '" + watched + "'; it has " + String.join(", ", names));
        }
    }

    /**
     * Checks what only the data can tell: that they have a batch to train on, which fits in memory, and numbers that vary, and a
     * cyclical warm-up's cycles have steps to rise in.
     *
     * @throws ConfigException if they do not, and the configuration has to change
     * @throws org.likelihood4j.data.DataException if they do not, and the data have to change
     */
    public static void check(RunConfig config, Splits data) {
        DataCheck.check(config, data);
        MemoryNeed.checkTraining(
                config, ModelBuilder.create(config, data.train().shape()));
        long steps = TrainingJob.totalSteps(config, data);
        if (config.loss() != null
                && config.loss().kl().warmup() instanceof Warmup.Cyclical cyclical
                && cyclical.cycles() >= steps) {
            throw new ConfigException(
                    "loss.kl.warmup.cycles",
                    "must be below the training's " + steps + " steps, or no cycle has a step to rise in, was "
                            + cyclical.cycles());
        }
    }
}
