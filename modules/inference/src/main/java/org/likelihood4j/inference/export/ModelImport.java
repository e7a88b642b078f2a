package org.likelihood4j.inference.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.RunConfig.Device;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.inference.runtime.CheckpointTensors;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.ChecksumFile;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.SmallFiles;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import tools.jackson.databind.JsonNode;

/**
 * Makes a run of an export again: of its {@code config.yaml} and {@code weights.safetensors}. Such a run has one checkpoint, of epoch 0, without an
 * optimiser's state: it can be evaluated, sampled and scored, and another training can start from it ({@code training.startFrom}), but not go on.
 */
public final class ModelImport {
    private static final int MOST_BYTES = 1 << 26;

    private ModelImport() {}

    /**
     * Makes the run.
     *
     * @param export the folder that {@link ModelExport} has written
     * @param runs where runs are kept
     * @param overrides of the configuration, as for {@link ConfigLoader}
     * @throws RunException if the folder is no export of this version, or is damaged, or the run cannot be written: then there is none
     * @throws org.likelihood4j.config.rules.ConfigException if its configuration, with the overrides, is none
     */
    public static RunDirectory read(Path export, Path runs, List<String> overrides) {
        JsonNode description = description(export);
        RunState state = RunState.initial(provenance(description));
        Path file = export.resolve(ModelExport.CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new RunException(
                    file + ": is not there; only exports of version 0.2.0 on have it: export the run again");
        }
        requireWritten(export, description);
        RunConfig config = ConfigLoader.loadRecorded(file, overrides).withDevice(Device.CPU);
        Model model = ModelBuilder.create(config, DataSources.shape(config.data()));
        MemoryNeed.checkOpening(config, model);
        ModelValues values = ModelValues.zeros(model, ModelBuilder.type(config.precision()));
        CheckpointTensors.readExported(export.resolve(ModelExport.WEIGHTS), values);
        RunDirectory run = RunDirectory.create(runs, config);
        try {
            new Checkpoints(run).save(state, folder -> CheckpointTensors.write(folder, values, state), true, false);
            return run;
        } catch (IOException e) {
            delete(run);
            throw new RunException(run.path() + ": cannot be written (" + IoReasons.of(e) + ")", e);
        } catch (RuntimeException | Error e) {
            delete(run);
            throw e;
        }
    }

    private static void delete(RunDirectory run) {
        try {
            AtomicFiles.delete(run.path());
        } catch (IOException e) {
            // It is told of what was in the way.
        }
    }

    /** What is read is what was written, where the description has sums. */
    private static void requireWritten(Path export, JsonNode description) {
        JsonNode sums = description.path("sha256");
        if (sums.isMissingNode()) {
            return;
        }
        Path model = export.resolve(ModelExport.MODEL);
        String own = sums.path(ModelExport.MODEL).asString("");
        try {
            require(model, own.matches("[0-9a-f]{64}") && own.equals(unsigned(model, own)));
            for (String name : List.of(ModelExport.WEIGHTS, ModelExport.CONFIG)) {
                Path file = export.resolve(name);
                require(file, ChecksumFile.sum(file).equals(sums.path(name).asString("")));
            }
        } catch (IOException e) {
            throw new RunException(
                    export + ": cannot be read (" + IoReasons.of(e) + "); copy the whole folder of the export", e);
        }
    }

    /** The sum of the description with no sum of its own. */
    private static String unsigned(Path model, String own) throws IOException {
        String text = SmallFiles.read(model, MOST_BYTES);
        return ChecksumFile.sum(text.replace('"' + own + '"', '"' + ModelExport.NO_SUM + '"'));
    }

    private static void require(Path file, boolean written) {
        if (!written) {
            throw new RunException(file + ": is not the file that was written for this export, by its SHA-256; copy the"
                    + " export again, or export the run again");
        }
    }

    private static JsonNode description(Path export) {
        JsonNode description = new JsonFiles.Source(
                        export.resolve(ModelExport.MODEL),
                        MOST_BYTES,
                        "an export's description",
                        "expected the folder of an export, such as runs/quickstart-vae/export")
                .read(JsonNode.class, tree -> {});
        if (!description.path("format").asString("").equals(ExportDescription.FORMAT)
                || description.path("formatVersion").asInt(0) != ExportDescription.FORMAT_VERSION) {
            throw new RunException(export.resolve(ModelExport.MODEL) + ": is no export of format version "
                    + ExportDescription.FORMAT_VERSION + "; export the run again with this version");
        }
        return description;
    }

    private static Provenance provenance(JsonNode description) {
        Map<String, Object> origin = new LinkedHashMap<>();
        for (String key : List.of("run", "checkpoint", "weights")) {
            origin.put(key, Printable.shorten(description.path(key).asString(EnvironmentProvenance.UNKNOWN)));
        }
        Map<String, Object> values = new LinkedHashMap<>(EnvironmentProvenance.code());
        values.put(Provenance.IMPORTED, origin);
        List<String> classes = new ArrayList<>();
        description.path("classes").forEach(name -> classes.add(name.asString("")));
        if (EnvironmentProvenance.isKept(classes)) {
            values.put(Provenance.CLASSES, classes);
        }
        return new Provenance(values);
    }
}
