package org.likelihood4j.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.likelihood4j.data.io.AtomicFiles;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.training.io.Safetensors;
import org.likelihood4j.training.io.SafetensorsException;
import org.likelihood4j.training.io.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.core.JacksonException;

/**
 * The checkpoints of a run: each a folder that appears whole or not at all. {@code last} and {@code best} are small files that
 * hold a folder's name; folders that neither of them names are removed.
 */
public final class Checkpoints {
    /** Prefix of the moving average's tensors. */
    private static final String EMA = "ema/";

    /** A checkpoint's folder: at the end of an epoch, or of a step within the next one. */
    private static final String FOLDER = "epoch-\\d+(-step-\\d+)?";

    private static final String WEIGHTS = "weights.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";

    private final Path folder;

    public Checkpoints(RunDirectory run) {
        this.folder = run.checkpoints();
    }

    /**
     * Saves a checkpoint and points {@code last} at it, and {@code best} too if it is.
     *
     * @param withinEpoch whether the epoch after {@code state.epoch()} has begun: the checkpoint's name then says the step, so
     *     that it never takes the place of the one at the end of the epoch
     * @throws TrainingException if it cannot be written; earlier checkpoints stay
     */
    void save(ModelValues values, OptimizerState optimizer, TrainingState state, boolean best, boolean withinEpoch) {
        String name = RunDirectory.epochName(state.epoch())
                + (withinEpoch ? String.format(Locale.ROOT, "-step-%07d", state.step()) : "");
        List<Tensor> weights = new ArrayList<>(tensors("", values.parameters()));
        if (values.buffers() != null) {
            weights.addAll(tensors("", values.buffers()));
        }
        optimizer.ema().ifPresent(ema -> weights.addAll(tensors(EMA, ema)));
        List<Tensor> moments = new ArrayList<>();
        optimizer.moments().forEach((moment, vector) -> moments.addAll(tensors(moment + "/", vector)));
        try {
            AtomicFiles.createFolders(folder);
            AtomicFiles.replaceFolder(folder.resolve(name), building -> {
                Safetensors.write(building.resolve(WEIGHTS), weights, Map.of("format", "likelihood4j"));
                Safetensors.write(building.resolve(OPTIMIZER), moments, Map.of("format", "likelihood4j"));
                AtomicFiles.write(building.resolve(STATE), Json.PRETTY.writeValueAsString(state) + "\n");
            });
            AtomicFiles.write(folder.resolve("last"), name + "\n");
            if (best) {
                AtomicFiles.write(folder.resolve("best"), name + "\n");
            }
            removeUnnamed();
        } catch (IOException e) {
            throw new TrainingException(
                    folder.resolve(name) + ": cannot save the checkpoint (" + RunDirectory.reason(e)
                            + "); earlier checkpoints are untouched",
                    e);
        }
    }

    private void removeUnnamed() throws IOException {
        Set<String> named = new LinkedHashSet<>();
        for (String pointer : List.of("last", "best")) {
            if (Files.exists(folder.resolve(pointer))) {
                named.add(Files.readString(folder.resolve(pointer)).strip());
            }
        }
        List<Path> unnamed;
        try (Stream<Path> children = Files.list(folder)) {
            unnamed = children.filter(Files::isDirectory)
                    .filter(child -> child.getFileName().toString().matches(FOLDER))
                    .filter(child -> !named.contains(child.getFileName().toString()))
                    .toList();
        }
        for (Path child : unnamed) {
            AtomicFiles.delete(child);
        }
    }

    /**
     * The folder of a checkpoint.
     *
     * @param name {@code last}, {@code best}, or a folder's own name
     */
    public Path locate(String name) {
        try {
            Path pointer = folder.resolve(name);
            boolean isPointer = name.equals("last") || name.equals("best");
            if (isPointer && Files.isRegularFile(pointer) && Files.size(pointer) < 100) {
                String target = Files.readString(pointer).strip();
                if (target.matches(FOLDER) && Files.isDirectory(folder.resolve(target))) {
                    return folder.resolve(target);
                }
                throw new TrainingException(pointer + ": names the checkpoint '" + target + "', which is not there");
            }
            if (name.matches(FOLDER) && Files.isDirectory(pointer)) {
                return pointer;
            }
            throw new TrainingException(folder + ": no checkpoint '" + name + "'; " + available());
        } catch (IOException e) {
            throw new TrainingException(folder + ": cannot be read (" + RunDirectory.reason(e) + ")", e);
        }
    }

    private String available() throws IOException {
        if (!Files.isDirectory(folder)) {
            return "the run has not saved any yet";
        }
        try (Stream<Path> children = Files.list(folder)) {
            List<String> names = children.map(child -> child.getFileName().toString())
                    .filter(child -> child.matches("epoch-\\d+(-step-\\d+)?|last|best"))
                    .sorted()
                    .toList();
            return names.isEmpty() ? "the run has not saved any yet" : "there are " + String.join(", ", names);
        }
    }

    /** Reads a checkpoint's state. */
    static TrainingState readState(Path checkpoint) {
        Path file = checkpoint.resolve(STATE);
        try {
            TrainingState state = Json.LINE.readValue(Files.readString(file), TrainingState.class);
            if (state == null) {
                throw new TrainingException(file + ": not a training state: it is empty");
            }
            if (state.formatVersion() != TrainingState.FORMAT_VERSION) {
                throw new TrainingException(file + ": format version " + state.formatVersion() + ", expected "
                        + TrainingState.FORMAT_VERSION);
            }
            return state;
        } catch (IOException e) {
            throw new TrainingException(file + ": cannot be read (" + RunDirectory.reason(e) + ")", e);
        } catch (JacksonException e) {
            throw new TrainingException(file + ": not a training state: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Fills a model's values from a checkpoint: the moving average of the parameters where it has one, else the parameters.
     *
     * @throws TrainingException if a tensor is missing, unknown, or of another shape or type, by name
     */
    static void readWeights(Path checkpoint, ModelValues values) {
        Path file = checkpoint.resolve(WEIGHTS);
        Safetensors.Contents contents;
        try {
            contents = Safetensors.read(file);
        } catch (SafetensorsException e) {
            throw new TrainingException(e.getMessage(), e);
        } catch (IOException e) {
            throw new TrainingException(file + ": cannot be read (" + RunDirectory.reason(e) + ")", e);
        }
        Set<String> unread = new LinkedHashSet<>();
        contents.tensors().forEach(tensor -> unread.add(tensor.name()));
        boolean averaged = unread.stream().anyMatch(name -> name.startsWith(EMA));
        if (averaged) {
            load(file, contents, EMA, values.parameters(), unread);
            values.parameters().slots().forEach(slot -> unread.remove(slot.name()));
        } else {
            load(file, contents, "", values.parameters(), unread);
        }
        if (values.buffers() != null) {
            load(file, contents, "", values.buffers(), unread);
        }
        if (!unread.isEmpty()) {
            throw new TrainingException(file + ": has a tensor '"
                    + unread.iterator().next() + "' that the model of config.yaml does not have");
        }
    }

    private static void load(
            Path file, Safetensors.Contents contents, String prefix, FlatVector vector, Set<String> unread) {
        for (Slot slot : vector.slots()) {
            String name = prefix + slot.name();
            if (!unread.remove(name)) {
                throw new TrainingException(
                        file + ": has no tensor '" + name + "', which the model of config.yaml needs");
            }
            Tensor tensor = contents.tensor(name);
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

    private static List<Tensor> tensors(String prefix, FlatVector vector) {
        List<Tensor> tensors = new ArrayList<>();
        for (Slot slot : vector.slots()) {
            INDArray view = vector.view(slot.name());
            long[] shape = view.shape();
            String name = prefix + slot.name();
            INDArray line = view.reshape(slot.length());
            tensors.add(
                    view.dataType() == DataType.DOUBLE
                            ? Tensor.ofDoubles(name, line.toDoubleVector(), shape)
                            : Tensor.ofFloats(name, line.toFloatVector(), shape));
        }
        return tensors;
    }
}
