package org.likelihood4j.inference.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.plan.PortableProgram;
import org.likelihood4j.engine.plan.UnportableException;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.export.onnx.OnnxFile;
import org.likelihood4j.inference.runtime.CheckpointTensors;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.protobuf.Protobuf;
import org.likelihood4j.io.safetensors.DType;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunDirectory;
import org.nd4j.linalg.api.buffer.DataType;
import tools.jackson.databind.JsonNode;

/**
 * Takes a trained model out of its run, for programs in any language: a new folder with {@code weights.safetensors}, the tensors that
 * {@code evaluate} uses; {@code program.json}, what the model's functions compute of them, operation by operation; and {@code model.json}, what the functions
 * mean, and what examples are. The functions are the model's own graphs: whatever can be trained can be exported. docs/export.md is the format.
 */
public final class ModelExport {
    /** Of all files. */
    private static final int FORMAT_VERSION = 3;

    private ModelExport() {}

    /**
     * What {@code model.json} holds.
     *
     * @param precision in which the program's numbers are meant: {@code float32} or {@code float64}
     * @param latent numbers of a latent; null, as what follows, where there is none
     * @param classes the names of the labels 0, 1, ... of its data
     * @param conditionClasses how many classes the model is told examples to be of
     * @param functions by their names in the program
     * @param noise the seeds of what {@code score} draws
     * @param score how log p(x) is made of the log-weight; null of a model without a likelihood
     * @param calibration what makes p-values of scores
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Description(
            String format,
            int formatVersion,
            String run,
            String checkpoint,
            String weights,
            String precision,
            Map<String, Object> data,
            JsonNode model,
            Integer latent,
            List<String> classes,
            Integer conditionClasses,
            Map<String, ExportedFunction.Signature> functions,
            Noise noise,
            Score score,
            CalibrationText calibration) {}

    /**
     * How {@code score} estimates log p(x).
     *
     * @param exact whether one draw is all there is: a density without noise
     * @param draws K of the estimate, unless its user wants others
     * @param bitsPerDim what makes bits of nats, of integers as they are stored: -1/(D ln 2); else null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Score(boolean exact, int draws, Double bitsPerDim) {}

    /**
     * Whose functions noise inputs are.
     *
     * @param seed of what is renewed
     * @param runSeed of what an example has once and for all
     */
    record Noise(long seed, long runSeed) {}

    /**
     * The run's {@link Calibration}, without what only explanations need.
     *
     * @param typicalMean of what the score is relative to; else null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @SuppressWarnings("ArrayRecordComponent") // a file's content, never compared
    record CalibrationText(
            String score,
            double falseAlarms,
            int draws,
            long seed,
            double[] typicalMean,
            int overflows,
            double[] scores) {}

    /** Writes an export without ONNX files, as {@link #write(RunDirectory, String, Path, boolean)} does. */
    public static void write(RunDirectory run, String checkpoint, Path target) {
        write(run, checkpoint, target, false);
    }

    /**
     * Writes an export.
     *
     * @param checkpoint {@code best}, {@code last} or a checkpoint's name
     * @param target a folder that does not exist yet
     * @param onnx whether there is to be {@code onnx/FUNCTION.onnx} too, of every function
     * @throws RunException if the run or the checkpoint cannot be read, the target exists, or it cannot be written: then
     *     nothing is left there
     */
    public static void write(RunDirectory run, String checkpoint, Path target, boolean onnx) {
        ExampleShape shape = DataSources.shape(run.readConfig().data());
        TrainedModel trained = TrainedModel.open(run, checkpoint, shape, Device.CPU);
        Optional<Calibration> calibration = Calibration.read(run, checkpoint)
                .filter(known -> known.weights()
                        .sha256()
                        .equals(Calibration.Weights.of(run, checkpoint).sha256()));
        Description description = describe(
                trained, new Checkpoints(run).locate(checkpoint).getFileName().toString(), calibration);
        Map<String, PortableProgram> programs = programs(trained);
        ProgramText program = new ProgramText(trained.values().type(), programs);
        String text = program.text(FORMAT_VERSION);
        List<Tensor> tensors = new ArrayList<>();
        for (FlatVector vector : trained.values().vectors()) {
            tensors.addAll(CheckpointTensors.tensors("", vector));
        }
        tensors.addAll(program.tensors());
        Map<String, Protobuf> onnxFiles = onnx ? onnxFiles(description, programs, tensors) : Map.of();
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
                AtomicFiles.write(temporary.resolve("program.json"), text);
                AtomicFiles.write(
                        temporary.resolve("model.json"), JsonFiles.PRETTY.writeValueAsString(description) + "\n");
                if (onnx) {
                    Path below = Files.createDirectory(temporary.resolve("onnx"));
                    for (Map.Entry<String, Protobuf> file : onnxFiles.entrySet()) {
                        AtomicFiles.write(below.resolve(file.getKey() + ".onnx"), file.getValue()::writeTo);
                    }
                }
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

    private static List<ExportedFunction> functions(Model model) {
        return List.of(ExportedFunction.values()).stream()
                .filter(function -> function.isOf(model))
                .toList();
    }

    private static Map<String, PortableProgram> programs(TrainedModel trained) {
        Map<String, PortableProgram> programs = new LinkedHashMap<>();
        for (ExportedFunction function : functions(trained.values().model())) {
            try {
                programs.put(function.key(), function.compiled(trained.values()));
            } catch (UnportableException e) {
                throw refused(trained.config().name(), "exported", function.key(), e);
            }
        }
        return programs;
    }

    private static RunException refused(String run, String what, String function, UnportableException e) {
        return new RunException("the run '" + run + "' cannot be " + what + ": " + function + ": " + e.getMessage(), e);
    }

    private static Map<String, Protobuf> onnxFiles(
            Description description, Map<String, PortableProgram> programs, List<Tensor> tensors) {
        Map<String, Tensor> named = new HashMap<>();
        tensors.forEach(tensor -> named.put(tensor.name(), tensor));
        DType type = description.precision().equals("float64") ? DType.F64 : DType.F32;
        Map<String, Protobuf> files = new LinkedHashMap<>();
        programs.forEach((function, program) -> {
            String meaning = description.functions().get(function).meaning();
            Map<String, String> metadata = new LinkedHashMap<>();
            metadata.put("run", description.run());
            metadata.put("checkpoint", description.checkpoint());
            metadata.put("weights", description.weights());
            metadata.put("function", function);
            metadata.put("meaning", meaning);
            try {
                String version = EnvironmentProvenance.code().get("likelihood4j");
                files.put(function, OnnxFile.of(function, meaning, program, named, type, version, metadata));
            } catch (UnportableException e) {
                throw refused(description.run(), "exported to ONNX", function, e);
            }
        });
        return files;
    }

    private static Description describe(TrainedModel trained, String checkpoint, Optional<Calibration> calibration) {
        Model model = trained.values().model();
        RunConfig config = trained.config();
        Map<String, ExportedFunction.Signature> signatures = new LinkedHashMap<>();
        functions(model).forEach(function -> signatures.put(function.key(), function.signature(model)));
        return new Description(
                "likelihood4j-export",
                FORMAT_VERSION,
                config.name(),
                checkpoint,
                config.training().emaDecay() == null
                        ? "the parameters as they were trained"
                        : "the moving average of the parameters, decay "
                                + config.training().emaDecay(),
                trained.values().type() == DataType.DOUBLE ? "float64" : "float32",
                ExportedData.of(trained.shape()),
                ConfigLoader.toTree(config).path("model"),
                model.latentGeometry().isPresent() ? model.latentShape().size() : null,
                trained.classes().isEmpty() ? null : trained.classes(),
                trained.condition().map(FunctionInput.Condition::classes).orElse(null),
                signatures,
                new Noise(config.evaluation().seed(), config.seed()),
                model.hasLikelihood() ? score(model, config) : null,
                calibration.map(ModelExport::text).orElse(null));
    }

    private static Score score(Model model, RunConfig config) {
        EvaluationConfig evaluation = config.evaluation();
        boolean noisy = model.logWeight().inputs().stream().anyMatch(FunctionInput.NoiseInput.class::isInstance);
        return new Score(
                model instanceof ExactDensityModel && !noisy,
                evaluation.importanceSamples(),
                model.hasBitsPerDimension() ? -1 / (model.shape().size() * Math.log(2)) : null);
    }

    private static CalibrationText text(Calibration calibration) {
        return new CalibrationText(
                calibration.score(),
                calibration.falseAlarms(),
                calibration.source().importanceSamples(),
                calibration.source().seed(),
                calibration.typical() == null ? null : calibration.typical().mean(),
                calibration.overflows(),
                calibration.scores());
    }
}
