package org.likelihood4j.laboratory.published;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Evaluation;

/**
 * What came of an attempt.
 *
 * @param value of the publication's quantity
 * @param standardError of its mean over the test set
 * @param images how many these were
 * @param importanceSamples K
 * @param seed of the training
 * @param weights the SHA-256 of the file of the weights that were evaluated
 * @param revision of this program that trained
 * @param machine that trained: processor and native build
 * @param date of the evaluation, UTC
 */
public record Reproduction(
        double value,
        double standardError,
        int images,
        int importanceSamples,
        long seed,
        String weights,
        String revision,
        String machine,
        String date) {
    private static final int MOST_BYTES = 1 << 16;

    /** The texts may be a file's. */
    public Reproduction {
        weights = Printable.line(weights);
        revision = Printable.line(revision);
        machine = Printable.line(machine);
        date = Printable.line(date);
    }

    /**
     * That of an evaluation.
     *
     * @param name of the quantity
     * @param trained what the run keeps of its training
     * @throws RunException if the quantity is not finite, or there is none of that name
     */
    public static Reproduction of(String name, Evaluation evaluation, Map<String, Object> trained) {
        Evaluation.Quantity quantity = evaluation.quantities().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new RunException("the evaluation has no quantity '" + name + "', which the registry names"));
        if (quantity.mean() == null || quantity.standardError() == null) {
            throw new RunException(quantity.name() + " is not finite for " + quantity.nonFinite() + " test examples");
        }
        return new Reproduction(
                quantity.mean(),
                quantity.standardError(),
                evaluation.images(),
                evaluation.importanceSamples(),
                ((Number) trained.get("seed")).longValue(),
                evaluation.weights(),
                text(trained, "revision"),
                text(trained, "device") + ", " + text(trained, "native").replaceFirst("^-", "") + ", "
                        + text(trained, "processors") + " processors",
                Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
    }

    private static String text(Map<String, Object> trained, String key) {
        return String.valueOf(trained.getOrDefault(key, EnvironmentProvenance.UNKNOWN));
    }

    /**
     * Writes it.
     *
     * @throws RunException if it cannot be written
     */
    public void save(Path file) {
        try {
            AtomicFiles.write(file, JsonFiles.PRETTY.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
    }

    /** @throws RunException if the file cannot be read or is not such a result */
    static Reproduction read(Path file) {
        return new JsonFiles.Source(file, MOST_BYTES, "a stored result", "reproduce it again with --store")
                .read(Reproduction.class, tree -> {});
    }
}
