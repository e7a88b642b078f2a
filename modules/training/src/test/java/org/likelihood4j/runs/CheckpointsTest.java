package org.likelihood4j.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.CheckpointTensors;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.training.TinyRun;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.UntrainedProgram;
import org.likelihood4j.training.events.TrainingListener;
import tools.jackson.databind.JsonNode;

/** What is saved, under which name, and what comes back. */
class CheckpointsTest {
    @TempDir
    private Path runs;

    private static Safetensors.Contents weights(RunDirectory run, String name) throws IOException {
        return Safetensors.read(TinyRun.checkpoint(run, name).resolve("weights.safetensors"));
    }

    private static JsonNode state(RunDirectory run, String name) throws IOException {
        return JsonFiles.LINE.readTree(
                Files.readString(TinyRun.checkpoint(run, name).resolve("state.json")));
    }

    private static void assertSameBits(FlatVector vector, Safetensors.Contents file, String prefix) {
        for (Slot slot : vector.slots()) {
            Tensor tensor = file.tensor(prefix + slot.name());
            assertThat(tensor.shape()).isEqualTo(slot.shape());
            var line = vector.view(slot.name()).dup('c').reshape(slot.length());
            if (tensor.dtype().bytes() == 4) {
                assertThat(line.toFloatVector()).isEqualTo(tensor.toFloats());
            } else {
                assertThat(line.toDoubleVector()).isEqualTo(tensor.toDoubles());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"float32", "float64"})
    void valuesComeBackWithTheSameBits(String precision) throws IOException {
        RunConfig config = TinyRun.config(TinyRun.FLOW, "precision=" + precision);
        ModelValues saved = ModelValues.initial(
                ModelBuilder.create(config, new ImageShape(1, 28, 28)), ModelBuilder.type(config.precision()), 3);
        // Values whose last bit matters, a negative zero and the largest ones among them.
        saved.parameters().flat().divi(3);
        saved.buffers().flat().assign(1).divi(7);
        saved.buffers().flat().putScalar(0, -0.0);
        saved.buffers().flat().putScalar(1, Float.MAX_VALUE);
        saved.parameters().flat().putScalar(5, Float.MIN_VALUE);
        RunDirectory run = RunDirectory.create(runs, config);
        try (var program = new UntrainedProgram(saved)) {
            new Checkpoints(run)
                    .save(
                            emptyState(),
                            folder -> CheckpointTensors.write(folder, saved, program.state(), emptyState()),
                            true,
                            false);
        }
        TrainedModel opened = TinyRun.open(run, "best");
        assertSameBits(opened.values().parameters(), weights(run, "best"), "");
        assertSameBits(opened.values().buffers(), weights(run, "best"), "");
        assertThat(opened.values().parameters().flat())
                .isEqualTo(saved.parameters().flat());
        assertThat(opened.values().buffers().flat().toDoubleVector())
                .isEqualTo(saved.buffers().flat().toDoubleVector());
    }

    private static RunState emptyState() {
        return RunState.initial(new Provenance(java.util.Map.of("seed", 1)));
    }

    @Test
    void theAverageIsWhatIsLoaded() throws IOException {
        RunDirectory run = TinyRun.train(runs, TinyRun.config(TinyRun.VAE, "training.emaDecay=0.9"));
        Safetensors.Contents file = weights(run, "last");
        FlatVector loaded = TinyRun.open(run, "last").values().parameters();
        assertSameBits(loaded, file, "ema/");
        String name = loaded.slots().get(0).name();
        assertThat(file.tensor(name).toFloats())
                .isNotEqualTo(file.tensor("ema/" + name).toFloats());
        assertThat(file.tensors()).hasSize(2 * loaded.slots().size());
    }

    @Test
    void withoutAnAverageTheWeightsAreLoaded() throws IOException {
        RunDirectory run = TinyRun.train(runs, TinyRun.config(TinyRun.FLOW));
        ModelValues loaded = TinyRun.open(run, "last").values();
        Safetensors.Contents file = weights(run, "last");
        assertSameBits(loaded.parameters(), file, "");
        assertSameBits(loaded.buffers(), file, "");
        assertThat(file.tensors())
                .hasSize(loaded.parameters().slots().size()
                        + loaded.buffers().slots().size());
    }

    @Test
    void onlyTheNewestAndTheBestAreKept() throws IOException {
        // So fast that the validation loss rises again after some epoch.
        RunDirectory run = TinyRun.train(
                runs,
                TinyRun.config(
                        TinyRun.VAE,
                        "training.epochs=5",
                        "data.train=20",
                        "training.optimizer.learningRate=0.05",
                        "seed=4"));
        List<JsonNode> epochs = TinyRun.lines(run, "epoch");
        double lowest = Double.POSITIVE_INFINITY;
        int best = 0;
        for (JsonNode epoch : epochs) {
            double loss = epoch.get("validation").get("loss").doubleValue();
            assertThat(epoch.get("best").booleanValue()).isEqualTo(loss < lowest);
            if (loss < lowest) {
                lowest = loss;
                best = epoch.get("epoch").intValue();
            }
        }
        assertThat(best).isBetween(1, 4);
        String name = String.format("epoch-%04d", best);
        assertThat(TinyRun.checkpointFiles(run))
                .contains("best", "last", name, "epoch-0004", "epoch-0005")
                .hasSizeLessThanOrEqualTo(5);
        assertThat(TinyRun.checkpoint(run, "best").getFileName()).hasToString(name);
        assertThat(TinyRun.checkpoint(run, "last").getFileName()).hasToString("epoch-0005");
        assertThat(TinyRun.checkpoint(run, name)).isEqualTo(TinyRun.checkpoint(run, "best"));
        assertThat(state(run, "best").at("/progress/epoch").intValue()).isEqualTo(best);
        JsonNode last = state(run, "last");
        assertThat(last.at("/progress/epoch").intValue()).isEqualTo(5);
        assertThat(last.at("/progress/step").intValue()).isEqualTo(5);
        assertThat(last.at("/best/epoch").intValue()).isEqualTo(best);
        assertThat(last.at("/best/value").doubleValue()).isEqualTo(lowest);
        assertThat(last.at("/best/validationsSince").intValue()).isEqualTo(5 - best);
        assertThat(last.get("provenance").get("seed").intValue()).isEqualTo(4);
    }

    @Test
    void checkpointEverySkipsEpochsThatAreNotTheBest() throws IOException {
        // Steps too small to change a float32: only the first epoch is better than nothing.
        RunDirectory run = TinyRun.train(
                runs,
                TinyRun.config(
                        TinyRun.VAE,
                        "training.epochs=3",
                        "training.checkpointEvery=2",
                        "training.optimizer.learningRate=1e-30",
                        "data.train=20"));
        assertThat(TinyRun.checkpointFiles(run))
                .containsExactly("best", "epoch-0001", "epoch-0002", "epoch-0003", "last");
    }

    @Test
    void asManyOfTheNewestAsAskedForAreKept() throws IOException {
        RunDirectory run = TinyRun.train(
                runs,
                TinyRun.config(
                        TinyRun.VAE,
                        "training.checkpointUnit=steps",
                        "training.checkpointEvery=4",
                        "training.checkpointKeep=3",
                        "training.optimizer.learningRate=1e-30"));
        // Every fourth step, and the ends of both epochs, of which the first is the best.
        assertThat(TinyRun.checkpointFiles(run))
                .containsExactly(
                        "best",
                        "epoch-0001",
                        "epoch-0001-step-0000012",
                        "epoch-0001-step-0000016",
                        "epoch-0002",
                        "last");
        assertThat(TinyRun.checkpoint(run, "best").getFileName()).hasToString("epoch-0001");
    }

    private RunDirectory stoppedAfter(long steps) {
        AtomicReference<Trainer> trainer = new AtomicReference<>();
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.epochs=5");
        RunDirectory run = RunDirectory.create(runs, config);
        trainer.set(TinyRun.trainer(run, config, new TrainingListener() {
            @Override
            public void stepped(Step step) {
                if (step.step() == steps) {
                    trainer.get().requestStop();
                }
            }
        }));
        assertThat(trainer.get().run()).isEqualTo(EndReason.INTERRUPTED);
        return run;
    }

    @Test
    void aStopBeforeTheFirstValidationLeavesABestAllTheSame() throws IOException {
        RunDirectory run = stoppedAfter(3);
        assertThat(TinyRun.checkpointFiles(run))
                .containsExactly("best", "epoch-0000", "epoch-0000-step-0000003", "last");
        assertThat(TinyRun.open(run, "best").sample(1, 1, 1)).hasSize(1);
    }

    @Test
    void aStopWithinAnEpochSavesAStepOfItsOwn() throws IOException {
        RunDirectory run = stoppedAfter(13);
        assertThat(TinyRun.checkpointFiles(run))
                .containsExactly("best", "epoch-0001", "epoch-0001-step-0000013", "last");
        assertThat(TinyRun.checkpoint(run, "best").getFileName()).hasToString("epoch-0001");
        assertThat(TinyRun.checkpoint(run, "last").getFileName()).hasToString("epoch-0001-step-0000013");
        assertThat(state(run, "last").at("/progress/epoch").intValue()).isEqualTo(1);
        assertThat(state(run, "last").at("/progress/step").intValue()).isEqualTo(13);
        assertThat(TinyRun.lines(run, "end").get(0).get("reason").stringValue()).isEqualTo("interrupted");
        assertThat(TinyRun.lines(run, "epoch")).hasSize(1);
        assertThat(TinyRun.open(run, "last").sample(1, 1, 1)).hasSize(1);
    }
}
