package org.likelihood4j.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.ChecksumFile;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.statistics.ConformalScores;
import org.likelihood4j.runs.statistics.GaussianFit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What makes a decision of a likelihood: the {@link AlarmScore}s of held-out examples, and what they are of. In a run's {@code calibration.json}, of another checkpoint than the best one in {@code calibration-CHECKPOINT.json}.
 *
 * @param formatVersion 1
 * @param weights that gave the scores
 * @param source of the examples
 * @param score by which there is an alarm; files of before there were others have none, which is the likelihood
 * @param typical of held-out examples that are not among the scores where these are relative to it: -log p(x) in nats, and of images that can be compressed their
 *     bits; null in such files
 * @param falseAlarms the wanted share of false alarms, above 0, below 1
 * @param scores ascending, finite
 * @param overflows how many more examples there were whose score is infinite, because log p(x) overflows
 * @param reference values of held-out examples that explanations put in the place of a row's own: of a table each column by itself, ascending,
 *     at equal steps of probability, so that no row is a row of the data; of pictures some pictures as they are, 0 to 255
 */
@SuppressWarnings("ArrayRecordComponent") // a file's content, never compared
public record Calibration(
        int formatVersion,
        Weights weights,
        Source source,
        String score,
        GaussianFit typical,
        double falseAlarms,
        double[] scores,
        int overflows,
        double[][] reference) {
    /** The newest. */
    public static final int FORMAT_VERSION = 1;

    /** More are refused where they are made. */
    public static final int MOST_SCORES = 1 << 20;

    /** Numbers of {@link #reference}. */
    public static final int MOST_REFERENCE = 1 << 20;

    private static final int MOST_BYTES = 1 << 26;

    /**
     * The weights that scores are of: the moving average where the checkpoint keeps one.
     *
     * @param checkpoint its folder's name
     * @param sha256 of its {@code weights.safetensors}, in hex
     */
    public record Weights(String checkpoint, String sha256) {
        /** The texts may be a file's. */
        public Weights {
            checkpoint = Printable.line(Printable.shorten(Objects.requireNonNull(checkpoint, "checkpoint")));
            Objects.requireNonNull(sha256, "sha256");
        }

        /**
         * Those of a checkpoint.
         *
         * @param checkpoint {@code last}, {@code best} or a folder's name
         * @throws RunException if it is not there
         */
        public static Weights of(RunDirectory run, String checkpoint) {
            Path folder = new Checkpoints(run).locate(checkpoint);
            Path file = CheckpointFolder.weights(folder);
            try {
                return new Weights(folder.getFileName().toString(), ChecksumFile.sum(file));
            } catch (IOException e) {
                throw new RunException(file + ": cannot be read (" + IoReasons.of(e) + ")", e);
            }
        }
    }

    /**
     * What was scored.
     *
     * @param data a split's name, or {@code input-NAME}
     * @param importanceSamples K of the estimate; 1 for a density that is exact
     * @param seed of all noise
     */
    public record Source(String data, int importanceSamples, long seed) {
        /** The text may be a file's. */
        public Source {
            data = Printable.line(Printable.shorten(Objects.requireNonNull(data, "data")));
        }
    }

    /** @throws IllegalArgumentException if it is no calibration; the values may be a file's */
    public Calibration {
        require(formatVersion == FORMAT_VERSION, "formatVersion is " + formatVersion + ", expected " + FORMAT_VERSION);
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(source, "source");
        AlarmScore known = AlarmScore.of(Objects.requireNonNull(score, "score"))
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no score '" + Printable.line(Printable.shorten(score)) + "'"));
        require(
                !known.isFitted() || (typical != null && (!known.countsBits() || typical.mean().length == 2)),
                "typical has not what the score is relative to");
        require(falseAlarms > 0 && falseAlarms < 1, "falseAlarms must be above 0 and below 1, was " + falseAlarms);
        require(scores != null && scores.length > 1, "scores must be at least two");
        for (int i = 0; i < scores.length; i++) {
            require(
                    Double.isFinite(scores[i]) && (i == 0 || scores[i] >= scores[i - 1]),
                    "scores must be finite and ascending, number " + i + " is not");
        }
        require(overflows >= 0, "overflows cannot be " + overflows);
        require(reference != null && reference.length > 0 && reference[0] != null, "reference has no values");
        for (double[] values : reference) {
            require(
                    values != null
                            && values.length == reference[0].length
                            && Arrays.stream(values).allMatch(Double::isFinite),
                    "reference must be rows of as many finite numbers");
        }
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** The score by which there is an alarm. */
    public AlarmScore kind() {
        return AlarmScore.of(score).orElseThrow();
    }

    /** All scores, the infinite ones too. */
    public ConformalScores conformal() {
        double[] all = Arrays.copyOf(scores, scores.length + overflows);
        Arrays.fill(all, scores.length, all.length, Double.POSITIVE_INFINITY);
        return new ConformalScores(all);
    }

    private static Path file(RunDirectory run, String checkpoint) {
        return run.path()
                .resolve(
                        checkpoint.equals(Checkpoints.BEST)
                                ? "calibration.json"
                                : "calibration-" + checkpoint + ".json");
    }

    /**
     * That of a checkpoint, if the run has one.
     *
     * @param checkpoint as it was asked for: {@code last}, {@code best} or a folder's name
     * @throws RunException if it is there and cannot be read
     */
    public static Optional<Calibration> read(RunDirectory run, String checkpoint) {
        Path file = file(run, checkpoint);
        return Files.exists(file)
                ? Optional.of(new JsonFiles.Source(
                                file, MOST_BYTES, "a calibration", "calibrate the run again to write it anew")
                        .read(Calibration.class, Calibration::upgrade))
                : Optional.empty();
    }

    private static void upgrade(JsonNode tree) {
        ObjectNode object = (ObjectNode) tree;
        if (!object.has("score")) {
            object.put("score", AlarmScore.LIKELIHOOD.toString());
            object.putNull("typical");
        }
    }

    /**
     * Writes it into its run.
     *
     * @return the file
     * @throws RunException if it cannot be written
     */
    public Path save(RunDirectory run, String checkpoint) {
        Path file = file(run, checkpoint);
        try {
            AtomicFiles.write(file, JsonFiles.PRETTY.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
        return file;
    }

    /**
     * Why scores cannot be held against these; empty if they can.
     *
     * @param used the weights that gave them
     * @param importanceSamples K of their estimate
     */
    public Optional<String> unfit(Weights used, int importanceSamples) {
        if (!weights.sha256().equals(used.sha256())) {
            return Optional.of("it is of the weights of " + weights.checkpoint() + ", and these are "
                    + (weights.checkpoint().equals(used.checkpoint()) ? "others" : "those of " + used.checkpoint()));
        }
        return source.importanceSamples() == importanceSamples
                ? Optional.empty()
                : Optional.of("it is of estimates of " + source.importanceSamples() + " draws, and these are of "
                        + importanceSamples);
    }
}
