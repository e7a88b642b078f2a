package org.likelihood4j.runs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.FolderLock;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.LiveFolder;
import org.likelihood4j.io.RunException;

/**
 * The folder of one run: everything later (samples, evaluation, reports) reads it and nothing else.
 *
 * <pre>
 * runs/NAME/  config.yaml (resolved)  metrics.jsonl  log.txt  evaluation-SPLIT.json  calibration.json  inputs.json  report.html
 *             {samples, reconstructions, interpolations, traversals, scales}/epoch-0005.png  diagnostics/epoch-0005.txt
 *             checkpoints/{last, best}  checkpoints/epoch-0005/{weights.safetensors, optimizer.safetensors, state.json, SHA256SUMS}
 *             tensorboard/events.out.tfevents.* (if the configuration wishes so)
 *             .lock (held by the process that trains)
 * </pre>
 */
public record RunDirectory(Path path) {
    /** A checkpoint's files: nothing of a run is deeper. */
    private static final int LINK_DEPTH = 3;

    /**
     * Makes the folder of a new run with its resolved configuration. An existing run is never written over: the name gets the
     * first free number, {@code NAME-2}, {@code NAME-3}, ...
     *
     * @throws RunException if the folder cannot be made or written
     */
    public static RunDirectory create(Path runs, RunConfig config) {
        try {
            AtomicFiles.createFolders(runs);
            for (int number = 1; ; number++) {
                Path path = runs.resolve(number == 1 ? config.name() : config.name() + "-" + number);
                try {
                    Files.createDirectory(path);
                } catch (FileAlreadyExistsException e) {
                    continue;
                }
                RunDirectory run = new RunDirectory(path);
                try {
                    run.writeConfig(config);
                } catch (IOException e) {
                    Files.delete(path);
                    throw e;
                }
                return run;
            }
        } catch (IOException e) {
            throw new RunException(
                    runs + ": cannot make a run directory there (" + IoReasons.of(e) + "); choose another with --runs",
                    e);
        }
    }

    /**
     * An existing run.
     *
     * @throws RunException if the folder is not one
     */
    public static RunDirectory open(Path path) {
        RunDirectory run = new RunDirectory(path);
        if (!Files.isDirectory(path)) {
            throw new RunException(path
                    + (Files.exists(path) ? ": a file, and no run directory" : ": no such run directory")
                    + "; expected a folder such as runs/quickstart-vae");
        }
        if (!Files.isRegularFile(run.config())) {
            throw new RunException(path + ": not a run directory, it has no config.yaml");
        }
        run.requireNoLinks();
        return run;
    }

    /** A run from elsewhere must not make us read, or write, what is not its own: links in it could lead anywhere. */
    private void requireNoLinks() {
        try {
            LiveFolder.visit(path, LINK_DEPTH, (child, attributes) -> {
                if (attributes.isSymbolicLink()) {
                    throw new RunException(child
                            + ": is a link, which a run directory may not hold; put what it points to in its place");
                }
            });
        } catch (IOException e) {
            throw new RunException(path + ": cannot be read (" + IoReasons.of(e) + ")", e);
        }
    }

    /** The configuration with every value resolved. */
    public RunConfig readConfig() {
        return readConfig(List.of());
    }

    /** The same with changes to it, as for {@link ConfigLoader}. */
    public RunConfig readConfig(List<String> overrides) {
        return ConfigLoader.loadRecorded(config(), overrides);
    }

    public void writeConfig(RunConfig config) throws IOException {
        AtomicFiles.write(config(), ConfigLoader.toYaml(config));
    }

    /**
     * Takes the run for this process.
     *
     * @throws RunException if another process has it, or the folder cannot be written
     */
    public FolderLock lock() {
        try {
            return FolderLock.take(path)
                    .orElseThrow(
                            () -> new RunException(path + ": another process is training this run; it must end first"));
        } catch (IOException e) {
            throw new RunException(path + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
    }

    /** Whether a process trains this run now; false if that cannot be told. */
    public boolean isTraining() {
        try {
            return FolderLock.isHeld(path);
        } catch (IOException e) {
            return false;
        }
    }

    /** What writes that were cut off have left behind; only for the process that holds the lock. */
    public void deleteLeftovers() throws IOException {
        AtomicFiles.deleteLeftovers(path);
        AtomicFiles.deleteLeftovers(path.resolve("checkpoints"));
        AtomicFiles.deleteLeftovers(path.resolve("diagnostics"));
        for (RunPicture kind : RunPicture.values()) {
            AtomicFiles.deleteLeftovers(path.resolve(kind.folder()));
        }
    }

    /** @throws RunException if the folder was deleted or moved away */
    void requireThere() {
        if (!Files.isRegularFile(config())) {
            throw new RunException(path + ": the run's folder was deleted or moved (it has no config.yaml any more)");
        }
    }

    public Path config() {
        return path.resolve("config.yaml");
    }

    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** The results of evaluating on a split. */
    public Path evaluation(String split) {
        return path.resolve("evaluation-" + split + ".json");
    }

    /** What TensorBoard reads. */
    public Path tensorboard() {
        return path.resolve("tensorboard");
    }

    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** The picture of that kind after an epoch. */
    public Path picture(RunPicture kind, long epoch) {
        return path.resolve(kind.folder()).resolve(epochName(epoch) + ".png");
    }

    /** A table on the KL after an epoch. */
    public Path diagnostics(long epoch) {
        return path.resolve("diagnostics").resolve(epochName(epoch) + ".txt");
    }

    public static String epochName(long epoch) {
        return String.format(Locale.ROOT, "epoch-%04d", epoch);
    }
}
