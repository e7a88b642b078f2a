package org.likelihood4j.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command has found of a checkpoint: {@code NAME.json} in the run, of another checkpoint than the best one {@code NAME-CHECKPOINT.json}.
 *
 * @param type of what it holds
 * @param name of the command and its file
 * @param mapper that writes it
 * @param mostBytes of one that is read
 */
record FindingsFile<T>(Class<T> type, String name, JsonMapper mapper, int mostBytes) {
    /** The file's name without its ending. */
    String stem(String checkpoint) {
        return checkpoint.equals(Checkpoints.BEST) ? name : name + "-" + checkpoint;
    }

    /**
     * The file's name without its ending, of findings that leave others alone.
     *
     * @param others tells of what the run has under the usual name whether it should stay
     * @param own what comes behind that name then
     */
    String nameIn(RunDirectory run, String checkpoint, Predicate<T> others, String own) {
        try {
            return read(run, checkpoint).filter(others).isPresent() ? stem(checkpoint) + "-" + own : stem(checkpoint);
        } catch (RunException e) {
            // Nobody can read it.
            return stem(checkpoint);
        }
    }

    /**
     * Writes it.
     *
     * @return the file
     * @throws RunException if it cannot be written
     */
    Path save(RunDirectory run, String stem, T findings) {
        Path file = run.path().resolve(stem + ".json");
        try {
            AtomicFiles.write(file, mapper.writeValueAsString(findings) + "\n");
        } catch (IOException e) {
            throw new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
        return file;
    }

    /**
     * That of a checkpoint, if the run has one.
     *
     * @throws RunException if it is there and cannot be read
     */
    Optional<T> read(RunDirectory run, String checkpoint) {
        Path file = run.path().resolve(stem(checkpoint) + ".json");
        return Files.exists(file)
                ? Optional.of(new JsonFiles.Source(
                                file,
                                mostBytes,
                                "what " + name + " has found",
                                "run " + name + " again to write it anew")
                        .read(type, tree -> {}))
                : Optional.empty();
    }
}
