package org.likelihood4j.training;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.likelihood4j.data.io.AtomicFiles.FileBody;
import org.likelihood4j.data.io.Printable;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.cpu.Host;
import org.likelihood4j.training.io.DType;
import org.likelihood4j.training.io.Safetensors;
import org.likelihood4j.training.io.SafetensorsException;
import org.likelihood4j.training.io.SafetensorsFile;
import org.likelihood4j.training.io.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of one checkpoint: {@code weights.safetensors} (parameters, buffers, moving average), {@code optimizer.safetensors}
 * (moments), {@code state.json} ({@link TrainingState}), and {@code SHA256SUMS} over those three.
 */
final class CheckpointFiles {
    /** Prefix of the moving average's tensors. */
    private static final String EMA = "ema/";

    private static final String WEIGHTS = "weights.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";
    private static final int MOST_STATE_BYTES = 1 << 20;

    private CheckpointFiles() {}

    /** Fills an empty folder. */
    static void write(Path folder, ModelValues values, OptimizerState optimizer, TrainingState state)
            throws IOException {
        List<Tensor> weights = new ArrayList<>(tensors("", values.parameters()));
        if (values.buffers() != null) {
            weights.addAll(tensors("", values.buffers()));
        }
        optimizer.ema().ifPresent(ema -> weights.addAll(tensors(EMA, ema)));
        List<Tensor> moments = new ArrayList<>();
        optimizer.moments().forEach((moment, vector) -> moments.addAll(tensors(moment + "/", vector)));
        Map<String, String> format = Map.of("format", "likelihood4j");
        byte[] json = (Json.PRETTY.writeValueAsString(state) + "\n").getBytes(StandardCharsets.UTF_8);

        Checksums sums = new Checksums();
        write(folder.resolve(WEIGHTS), sums, out -> Safetensors.write(out, weights, format));
        write(folder.resolve(OPTIMIZER), sums, out -> Safetensors.write(out, moments, format));
        write(folder.resolve(STATE), sums, out -> out.write(json));
        Files.writeString(folder.resolve(Checksums.FILE), sums.text());
    }

    private static void write(Path file, Checksums sums, FileBody body) throws IOException {
        try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16)) {
            // What is meant to be written is summed, not what has arrived.
            body.writeTo(sums.over(file.getFileName().toString(), out));
        }
    }

    /**
     * What is wrong with a checkpoint; {@code null} if it is as it was saved.
     *
     * @throws TrainingException if it is of a format without checksums
     */
    static String damage(Path folder) {
        if (!Files.exists(folder.resolve(Checksums.FILE)) && isOfFormat1(folder)) {
            throw new TrainingException(folder + ": saved by an earlier version, which kept too little to resume from;"
                    + " sample, reconstruct and evaluate still read it");
        }
        return Checksums.problem(folder, List.of(WEIGHTS, OPTIMIZER, STATE));
    }

    private static boolean isOfFormat1(Path folder) {
        try {
            return readState(folder).formatVersion() == 1;
        } catch (TrainingException e) {
            return false;
        }
    }

    /** Reads a checkpoint's state; one of format version 1 has no running means and no rollbacks. */
    static TrainingState readState(Path checkpoint) {
        Path file = checkpoint.resolve(STATE);
        Json.Source source =
                new Json.Source(file, MOST_STATE_BYTES, "a training state", "--checkpoint names another one");
        return source.read(TrainingState.class, json -> {
            int version = json.path("formatVersion").asInt(TrainingState.FORMAT_VERSION);
            if (version < 1 || version > TrainingState.FORMAT_VERSION) {
                throw new TrainingException(
                        file + ": format version " + version + ", expected at most " + TrainingState.FORMAT_VERSION);
            }
            if (version < TrainingState.FORMAT_VERSION && json instanceof ObjectNode state) {
                upgrade(state, version);
            }
        });
    }

    private static void upgrade(ObjectNode state, int version) {
        if (version == 1) {
            state.putArray("rollbacks");
            state.putNull("running");
        } else {
            state.put("formatVersion", TrainingState.FORMAT_VERSION);
        }
        state.putNull("start");
        state.put("worse", false);
        if (state.get("running") instanceof ObjectNode running) {
            addVariance(running.get("report"));
            addVariance(running.get("epoch"));
            running.putArray("kl");
        }
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

    /**
     * Fills a model's values from a checkpoint: the moving average of the parameters where it has one, else the parameters.
     *
     * @throws TrainingException if a tensor is missing, unknown, or of another shape or type, by name; or if the file is not as
     *     it was saved
     */
    static void readWeights(Path checkpoint, ModelValues values) {
        try (Stored weights = Stored.open(checkpoint.resolve(WEIGHTS))) {
            boolean averaged = weights.unread().stream().anyMatch(name -> name.startsWith(EMA));
            weights.load(averaged ? EMA : "", values.parameters());
            if (averaged) {
                values.parameters().slots().forEach(slot -> weights.unread().remove(slot.name()));
            }
            if (values.buffers() != null) {
                weights.load("", values.buffers());
            }
            weights.requireAllRead();
        }
        if (Files.exists(checkpoint.resolve(Checksums.FILE))) {
            String problem = Checksums.problem(checkpoint, List.of(WEIGHTS));
            if (problem != null) {
                throw new TrainingException(checkpoint + ": damaged (" + problem
                        + "); choose another with --checkpoint, or ./run.sh resume goes on from the newest whole one");
            }
        }
    }

    /**
     * Fills a training from a checkpoint to the last bit: parameters, buffers, moving average, moments and steps taken.
     *
     * @return where it stood
     * @throws TrainingException if a tensor is missing, unknown, or of another shape or type, by name
     */
    static TrainingState restore(Path checkpoint, ModelValues values, OptimizerState optimizer) {
        TrainingState state = readState(checkpoint);
        try (Stored weights = Stored.open(checkpoint.resolve(WEIGHTS));
                Stored moments = Stored.open(checkpoint.resolve(OPTIMIZER))) {
            weights.load("", values.parameters());
            if (values.buffers() != null) {
                weights.load("", values.buffers());
            }
            optimizer.ema().ifPresent(ema -> weights.load(EMA, ema));
            weights.requireAllRead();
            optimizer.moments().forEach((moment, vector) -> moments.load(moment + "/", vector));
            moments.requireAllRead();
        }
        optimizer.restoreSteps(state.step());
        return state;
    }

    /**
     * A file of tensors on its way into vectors.
     *
     * @param unread names not asked for yet
     */
    private record Stored(Path file, SafetensorsFile open, Set<String> unread) implements AutoCloseable {
        static Stored open(Path file) {
            try {
                SafetensorsFile open = SafetensorsFile.open(file);
                return new Stored(file, open, new LinkedHashSet<>(open.names()));
            } catch (SafetensorsException e) {
                throw new TrainingException(e.getMessage(), e);
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }

        private static TrainingException unreadable(Path file, IOException e) {
            return new TrainingException(file + ": cannot be read (" + RunDirectory.reason(e) + ")", e);
        }

        private Tensor tensor(String name) {
            try {
                return open.tensor(name);
            } catch (SafetensorsException e) {
                throw new TrainingException(e.getMessage(), e);
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }

        @Override
        public void close() {
            try {
                open.close();
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }

        void requireAllRead() {
            if (!unread.isEmpty()) {
                throw new TrainingException(file + ": has a tensor '"
                        + Printable.shorten(unread.iterator().next())
                        + "' that the model of config.yaml does not have");
            }
        }

        void load(String prefix, FlatVector vector) {
            for (Slot slot : vector.slots()) {
                String name = prefix + slot.name();
                if (!unread.remove(name)) {
                    throw new TrainingException(
                            file + ": has no tensor '" + name + "', which the model of config.yaml needs");
                }
                Tensor tensor = tensor(name);
                if (!tensor.shape().equals(slot.shape())) {
                    throw new TrainingException(file + ": tensor '" + name + "' has shape " + tensor.shape()
                            + ", the model of config.yaml needs " + slot.shape());
                }
                DataType type = vector.flat().dataType();
                String expected = type == DataType.DOUBLE ? "F64" : "F32";
                if (!tensor.dtype().name().equals(expected)) {
                    throw new TrainingException(file + ": tensor '" + name + "' is " + tensor.dtype()
                            + ", the precision of config.yaml needs " + expected);
                }
                long[] shape = vector.view(slot.name()).shape();
                try (INDArray array = type == DataType.DOUBLE
                        ? Nd4j.create(tensor.toDoubles(), shape, 'c')
                        : Nd4j.create(tensor.toFloats(), shape, 'c')) {
                    vector.view(slot.name()).assign(array);
                }
            }
        }
    }

    /** A vector's tensors; where its memory is the process's own, they are views of it. */
    static List<Tensor> tensors(String prefix, FlatVector vector) {
        List<Tensor> tensors = new ArrayList<>();
        for (Slot slot : vector.slots()) {
            tensors.add(tensor(prefix + slot.name(), vector.view(slot.name())));
        }
        return tensors;
    }

    private static Tensor tensor(String name, INDArray view) {
        long[] shape = view.shape();
        DType type = view.dataType() == DataType.DOUBLE ? DType.F64 : DType.F32;
        long bytes = view.length() * type.bytes();
        if (Host.holdsArrays() && bytes <= Integer.MAX_VALUE && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            long from = view.offset() * type.bytes();
            BytePointer pointer = new BytePointer(view.data().pointer());
            pointer.capacity(from + bytes).position(from).limit(from + bytes);
            return new Tensor(name, type, Arrays.stream(shape).boxed().toList(), pointer.asByteBuffer());
        }
        INDArray line = view.reshape(view.length());
        return type == DType.F64
                ? Tensor.ofDoubles(name, line.toDoubleVector(), shape)
                : Tensor.ofFloats(name, line.toFloatVector(), shape);
    }
}
