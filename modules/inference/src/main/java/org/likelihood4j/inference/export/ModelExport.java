package org.likelihood4j.inference.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.config.ModelTypes;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.kinds.ModelFormulas;
import org.likelihood4j.inference.runtime.CheckpointTensors;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunDirectory;
import tools.jackson.databind.JsonNode;

/**
 * Takes a trained model out of its run, for programs in any language: a new folder with {@code weights.safetensors}, the tensors that
 * {@code evaluate} uses, and {@code model.json}, which says what they are and how to encode, decode, sample and score with them
 * ({@link FormulaText}).
 */
public final class ModelExport {
    /** Of {@code model.json}. */
    private static final int FORMAT_VERSION = 2;

    private ModelExport() {}

    /**
     * What {@code model.json} holds.
     *
     * @param latentDimension {@code null}, and left out, of a model without a latent
     */
    record Description(
            String format,
            int formatVersion,
            String run,
            String checkpoint,
            String weights,
            Map<String, Object> data,
            JsonNode model,
            int dimension,
            @JsonInclude(JsonInclude.Include.NON_NULL) Integer latentDimension,
            Map<String, Object> constants,
            List<TensorEntry> tensors,
            FormulaText compute) {}

    /**
     * A tensor of the file.
     *
     * @param role {@code parameter}, which was trained, or {@code constant}, a statistic of the training data
     */
    record TensorEntry(String name, List<Long> shape, String role) {}

    /**
     * Writes an export.
     *
     * @param checkpoint {@code best}, {@code last} or a checkpoint's name
     * @param target a folder that does not exist yet
     * @throws RunException if the run or the checkpoint cannot be read, the target exists, or it cannot be written: then
     *     nothing is left there
     */
    public static void write(RunDirectory run, String checkpoint, Path target) {
        ExampleShape shape = DataSources.shape(run.readConfig().data());
        TrainedModel trained = TrainedModel.open(run, checkpoint, shape, Device.CPU);
        Description description = describe(
                trained, new Checkpoints(run).locate(checkpoint).getFileName().toString());
        List<Tensor> tensors = new ArrayList<>();
        for (FlatVector vector : trained.values().vectors()) {
            tensors.addAll(CheckpointTensors.tensors("", vector));
        }
        Path folder = target.toAbsolutePath().normalize();
        try {
            AtomicFiles.createFolders(folder.getParent() == null ? folder : folder.getParent());
        } catch (IOException e) {
            throw new RunException(target + ": cannot be made (" + IoReasons.of(e) + ")", e);
        }
        try {
            AtomicFiles.createFolder(folder, temporary -> {
                Safetensors.write(
                        temporary.resolve("weights.safetensors"), tensors, Map.of("format", "likelihood4j-export"));
                AtomicFiles.write(
                        temporary.resolve("model.json"), JsonFiles.PRETTY.writeValueAsString(description) + "\n");
            });
        } catch (FileAlreadyExistsException e) {
            throw new RunException(
                    target + ": exists already, and nothing is written over; choose another with --output", e);
        } catch (IOException e) {
            throw new RunException(target + ": cannot be written (" + IoReasons.of(e) + ")", e);
        } finally {
            // The tensors are views of the model's memory.
            Reference.reachabilityFence(trained);
        }
    }

    private static Description describe(TrainedModel trained, String checkpoint) {
        ModelFormulas formulas = ModelBuilder.formulas(trained.config(), trained.shape())
                .orElseThrow(
                        () -> new RunException("the run '" + trained.config().name()
                                + "' cannot be exported: nobody has written formulas for its kind of model, model.type "
                                + ModelTypes.name(trained.config().model())));
        List<TensorEntry> tensors = new ArrayList<>(entries(trained.values().parameters(), "parameter"));
        if (trained.values().buffers() != null) {
            tensors.addAll(entries(trained.values().buffers(), "constant"));
        }
        Model model = trained.values().model();
        return new Description(
                "likelihood4j-export",
                FORMAT_VERSION,
                trained.config().name(),
                checkpoint,
                trained.config().training().emaDecay() == null
                        ? "the parameters as they were trained"
                        : "the moving average of the parameters, decay "
                                + trained.config().training().emaDecay(),
                data(trained.shape()),
                ConfigLoader.toTree(trained.config()).path("model"),
                model.shape().size(),
                model.latentGeometry().isPresent() ? model.latentShape().size() : null,
                formulas.constants(),
                tensors,
                FormulaText.of(formulas));
    }

    private static List<TensorEntry> entries(FlatVector vector, String role) {
        return vector.slots().stream()
                .map((Slot slot) -> new TensorEntry(slot.name(), slot.shape(), role))
                .toList();
    }

    private static Map<String, Object> data(ExampleShape shape) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("kind", shape.noun());
        if (shape instanceof ImageShape image) {
            data.put("shape", List.of(image.channels(), image.height(), image.width()));
            data.put("values", "integers 0 to 255, channel by channel, row by row");
        } else {
            data.put("columns", ((VectorShape) shape).names());
            data.put("values", "real numbers");
        }
        return data;
    }
}
