package org.likelihood4j.runs.metrics;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunState;
import tools.jackson.databind.JsonNode;

/**
 * A line of {@code metrics.jsonl}: one record a kind. Its keys are {@code event}, {@code time}, and those of the record, in this
 * order; readers take what they know by {@link MetricsKeys} and pass the rest over, so that files of other versions can be shown.
 *
 * <pre>
 * {"event":"start", "time":..., "version":2, "steps_per_epoch":..., "parameters":..., "provenance":{...}}
 * {"event":"step", "step":50, "epoch":1, "loss":..., "elbo":..., ..., "gradient_norm":..., "learning_rate":..., "blocks":[...]}
 * {"event":"epoch", "epoch":1, "step":600, "training":{...}, "validation":{...}, "best":true, "seconds":...}
 * {"event":"divergence", "step":..., "epoch":..., "quantity":"elbo", "blocks":[...]}
 * {"event":"end", "reason":"completed", "epoch":..., "step":...}
 * {"event":"resume", "time":..., "epoch":..., "step":..., the keys of "start"}
 * {"event":"rollback", "step":..., "to_step":..., "problem":..., "learning_rate_factor":...}
 * </pre>
 *
 * <p>Log quantities are in nats. Numbers that are not finite are the strings "NaN", "Infinity" and "-Infinity".
 */
public sealed interface MetricsEvent {
    /** What the lines of a file are written as; a start without a version is of version 1, which says no {@code dimensions}. */
    int VERSION = 2;

    /** The kinds of lines. */
    enum Kind {
        START,
        RESUME,
        STEP,
        EPOCH,
        DIVERGENCE,
        ROLLBACK,
        END;

        /** Its name in the file. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of a line that anyone may have written; empty if it is none that we know. */
        public static Optional<Kind> of(JsonNode line) {
            String event = line.path(MetricsKeys.EVENT).asString("");
            for (Kind kind : values()) {
                if (kind.key().equals(event)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }

        /** Whether a line is of this kind. */
        public boolean is(JsonNode line) {
            return of(line).filter(kind -> kind == this).isPresent();
        }
    }

    Kind kind();

    /** Puts its keys, in the order in which they are written. */
    void put(Map<String, Object> line);

    /** The line, without its end. */
    default String text(Instant time) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(MetricsKeys.EVENT, kind().key());
        line.put(MetricsKeys.TIME, time.toString());
        put(line);
        return JsonFiles.LINE.writeValueAsString(line);
    }

    /**
     * A process begins to train, or goes on.
     *
     * @param from where a resume goes on; empty at the start
     * @param dimensions D of bits/dim, {@code -log p/(D ln 2)}, for models that have it
     */
    record Start(
            Optional<RunState.Progress> from,
            long stepsPerEpoch,
            long totalSteps,
            long parameters,
            OptionalLong dimensions,
            Map<String, Object> provenance)
            implements MetricsEvent {
        @Override
        public Kind kind() {
            return from.isPresent() ? Kind.RESUME : Kind.START;
        }

        @Override
        public void put(Map<String, Object> line) {
            from.ifPresent(progress -> {
                line.put(MetricsKeys.EPOCH, progress.epoch());
                line.put(MetricsKeys.STEP, progress.step());
            });
            line.put(MetricsKeys.VERSION, VERSION);
            line.put(MetricsKeys.STEPS_PER_EPOCH, stepsPerEpoch);
            line.put(MetricsKeys.TOTAL_STEPS, totalSteps);
            line.put(MetricsKeys.PARAMETERS, parameters);
            dimensions.ifPresent(d -> line.put(MetricsKeys.DIMENSIONS, d));
            line.put(MetricsKeys.PROVENANCE, provenance);
        }
    }

    /**
     * Steps, every {@code training.logEvery} of them.
     *
     * @param at the last of them, in an epoch that is not over
     * @param metrics means since the line before, by name
     * @param kl the two KLs of these examples; {@code null} where there is only one
     * @param klWeight of the last step; {@code null} where the loss has none
     * @param gradientNorm of the last step, before clipping
     * @param learningRate of the last step
     * @param blocks the model's parts at the last step
     */
    record Step(
            RunState.Progress at,
            Map<String, Double> metrics,
            Map<String, Object> kl,
            Double klWeight,
            double gradientNorm,
            double learningRate,
            List<Map<String, Object>> blocks)
            implements MetricsEvent {
        @Override
        public Kind kind() {
            return Kind.STEP;
        }

        @Override
        public void put(Map<String, Object> line) {
            line.put(MetricsKeys.STEP, at.step());
            line.put(MetricsKeys.EPOCH, at.epoch());
            line.putAll(metrics);
            putThere(line, MetricsKeys.KL, kl);
            putThere(line, MetricsKeys.KL_WEIGHT, klWeight);
            line.put(MetricsKeys.GRADIENT_NORM, gradientNorm);
            line.put(MetricsKeys.LEARNING_RATE, learningRate);
            line.put(MetricsKeys.BLOCKS, blocks);
        }
    }

    /**
     * What a VAE's epoch says of its KL.
     *
     * @param agreement of the two KLs; {@code null} where there is only one
     * @param pooled the same over all epochs so far; {@code null} as well
     * @param warnings none is an empty list
     * @param latents {@code null} if it was not their turn
     * @param gradients {@code null} if it was not their turn
     */
    record KlParts(
            Map<String, Object> agreement,
            Map<String, Object> pooled,
            List<String> warnings,
            Map<String, Object> latents,
            Map<String, Object> gradients) {}

    /**
     * An epoch's end.
     *
     * @param training means over the epoch, by name
     * @param validation means over the validation set; empty if it was not its turn
     * @param best whether it is the best epoch so far
     * @param kl empty for a flow
     */
    record Epoch(
            RunState.Progress at,
            Map<String, Double> training,
            Map<String, Double> validation,
            boolean best,
            double seconds,
            Optional<KlParts> kl)
            implements MetricsEvent {
        @Override
        public Kind kind() {
            return Kind.EPOCH;
        }

        @Override
        public void put(Map<String, Object> line) {
            line.put(MetricsKeys.EPOCH, at.epoch());
            line.put(MetricsKeys.STEP, at.step());
            line.put(MetricsKeys.TRAINING, training);
            line.put(MetricsKeys.VALIDATION, validation);
            line.put(MetricsKeys.BEST, best);
            line.put(MetricsKeys.SECONDS, seconds);
            kl.ifPresent(parts -> {
                putThere(line, MetricsKeys.KL, parts.agreement());
                putThere(line, MetricsKeys.KL_POOLED, parts.pooled());
                putThere(line, MetricsKeys.WARNINGS, parts.warnings().isEmpty() ? null : parts.warnings());
                putThere(line, MetricsKeys.LATENTS, parts.latents());
                putThere(line, MetricsKeys.GRADIENTS, parts.gradients());
            });
        }
    }

    /**
     * A step with a number that is not finite.
     *
     * @param quantity which one
     */
    record Divergence(RunState.Progress at, String quantity, List<Map<String, Object>> blocks) implements MetricsEvent {
        @Override
        public Kind kind() {
            return Kind.DIVERGENCE;
        }

        @Override
        public void put(Map<String, Object> line) {
            line.put(MetricsKeys.STEP, at.step());
            line.put(MetricsKeys.EPOCH, at.epoch());
            line.put(MetricsKeys.QUANTITY, quantity);
            line.put(MetricsKeys.BLOCKS, blocks);
        }
    }

    /** A return to a checkpoint. */
    record Rollback(RunState.Rollback rollback) implements MetricsEvent {
        @Override
        public Kind kind() {
            return Kind.ROLLBACK;
        }

        @Override
        public void put(Map<String, Object> line) {
            line.put(MetricsKeys.STEP, rollback.step());
            line.put(MetricsKeys.TO_STEP, rollback.toStep());
            line.put(MetricsKeys.PROBLEM, rollback.problem());
            line.put(MetricsKeys.LEARNING_RATE_FACTOR, rollback.learningRateFactor());
        }
    }

    /** A process's training ends. */
    record End(EndReason reason, RunState.Progress at) implements MetricsEvent {
        @Override
        public Kind kind() {
            return Kind.END;
        }

        @Override
        public void put(Map<String, Object> line) {
            line.put(MetricsKeys.REASON, reason.key());
            line.put(MetricsKeys.EPOCH, at.epoch());
            line.put(MetricsKeys.STEP, at.step());
        }
    }

    private static void putThere(Map<String, Object> line, String key, Object value) {
        if (value != null) {
            line.put(key, value);
        }
    }
}
