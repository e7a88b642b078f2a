package org.likelihood4j.runs;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.likelihood4j.io.AtomicFiles.FileBody;
import org.likelihood4j.io.ChecksumFile;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder of one checkpoint: {@code weights.safetensors} (parameters, buffers, moving average), {@code optimizer.safetensors}
 * (moments), {@code state.json} ({@link RunState}), and {@code SHA256SUMS} over those three. What the tensors are is the
 * business of those who write and read them.
 */
public final class CheckpointFolder {
    private static final String WEIGHTS = "weights.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";
    private static final int MOST_STATE_BYTES = 1 << 20;

    private CheckpointFolder() {}

    /** The file of the weights. */
    public static Path weights(Path checkpoint) {
        return checkpoint.resolve(WEIGHTS);
    }

    /** The file of the optimiser's moments. */
    public static Path optimizer(Path checkpoint) {
        return checkpoint.resolve(OPTIMIZER);
    }

    /**
     * Fills an empty folder.
     *
     * @param weights writes the file of the weights
     * @param moments writes that of the optimiser
     */
    public static void write(Path folder, FileBody weights, FileBody moments, RunState state) throws IOException {
        byte[] json = (JsonFiles.PRETTY.writeValueAsString(state) + "\n").getBytes(StandardCharsets.UTF_8);
        ChecksumFile sums = new ChecksumFile();
        write(weights(folder), sums, weights);
        write(optimizer(folder), sums, moments);
        write(folder.resolve(STATE), sums, out -> out.write(json));
        Files.writeString(folder.resolve(ChecksumFile.FILE), sums.text());
    }

    private static void write(Path file, ChecksumFile sums, FileBody body) throws IOException {
        try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16)) {
            // What is meant to be written is summed, not what has arrived.
            body.writeTo(sums.over(file.getFileName().toString(), out));
        }
    }

    /**
     * What is wrong with the weights of a checkpoint; {@code null} if nothing is, or if it is of a format without checksums.
     */
    public static String damageOfWeights(Path checkpoint) {
        return Files.exists(checkpoint.resolve(ChecksumFile.FILE))
                ? ChecksumFile.problem(checkpoint, List.of(WEIGHTS))
                : null;
    }

    /**
     * What is wrong with a checkpoint; {@code null} if it is as it was saved.
     *
     * @throws RunException if it is of a format without checksums
     */
    static String damage(Path folder) {
        if (!Files.exists(folder.resolve(ChecksumFile.FILE)) && isOfFormat1(folder)) {
            throw new RunException(folder + ": saved by an earlier version, which kept too little to resume from;"
                    + " sample, reconstruct and evaluate still read it");
        }
        return ChecksumFile.problem(folder, List.of(WEIGHTS, OPTIMIZER, STATE));
    }

    private static boolean isOfFormat1(Path folder) {
        try {
            return readState(folder).running() == null;
        } catch (RunException e) {
            return false;
        }
    }

    /** Reads a checkpoint's state; one of format version 1 has no running means and no rollbacks. */
    public static RunState readState(Path checkpoint) {
        Path file = checkpoint.resolve(STATE);
        JsonFiles.Source source =
                new JsonFiles.Source(file, MOST_STATE_BYTES, "a training state", "--checkpoint names another one");
        return source.read(RunState.class, json -> {
            int version = json.path("formatVersion").asInt(RunState.FORMAT_VERSION);
            if (version < 1 || version > RunState.FORMAT_VERSION) {
                throw new RunException(
                        file + ": format version " + version + ", expected at most " + RunState.FORMAT_VERSION);
            }
            if (version < RunState.FORMAT_VERSION && json instanceof ObjectNode state) {
                upgrade(state, version);
            }
        });
    }

    private static void upgrade(ObjectNode state, int version) {
        state.put("formatVersion", RunState.FORMAT_VERSION);
        if (version == 1) {
            state.putArray("rollbacks");
            state.putNull("running");
        }
        if (version < 3) {
            state.putNull("start");
            state.put("worse", false);
            if (state.get("running") instanceof ObjectNode running) {
                addVariance(running.get("report"));
                addVariance(running.get("epoch"));
                running.putArray("kl");
            }
        }
        nest(state, "progress", Map.of("epoch", "epoch", "step", "step"));
        nest(
                state,
                "best",
                Map.of("bestEpoch", "epoch", "bestValue", "value", "validationsSinceBest", "validationsSince"));
    }

    /** Before format version 4 all keys stood side by side. One that is missing stays so, to be told of. */
    private static void nest(ObjectNode state, String name, Map<String, String> keys) {
        ObjectNode nested = state.objectNode();
        keys.forEach((flat, key) -> {
            JsonNode value = state.remove(flat);
            if (value != null) {
                nested.set(key, value);
            }
        });
        state.set(name, nested);
    }

    /** The differences of the KLs, the last of a format 2 checkpoint's means, had no known variance: that of their sample stands in. */
    private static void addVariance(JsonNode means) {
        if (means instanceof ArrayNode array && array.get(array.size() - 1) instanceof ObjectNode differences) {
            long count = differences.path("count").asLong(0);
            double squares = differences.path("squares").asDouble(0);
            ObjectNode variance = differences.deepCopy();
            variance.put("mean", count > 0 ? squares / (double) count : 0);
            variance.put("squares", 0.0);
            array.add(variance);
        }
    }
}
