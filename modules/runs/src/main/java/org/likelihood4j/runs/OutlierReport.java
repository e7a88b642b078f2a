package org.likelihood4j.runs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;

/**
 * How well each score tells other data from a run's: {@code against-SPLIT.json}.
 *
 * @param run the run's folder name
 * @param checkpoint as it was asked for
 * @param split of the run's data, or {@code input-NAME}
 * @param images how many of these
 * @param importanceSamples K of the estimate of log p(x); 1 for a density that is exact
 * @param seed of all noise
 * @param background the folder of the background model; null without one
 * @param results of every set of other data and score
 * @param seconds it took
 */
public record OutlierReport(
        String run,
        String checkpoint,
        String split,
        int images,
        int importanceSamples,
        long seed,
        String background,
        List<Result> results,
        double seconds) {
    /**
     * Of a set and a score.
     *
     * @param data the set, as it was asked for
     * @param images how many of them
     * @param score its name
     * @param auroc how often one of them has a larger score than one of the run's data
     * @param standardError of that; null for a single example
     */
    public record Result(String data, int images, String score, double auroc, Double standardError) {}

    /** Makes the list unmodifiable. */
    public OutlierReport {
        results = List.copyOf(results);
    }

    /**
     * Writes it into its run.
     *
     * @return the file
     * @throws RunException if it cannot be written
     */
    public Path save(RunDirectory directory) {
        Path file = directory.path().resolve("against-" + split + ".json");
        try {
            AtomicFiles.write(file, JsonFiles.PRETTY.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
        return file;
    }
}
