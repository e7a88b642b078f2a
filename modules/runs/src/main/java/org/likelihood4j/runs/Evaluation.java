package org.likelihood4j.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The result of evaluating a model on a split: {@code evaluation-SPLIT.json}.
 *
 * @param run the run's folder name
 * @param checkpoint the checkpoint's name
 * @param weights the SHA-256 of the file of its weights; null where that was not kept
 * @param split train, validation or test; or {@code input-NAME}, all of another file or folder
 * @param images how many
 * @param seed of all noise
 * @param importanceSamples K, draws in each importance-weighted estimate
 * @param repeats independent repetitions of every estimate
 * @param quantities in the order in which they are best read
 * @param seconds it took
 */
public record Evaluation(
        String run,
        String checkpoint,
        String weights,
        String split,
        int images,
        long seed,
        int importanceSamples,
        int repeats,
        List<Quantity> quantities,
        double seconds) {
    private static final int MOST_BYTES = 1 << 20;

    /**
     * An estimated mean over images.
     *
     * @param name e.g. {@code elbo}
     * @param unit nats or bits/dim
     * @param mean over images and repeats; {@code null} if a value is not finite
     * @param standardError of the mean over images, each image's value averaged over the repeats; {@code null} where undefined
     * @param spread standard deviation of the mean between repeats; {@code null} for a single repeat
     * @param nonFinite values that are NaN or infinite: counted, and then there is no mean
     * @param description one line for people
     */
    public record Quantity(
            String name,
            String unit,
            Double mean,
            Double standardError,
            Double spread,
            long nonFinite,
            String description) {
        /** The texts may be a file's. */
        public Quantity {
            name = Printable.line(name);
            unit = Printable.line(unit);
            description = Printable.line(description);
        }
    }

    /** Makes the list unmodifiable. */
    public Evaluation {
        quantities = List.copyOf(quantities);
    }

    /** The same of a set with another name. */
    public Evaluation named(String other) {
        return new Evaluation(
                run, checkpoint, weights, other, images, seed, importanceSamples, repeats, quantities, seconds);
    }

    /**
     * The same under a name of its own, {@code SPLIT-CHECKPOINT-IMAGES}, where the run has one of this name that it should not replace: of
     * more images, or of another checkpoint than it while this one is not of the best.
     */
    public Evaluation apart(RunDirectory directory) {
        if (!Files.exists(directory.evaluation(split))) {
            return this;
        }
        try {
            Evaluation stored = read(directory, split);
            boolean better = stored.images > images
                    || (!checkpoint.equals(stored.checkpoint) && !checkpoint.equals(Checkpoints.BEST));
            return better ? named(split + "-" + checkpoint + "-" + images) : this;
        } catch (RunException e) {
            // Nobody can read it.
            return this;
        }
    }

    /** Whether every value of every image was finite. */
    public boolean finite() {
        return quantities.stream().allMatch(quantity -> quantity.nonFinite() == 0);
    }

    /** A quantity by name. */
    public Quantity quantity(String name) {
        return quantities.stream()
                .filter(quantity -> quantity.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no quantity " + name + " in "
                        + quantities.stream().map(Quantity::name).toList()));
    }

    /** With the sum of the weights of its checkpoint. */
    public Evaluation summed(RunDirectory directory) {
        String sum = Calibration.Weights.of(directory, checkpoint).sha256();
        return new Evaluation(
                run, checkpoint, sum, split, images, seed, importanceSamples, repeats, quantities, seconds);
    }

    /**
     * Writes the result into its run.
     *
     * @throws RunException if it cannot be written
     */
    public void save(RunDirectory directory) {
        try {
            AtomicFiles.write(directory.evaluation(split), JsonFiles.PRETTY.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new RunException(directory.evaluation(split) + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
    }

    /**
     * Reads a result back, which anyone may have written.
     *
     * @throws RunException if it cannot be read or is not one
     */
    public static Evaluation read(RunDirectory run, String split) {
        return new JsonFiles.Source(
                        run.evaluation(split), MOST_BYTES, "an evaluation", "evaluate the run again to write it anew")
                .read(Evaluation.class, Evaluation::upgrade);
    }

    private static void upgrade(JsonNode tree) {
        if (tree instanceof ObjectNode evaluation && !evaluation.has("weights")) {
            evaluation.putNull("weights");
        }
    }
}
