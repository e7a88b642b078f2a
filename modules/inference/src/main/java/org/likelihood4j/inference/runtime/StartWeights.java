package org.likelihood4j.inference.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunDirectory;

/**
 * The weights of another run that a training starts from, {@code training.startFrom}: those of its best checkpoint which {@code evaluate} uses, with
 * all that the model knows of its data, such as means and deviations. They mean nothing in another model, and to it nothing of data that are encoded
 * otherwise. Where only a part of the model is trained, {@code training.only}, that part is another, and starts as a new one does.
 */
public final class StartWeights {
    private static final String KEY = "training.startFrom";
    private static final String PRIOR = "model.prior";

    private final RunDirectory run;
    private final boolean inPart;
    private final RunConfig config;
    private final Path checkpoint;

    private StartWeights(RunDirectory run, boolean inPart) {
        this.run = run;
        this.inPart = inPart;
        this.config = run.readConfig();
        this.checkpoint = new Checkpoints(run).locate(Checkpoints.BEST);
        String damage = CheckpointFolder.damageOfWeights(checkpoint);
        if (damage != null) {
            throw new RunException(checkpoint + ": damaged (" + damage + ")");
        }
    }

    /**
     * Those of a configuration; empty if it names none.
     *
     * @throws ConfigException if there is no such run with whole weights, or it is of another model or precision
     */
    public static Optional<StartWeights> of(RunConfig wanted) {
        String path = wanted.training().startFrom();
        if (path == null) {
            return Optional.empty();
        }
        StartWeights start;
        try {
            start = new StartWeights(
                    RunDirectory.open(Path.of(path)), wanted.training().only() != null);
        } catch (RunException e) {
            throw new ConfigException(KEY, e.getMessage());
        }
        start.requireModel(wanted);
        return Optional.of(start);
    }

    private void requireModel(RunConfig wanted) {
        List<String> others = ConfigLoader.differences(config, wanted).stream()
                .filter(key -> key.equals("model") || key.startsWith("model."))
                .filter(key -> !inPart || !isOfPrior(key))
                .toList();
        if (!others.isEmpty()) {
            throw refused(
                    "has another " + String.join(", ", others) + " than this configuration, and so another model");
        }
        if (config.precision().outsideOfSteps() != wanted.precision().outsideOfSteps()) {
            throw refused("was trained in " + config.precision() + ", and this configuration's precision is "
                    + wanted.precision());
        }
    }

    private static boolean isOfPrior(String key) {
        return key.equals(PRIOR) || key.startsWith(PRIOR + ".");
    }

    private ConfigException refused(String problem) {
        return new ConfigException(
                KEY,
                run.path() + " " + problem + "; its own configuration fits: ./run.sh train " + run.config() + " --set "
                        + KEY + "=" + run.path());
    }

    /**
     * Checks that examples become the model's numbers as those of the run did.
     *
     * @throws ConfigException if not
     */
    public void requireShape(ExampleShape shape) {
        ExampleShape own = DataSources.shape(config.data());
        if (!own.equals(shape)) {
            String difference = own.toString().equals(shape.toString())
                    ? ", with other names, kinds or ranges"
                    : " of " + own + ", and not of " + shape;
            throw refused("was trained on " + own.noun() + difference);
        }
    }

    /**
     * Fills a model's values, or all but those of the part that is trained.
     *
     * @throws RunException if the checkpoint is damaged
     */
    public void load(ModelValues values) {
        if (inPart) {
            CheckpointTensors.readEach(checkpoint, values.buffers());
        } else if (config.training().only() != null) {
            CheckpointTensors.readEach(checkpoint, values.vectors());
        } else {
            CheckpointTensors.readWeights(checkpoint, values);
        }
    }

    /** The SHA-256 of their file. */
    String sha256() {
        return Calibration.Weights.of(run, checkpoint.getFileName().toString()).sha256();
    }
}
