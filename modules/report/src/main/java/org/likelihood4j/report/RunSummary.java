package org.likelihood4j.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.likelihood4j.io.LiveFolder;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;

/**
 * One run among others, as its folder tells.
 *
 * @param path the folder
 * @param status how the training is, or that this is no run that can be read
 * @param model vae or realnvp; empty if not known
 * @param data the type of its data; empty if not known
 * @param epochs completed
 * @param plannedEpochs 0 if not known
 * @param best the best validation loss; {@code null} if there was none
 * @param evaluations that there are
 * @param bytes of all its files
 * @param modified when its metrics, or else the folder, were last written
 * @param problems what could not be read, a line each
 */
public record RunSummary(
        Path path,
        Status status,
        String model,
        String data,
        long epochs,
        long plannedEpochs,
        Headline best,
        List<Evaluation> evaluations,
        long bytes,
        Instant modified,
        List<String> problems) {
    private static final int DEPTH = 4;

    /** How a training is. */
    public enum Status {
        /** A process trains it now. */
        RUNNING,
        /** To its last epoch, or stopped early. */
        FINISHED,
        /** By a person or a crash; it can go on. */
        INTERRUPTED,
        /** Of a model that was trained elsewhere. */
        IMPORTED,
        /** Given up at a value that is not finite. */
        DIVERGED,
        /** At its end the untrained model had explained the training data better. */
        WORSE,
        /** Its folder cannot be read as a run's. */
        DAMAGED;

        @Override
        public String toString() {
            return this == WORSE ? "worse than at its start" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a folder says; never an exception, whatever is in it. */
    public static RunSummary of(Path folder) {
        try {
            RunReport report = RunReader.open(folder).read(0);
            return new RunSummary(
                    folder,
                    status(folder, report.course().progress().end()),
                    report.origin().model(),
                    JsonValues.name(report.origin().config().getOrDefault("data.type", "")),
                    Math.max(0, Math.round(report.course().progress().epoch())),
                    report.origin().plannedEpochs(),
                    Headline.of(List.of(), report.course().tables()),
                    report.evaluations(),
                    size(folder),
                    modified(folder),
                    report.notes());
        } catch (RunException | UncheckedIOException e) {
            String problem =
                    Printable.line(e.getMessage().replace(folder + ": ", "").replace(folder + "/", ""));
            return new RunSummary(
                    folder,
                    Status.DAMAGED,
                    "",
                    "",
                    0,
                    0,
                    null,
                    List.of(),
                    size(folder),
                    modified(folder),
                    List.of(problem));
        }
    }

    private static Status status(Path folder, String end) {
        return switch (EndReason.of(end).orElse(EndReason.INTERRUPTED)) {
            case COMPLETED, EARLY_STOPPED -> Status.FINISHED;
            case WORSE_THAN_AT_START -> Status.WORSE;
            case DIVERGED -> Status.DIVERGED;
            // One that was killed has not said that it ended.
            case INTERRUPTED -> untold(new RunDirectory(folder));
        };
    }

    private static Status untold(RunDirectory run) {
        if (run.isTraining()) {
            return Status.RUNNING;
        }
        return !Files.exists(run.metrics()) && isImported(run) ? Status.IMPORTED : Status.INTERRUPTED;
    }

    private static boolean isImported(RunDirectory run) {
        try {
            return CheckpointFolder.readState(new Checkpoints(run).locate(Checkpoints.BEST))
                    .wasImported();
        } catch (RunException e) {
            return false;
        }
    }

    private static long size(Path folder) {
        LongAdder bytes = new LongAdder();
        try {
            LiveFolder.visit(folder, DEPTH, (file, attributes) -> {
                if (attributes.isRegularFile()) {
                    bytes.add(attributes.size());
                }
            });
        } catch (IOException e) {
            return 0;
        }
        return bytes.sum();
    }

    private static Instant modified(Path folder) {
        Path metrics = new RunDirectory(folder).metrics();
        try {
            return Files.getLastModifiedTime(Files.exists(metrics) ? metrics : folder)
                    .toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }
}
