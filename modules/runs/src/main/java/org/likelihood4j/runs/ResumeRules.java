package org.likelihood4j.runs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.Schedule;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.config.Warmup;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.io.RunException;

/** What a training may differ in from the process that goes on with it. */
public final class ResumeRules {
    private static final String DATA = "data_sha256";

    /** Keys, or sections, that decide only what comes after the checkpoint, and how and where it is computed. */
    private static final List<String> FREE = List.of(
            "device",
            "precision",
            "training.epochs",
            "training.shards",
            "training.optimizer.learningRate",
            "training.schedule",
            "training.clipNorm",
            "training.earlyStopping.patience",
            "training.imagesEvery",
            "training.checkpointEvery",
            "training.checkpointUnit",
            "training.checkpointKeep",
            "training.recovery",
            "tensorboard");

    /** Of the provenance: these do not decide the bits, or are checked otherwise. */
    private static final Set<String> NOT_COMPARED =
            Set.of("seed", "data", DATA, Provenance.CLASSES, Provenance.STARTED_FROM);

    private ResumeRules() {}

    /**
     * Checks that a run's configuration differs only where that makes sense.
     *
     * @throws ConfigException if it does not
     */
    public static void check(RunConfig saved, RunConfig wanted) {
        List<String> changed = ConfigLoader.differences(saved, wanted);
        for (String key : changed) {
            if (FREE.stream().noneMatch(free -> key.equals(free) || key.startsWith(free + "."))) {
                throw new ConfigException(
                        key, "cannot change when a run is resumed; what can: " + String.join(", ", FREE));
            }
        }
        if (changed.contains("training.shards") && saved.training().shuffle() == TrainingConfig.Shuffle.SHARDS) {
            throw new ConfigException(
                    "training.shards",
                    "cannot change when a run with training.shuffle shards is resumed, whose batches are made of their rows");
        }
        if (saved.precision().outsideOfSteps() != wanted.precision().outsideOfSteps()) {
            throw new ConfigException(
                    "precision",
                    "cannot become " + wanted.precision() + " when a run of " + saved.precision()
                            + " is resumed: float32, tf32 and mixed have other parameters than float64");
        }
        if (!changed.contains("training.epochs")) {
            return;
        }
        // Spread over all steps, these were others from the first step on: the result would be neither run's.
        if (saved.training().schedule() instanceof Schedule.Cosine
                && changed.stream().noneMatch(key -> key.startsWith("training.schedule"))) {
            throw new ConfigException(
                    "training.epochs",
                    "cannot change when a run with training.schedule.type cosine is resumed, which is spread over all"
                            + " epochs; give another with --set training.schedule.type=constant");
        }
        if (saved.loss() != null && saved.loss().kl().warmup() instanceof Warmup.Cyclical) {
            throw new ConfigException(
                    "training.epochs",
                    "cannot change when a run with loss.kl.warmup.type cyclical is resumed, which is spread over all"
                            + " epochs");
        }
    }

    /**
     * Checks, before any data are read, that a run has a training to go on with.
     *
     * @throws RunException if it was imported
     */
    public static void requireTrained(RunDirectory run) {
        RunState last;
        try {
            last = CheckpointFolder.readState(new Checkpoints(run).locate("last"));
        } catch (RunException e) {
            // Whoever goes on looks for what is whole.
            return;
        }
        if (last.wasImported()) {
            throw new RunException(
                    run.path() + ": was imported without an optimiser's state, so that nothing can go on from it;"
                            + " a new training can start from it: ./run.sh train " + run.config()
                            + " --set training.startFrom=" + run.path());
        }
    }

    /**
     * Checks that a checkpoint's data are today's, and that its steps are among those wanted.
     *
     * @throws RunException if not
     */
    public static void check(Path checkpoint, RunState state, Provenance now, RunConfig config, long totalSteps) {
        Object before = state.provenance().get(DATA);
        Object today = now.values().get(DATA);
        if (!Objects.equals(before, today)) {
            throw new RunException(checkpoint + ": was trained on other data: SHA-256 " + before + ", now " + today
                    + "; restore the data, or train a new run");
        }
        // Checkpoints of earlier versions do not know them.
        Object classes = state.provenance().get(Provenance.CLASSES);
        if (classes != null && !classes.equals(now.values().get(Provenance.CLASSES))) {
            throw new RunException(checkpoint + ": was trained on the classes " + state.classes() + ", now "
                    + now.values().get(Provenance.CLASSES) + "; restore their names, or train a new run");
        }
        if (state.step() > totalSteps) {
            throw new ConfigException(
                    "training.epochs",
                    "was " + config.training().epochs() + ", but the run has taken " + state.step() + " steps already,"
                            + " more than the " + totalSteps + " of so many epochs");
        }
    }

    /** A line on what else may decide the last bits and is not what it was; {@code null} if all is. */
    public static String differences(RunState state, Provenance now) {
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, Object> entry : now.values().entrySet()) {
            Object before = state.provenance().get(entry.getKey());
            // Of what older programs did not keep nothing is known.
            if (before != null && !NOT_COMPARED.contains(entry.getKey()) && !Objects.equals(before, entry.getValue())) {
                differences.add(entry.getKey() + " was " + before + ", is " + entry.getValue());
            }
        }
        return differences.isEmpty()
                ? null
                : "not as when the checkpoint was saved, so the last bits may differ from here on: "
                        + String.join("; ", differences);
    }
}
