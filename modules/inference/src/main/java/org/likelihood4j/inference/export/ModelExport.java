package org.likelihood4j.inference.export;

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
import org.likelihood4j.io.ChecksumFile;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.protobuf.Protobuf;
import org.likelihood4j.io.safetensors.DType;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunDirectory;

/**
 * Takes a trained model out of its run, for programs in any language: a new folder with {@code weights.safetensors}, the tensors that
 * {@code evaluate} uses; {@code program.json}, what the model's functions compute of them, operation by operation; {@code model.json}, what the functions
 * mean, and what examples are; {@code config.yaml}, of which {@link ModelImport} makes a run again; and {@code README.md}, a
 * {@link ModelCard}. The functions are the model's own graphs: whatever can be trained can be exported. docs/export.md is the format.
 */
public final class ModelExport {
    static final String MODEL = "model.json";
    static final String WEIGHTS = "weights.safetensors";
    static final String CONFIG = "config.yaml";

    /** In the place of its own sum, of which {@code model.json} has the sum. */
    static final String NO_SUM = "0".repeat(64);

    private static final String CARD = "README.md";
    private static final String PROGRAM = "program.json";

    private ModelExport() {}

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
        ExportDescription description = ExportDescription.of(
                trained, new Checkpoints(run).locate(checkpoint).getFileName().toString(), calibration);
        Map<String, PortableProgram> programs = programs(trained);
        ProgramText program = new ProgramText(trained.values().type(), programs);
        String text = program.text(ExportDescription.FORMAT_VERSION);
        String config = ConfigLoader.toYaml(run.readConfig(List.of("training.startFrom=null", "training.only=null")));
        String card = new ModelCard(run, checkpoint, trained, description, onnx).text();
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
                Safetensors.write(temporary.resolve(WEIGHTS), tensors, Map.of("format", ExportDescription.FORMAT));
                AtomicFiles.write(temporary.resolve(PROGRAM), text);
                AtomicFiles.write(temporary.resolve(CONFIG), config);
                // Behind those whose sums it has.
                AtomicFiles.write(temporary.resolve(MODEL), summed(description, temporary));
                AtomicFiles.write(temporary.resolve(CARD), card);
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

    /** The description with the sums of all files; its own is that of itself with {@link #NO_SUM} in its place. */
    private static String summed(ExportDescription description, Path folder) throws IOException {
        Map<String, String> sums = new LinkedHashMap<>();
        for (String file : List.of(PROGRAM, WEIGHTS, CONFIG)) {
            sums.put(file, ChecksumFile.sum(folder.resolve(file)));
        }
        sums.put(MODEL, NO_SUM);
        String unsigned = JsonFiles.PRETTY.writeValueAsString(description.withSha256(sums)) + "\n";
        String named = '"' + MODEL + "\" : \"";
        return unsigned.replace(named + NO_SUM, named + ChecksumFile.sum(unsigned));
    }

    private static Map<String, PortableProgram> programs(TrainedModel trained) {
        Map<String, PortableProgram> programs = new LinkedHashMap<>();
        for (ExportedFunction function : ExportedFunction.of(trained.values().model())) {
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
            ExportDescription description, Map<String, PortableProgram> programs, List<Tensor> tensors) {
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
}
