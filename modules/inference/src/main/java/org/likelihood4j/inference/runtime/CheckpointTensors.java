package org.likelihood4j.inference.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.safetensors.DType;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.SafetensorsException;
import org.likelihood4j.io.safetensors.SafetensorsFile;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.RunState;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The tensors of a checkpoint: the vectors of a model and of its optimiser, written to and read from a {@link CheckpointFolder}. */
public final class CheckpointTensors {
    /** Prefix of the moving average's tensors. */
    private static final String EMA = "ema/";

    private static final Map<String, String> FORMAT = Map.of("format", "likelihood4j");

    private CheckpointTensors() {}

    /** Fills an empty folder. */
    public static void write(Path folder, ModelValues values, OptimizerState optimizer, RunState state)
            throws IOException {
        List<Tensor> weights = new ArrayList<>(tensors("", values.parameters()));
        if (values.buffers() != null) {
            weights.addAll(tensors("", values.buffers()));
        }
        optimizer.ema().ifPresent(ema -> weights.addAll(tensors(EMA, ema)));
        List<Tensor> moments = new ArrayList<>();
        optimizer.moments().forEach((moment, vector) -> moments.addAll(tensors(moment + "/", vector)));
        CheckpointFolder.write(
                folder,
                out -> Safetensors.write(out, weights, FORMAT),
                out -> Safetensors.write(out, moments, FORMAT),
                state);
    }

    /**
     * Fills a model's values from a checkpoint: the moving average of the parameters where it has one, else the parameters.
     *
     * @throws RunException if a tensor is missing, unknown, or of another shape or type, by name; or if the file is not as
     *     it was saved
     */
    public static void readWeights(Path checkpoint, ModelValues values) {
        try (Stored weights = Stored.open(CheckpointFolder.weights(checkpoint))) {
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
        requireWhole(checkpoint);
    }

    /**
     * Fills vectors from a checkpoint of a model that trains other parts of it: each tensor from its moving average, if it has one.
     *
     * @throws RunException if a tensor is missing, or of another shape or type, by name; or if the file is not as it was saved
     */
    public static void readEach(Path checkpoint, FlatVector... vectors) {
        try (Stored weights = Stored.open(CheckpointFolder.weights(checkpoint))) {
            Set<String> names = Set.copyOf(weights.unread());
            for (FlatVector vector : vectors) {
                weights.load(name -> names.contains(EMA + name) ? EMA + name : name, vector);
            }
        }
        requireWhole(checkpoint);
    }

    private static void requireWhole(Path checkpoint) {
        String problem = CheckpointFolder.damageOfWeights(checkpoint);
        if (problem != null) {
            throw new RunException(checkpoint + ": damaged (" + problem
                    + "); choose another with --checkpoint, or ./run.sh resume goes on from the newest whole one");
        }
    }

    /**
     * Fills a model's values from a file that has them among other tensors, such as that of an export.
     *
     * @throws RunException if a tensor is missing, or of another shape or type, by name
     */
    public static void readExported(Path file, ModelValues values) {
        try (Stored weights = Stored.open(file)) {
            for (FlatVector vector : values.vectors()) {
                weights.load("", vector);
            }
        }
    }

    /**
     * Writes a checkpoint of a model that was trained elsewhere: without an optimiser, so that nothing goes on from it.
     *
     * @param folder empty
     */
    public static void write(Path folder, ModelValues values, RunState state) throws IOException {
        List<Tensor> weights = new ArrayList<>();
        for (FlatVector vector : values.vectors()) {
            weights.addAll(tensors("", vector));
        }
        CheckpointFolder.write(
                folder,
                out -> Safetensors.write(out, weights, FORMAT),
                out -> Safetensors.write(out, List.of(), FORMAT),
                state);
    }

    /**
     * Fills a training from a checkpoint to the last bit: parameters, buffers, moving average, moments and steps taken.
     *
     * @return where it stood
     * @throws RunException if a tensor is missing, unknown, or of another shape or type, by name
     */
    public static RunState restore(Path checkpoint, ModelValues values, OptimizerState optimizer) {
        RunState state = CheckpointFolder.readState(checkpoint);
        try (Stored weights = Stored.open(CheckpointFolder.weights(checkpoint));
                Stored moments = Stored.open(CheckpointFolder.optimizer(checkpoint))) {
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
                throw new RunException(e.getMessage(), e);
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }

        private static RunException unreadable(Path file, IOException e) {
            return new RunException(file + ": cannot be read (" + IoReasons.of(e) + ")", e);
        }

        private Tensor tensor(String name) {
            try {
                return open.tensor(name);
            } catch (SafetensorsException e) {
                throw new RunException(e.getMessage(), e);
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
                throw new RunException(file + ": has a tensor '"
                        + Printable.shorten(unread.iterator().next())
                        + "' that the model of config.yaml does not have");
            }
        }

        void load(String prefix, FlatVector vector) {
            load(name -> prefix + name, vector);
        }

        void load(UnaryOperator<String> naming, FlatVector vector) {
            for (Slot slot : vector.slots()) {
                String name = naming.apply(slot.name());
                if (!unread.remove(name)) {
                    throw new RunException(
                            file + ": has no tensor '" + name + "', which the model of config.yaml needs");
                }
                Tensor tensor = tensor(name);
                if (!tensor.shape().equals(slot.shape())) {
                    throw new RunException(file + ": tensor '" + name + "' has shape " + tensor.shape()
                            + ", the model of config.yaml needs " + slot.shape());
                }
                DataType type = vector.type();
                String expected = type == DataType.DOUBLE ? "F64" : "F32";
                if (!tensor.dtype().name().equals(expected)) {
                    throw new RunException(file + ": tensor '" + name + "' is " + tensor.dtype()
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

    /** A vector's tensors, mostly views of its memory, only to be read. */
    public static List<Tensor> tensors(String prefix, FlatVector vector) {
        List<Tensor> tensors = new ArrayList<>();
        for (Slot slot : vector.slots()) {
            tensors.add(tensor(prefix + slot.name(), vector.read(slot.name())));
        }
        return tensors;
    }

    private static Tensor tensor(String name, INDArray view) {
        long[] shape = view.shape();
        DType type = view.dataType() == DataType.DOUBLE ? DType.F64 : DType.F32;
        long bytes = view.length() * type.bytes();
        if (bytes <= Integer.MAX_VALUE && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            ByteBuffer memory = VectorMemory.of(view, (int) bytes);
            return new Tensor(name, type, Arrays.stream(shape).boxed().toList(), memory);
        }
        INDArray line = view.reshape(view.length());
        return type == DType.F64
                ? Tensor.ofDoubles(name, line.toDoubleVector(), shape)
                : Tensor.ofFloats(name, line.toFloatVector(), shape);
    }
}
