package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.ChecksumFile;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.training.events.TrainingListener;
import org.likelihood4j.training.loop.Workings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A training that was cut off, and went on, is the one that was not, to the last bit. */
class ResumeTest {
    private static final String[] ALL = {
        "training.epochs=4",
        "training.emaDecay=0.9",
        "training.clipNorm=100",
        "training.warmupSteps=25",
        "training.logEvery=7",
        "training.optimizer.weightDecay=0.1",
        "training.earlyStopping={patience: 9, minDelta: 0.5}"
    };

    /** Trainings that nothing happened to, one for each configuration: they are read and never written to. */
    private static final Map<RunConfig, RunDirectory> WHOLE = new HashMap<>();

    /** The folders of trainings that were cut off at a step, to be copied. */
    private static final Map<Cut, Path> KILLED = new HashMap<>();

    private record Cut(RunConfig config, long step) {}

    @TempDir
    private static Path wholeRuns;

    @TempDir
    private Path runs;

    private static RunDirectory whole(RunConfig config) {
        return WHOLE.computeIfAbsent(config, any -> TinyRun.train(wholeRuns, config));
    }

    /** A training that ended at a step as if its process had been killed: a copy, that may be written to. */
    private RunDirectory killedOnce(RunConfig config, long step) throws IOException {
        Path killed = KILLED.computeIfAbsent(
                new Cut(config, step),
                any -> TinyRun.killedAt(wholeRuns, config, step).path());
        Path copy = runs.resolve(killed.getFileName());
        try (Stream<Path> files = Files.walk(killed)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, copy.resolve(killed.relativize(file)));
            }
        }
        return RunDirectory.open(copy);
    }

    private static RunConfig config(String model, String... more) {
        List<String> overrides = new ArrayList<>(List.of(ALL));
        overrides.addAll(List.of(more));
        return TinyRun.config(model, overrides.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void twoAndTwoEpochsAreFour(String model) throws IOException {
        String schedule = "training.schedule={type: step, every: 1, factor: 0.7}";
        RunDirectory whole = whole(config(model, schedule));
        RunDirectory halves = TinyRun.train(runs, config(model, schedule, "training.epochs=2"));
        assertThat(TinyRun.resume(halves, List.of("training.epochs=4"))).isEqualTo(EndReason.COMPLETED);
        TinyRun.assertSame(halves, whole);
        assertThat(halves.readConfig().training()).isEqualTo(whole.readConfig().training());
        assertThat(TinyRun.lines(halves, "end")).hasSize(2);
        assertThat(TinyRun.lines(halves, "resume")).singleElement().satisfies(resume -> {
            assertThat(resume.get("step").intValue()).isEqualTo(20);
            assertThat(resume.get("total_steps").intValue()).isEqualTo(40);
            assertThat(resume.get("provenance").get("engine").stringValue()).isEqualTo("compiled");
        });
    }

    /** Before the first checkpoint within an epoch, in the midst, and after two epochs; saved every third step. */
    @ParameterizedTest
    @CsvSource({"vae, 2", "vae, 17", "vae, 29", "flow, 4", "flow, 23"})
    void aKilledTrainingGoesOnWithinItsEpoch(String name, long step) throws IOException {
        String model = name.equals("vae") ? TinyRun.VAE : TinyRun.FLOW;
        RunConfig config = config(
                model,
                "training.schedule={type: cosine, finalFraction: 0.1}",
                "training.checkpointEvery=3",
                "training.checkpointUnit=steps");
        RunDirectory whole = whole(config);
        RunDirectory run = TinyRun.killedAt(runs, config, step);
        assertThat(TinyRun.resume(run, List.of())).isEqualTo(EndReason.COMPLETED);
        TinyRun.assertSame(run, whole);
        assertThat(TinyRun.checkpointFiles(run)).isEqualTo(TinyRun.checkpointFiles(whole));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{type: iaf, steps: 2, conditioner: {hidden: [8]}, context: 3}", "{type: coupling}"})
    void aPosteriorThatIsAFlowGoesOnToo(String posterior) throws IOException {
        RunConfig config = config(
                TinyRun.VAE,
                "model.posterior=" + posterior,
                "model.prior={type: realnvp, couplings: 2, conditioner: {hidden: [8]}}",
                "loss={importanceSamples: 2}",
                "training.checkpointEvery=3",
                "training.checkpointUnit=steps");
        RunDirectory whole = whole(config);
        RunDirectory run = TinyRun.killedAt(runs, config, 17);
        assertThat(TinyRun.resume(run, List.of())).isEqualTo(EndReason.COMPLETED);
        TinyRun.assertSame(run, whole);
    }

    @Test
    void killedAgainAndAgain() throws IOException {
        RunConfig config = config(
                TinyRun.VAE,
                "loss.kl.warmup={type: cyclical, cycles: 2}",
                "training.checkpointEvery=4",
                "training.checkpointUnit=steps",
                "model.likelihood.binarization=static");
        RunDirectory whole = whole(config);
        RunDirectory run = TinyRun.killedAt(runs, config, 5);
        for (long step : new long[] {6, 8, 9, 10, 11, 20, 21, 33, 40}) {
            assertThatExceptionOfType(TinyRun.Killed.class)
                    .isThrownBy(() -> TinyRun.resume(run, List.of(), new TinyRun.Kill(step)));
        }
        TinyRun.resume(run, List.of());
        TinyRun.assertSame(run, whole);
    }

    @Test
    void killedBeforeAnythingWasSaved() throws IOException {
        RunConfig config = config(TinyRun.FLOW);
        RunDirectory whole = whole(config);
        RunDirectory run = RunDirectory.create(runs, config);
        assertThatExceptionOfType(TinyRun.Killed.class)
                .isThrownBy(() -> TinyRun.trainer(run, config, new TrainingListener() {
                            @Override
                            public void started(Start start) {
                                throw new TinyRun.Killed();
                            }
                        })
                        .run());
        assertThat(run.checkpoints()).doesNotExist();
        TinyRun.resume(run, List.of());
        TinyRun.assertSame(run, whole);
    }

    /** Also asked at the last step of an epoch, whose end then belongs to the next process. */
    @ParameterizedTest
    @ValueSource(longs = {1, 10, 13})
    void aTrainingThatWasAskedToStopGoesOn(long step) throws IOException {
        RunConfig config = config(TinyRun.VAE, "training.epochs=2");
        RunDirectory whole = whole(config);
        RunDirectory run = RunDirectory.create(runs, config);
        Trainer[] trainer = new Trainer[1];
        trainer[0] = TinyRun.trainer(run, config, new TrainingListener() {
            @Override
            public void stepped(Step done) {
                if (done.step() == step) {
                    trainer[0].requestStop();
                }
            }
        });
        assertThat(trainer[0].run()).isEqualTo(EndReason.INTERRUPTED);
        TinyRun.resume(run, List.of());
        TinyRun.assertSame(run, whole);
    }

    @Test
    void earlyStoppingRemembers() throws IOException {
        RunConfig config = TinyRun.config(
                TinyRun.VAE,
                "data.train=20",
                "training.epochs=9",
                "training.optimizer.learningRate=1e-30",
                "training.earlyStopping={patience: 3}");
        RunDirectory whole = whole(config);
        RunDirectory run = TinyRun.killedAt(runs, config, 3);
        assertThat(TinyRun.resume(run, List.of())).isEqualTo(EndReason.EARLY_STOPPED);
        TinyRun.assertSame(run, whole);
        assertThat(TinyRun.resume(run, List.of("training.earlyStopping.patience=4")))
                .isEqualTo(EndReason.EARLY_STOPPED);
        assertThat(TinyRun.lines(run, "epoch")).hasSize(5);
    }

    @Test
    void whatHasEndedSaysSo() throws IOException {
        RunDirectory run = TinyRun.train(runs, TinyRun.config(TinyRun.VAE, "training.epochs=1"));
        List<EndReason> told = new ArrayList<>();
        String before = Files.readString(run.metrics());
        TrainingListener listener = new TrainingListener() {
            @Override
            public void alreadyEnded(RunDirectory ended, EndReason reason, RunState state) {
                told.add(reason);
            }
        };
        assertThat(TinyRun.resume(run, List.of(), listener)).isEqualTo(EndReason.COMPLETED);
        assertThat(told).containsExactly(EndReason.COMPLETED);
        assertThat(run.metrics()).hasContent(before);
        // Killed between the last checkpoint and the last line: only that is missing.
        Files.writeString(run.metrics(), before.substring(0, before.indexOf("{\"event\":\"end\"")));
        assertThat(TinyRun.resume(run, List.of(), listener)).isEqualTo(EndReason.COMPLETED);
        assertThat(told).hasSize(1);
        assertThat(TinyRun.lines(run, "end")).hasSize(1);
    }

    @Test
    void linesAfterTheCheckpointAreWrittenAnewAndATornOneToo() throws IOException {
        RunConfig config = TinyRun.config(TinyRun.VAE);
        RunDirectory whole = whole(config);
        RunDirectory run = TinyRun.killedAt(runs, config, 17);
        assertThat(TinyRun.lines(run, "step")).hasSize(3);
        Files.writeString(run.metrics(), "{\"event\":\"step\",\"step\":20,\"lo", StandardOpenOption.APPEND);
        TinyRun.resume(run, List.of());
        TinyRun.assertSame(run, whole);
        List<String> events = Files.readAllLines(run.metrics()).stream()
                .map(line -> JsonFiles.LINE.readTree(line).get("event").stringValue())
                .toList();
        assertThat(events).containsExactly("start", "step", "step", "epoch", "resume", "step", "step", "epoch", "end");
    }

    private enum Damage {
        FLIPPED,
        CUT,
        DELETED
    }

    @ParameterizedTest
    @CsvSource({
        "weights.safetensors, FLIPPED",
        "optimizer.safetensors, FLIPPED",
        "state.json, FLIPPED",
        "SHA256SUMS, FLIPPED",
        "weights.safetensors, CUT",
        "state.json, DELETED"
    })
    void aDamagedCheckpointIsSetAsideForTheOneBefore(String file, Damage damage) throws IOException {
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.epochs=3");
        RunDirectory whole = whole(config);
        RunDirectory run = killedOnce(config, 25);
        Path newest = TinyRun.checkpoint(run, "last");
        byte[] bytes = Files.readAllBytes(newest.resolve(file));
        switch (damage) {
            case FLIPPED -> {
                bytes[bytes.length / 2] ^= 1;
                Files.write(newest.resolve(file), bytes);
            }
            case CUT -> Files.write(newest.resolve(file), Arrays.copyOf(bytes, 1000));
            case DELETED -> Files.delete(newest.resolve(file));
        }
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        TinyRun.resume(run, List.of(), warnings);
        assertThat(warnings.lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(newest + ": damaged (")
                        .contains(
                                damage == Damage.DELETED ? file : "SHA256SUMS",
                                "kept as epoch-0002.damaged, and epoch-0001 is used"));
        assertThat(newest.resolveSibling("epoch-0002.damaged")).isDirectory();
        TinyRun.assertSame(run, whole);
    }

    @Test
    void withoutAWholeCheckpointNothingIsTouched() throws IOException {
        RunDirectory run = TinyRun.killedAt(runs, TinyRun.config(TinyRun.VAE), 15);
        List<String> before = TinyRun.checkpointFiles(run);
        assertThat(before).contains("epoch-0000", "epoch-0001");
        for (String name : List.of("epoch-0000", "epoch-0001")) {
            Files.delete(TinyRun.checkpoint(run, name).resolve("optimizer.safetensors"));
        }
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> TinyRun.resume(run, List.of()))
                .withMessage(
                        run.checkpoints() + ": no checkpoint is whole; the newest, epoch-0001: optimizer.safetensors:"
                                + " no such file or folder; nothing to resume from, train a new run");
        assertThat(TinyRun.checkpointFiles(run)).isEqualTo(before);
    }

    @Test
    void aCheckpointOfTheFormatBeforeIsReadButNotResumed() throws IOException {
        RunDirectory run = TinyRun.killedAt(runs, TinyRun.config(TinyRun.VAE), 15);
        Path newest = TinyRun.checkpoint(run, "last");
        ObjectNode state = (ObjectNode) JsonFiles.LINE.readTree(Files.readString(newest.resolve("state.json")));
        flatten(state);
        state.remove(List.of("start", "worse", "rollbacks", "running"));
        state.put("formatVersion", 1);
        Files.writeString(newest.resolve("state.json"), JsonFiles.LINE.writeValueAsString(state));
        Files.delete(newest.resolve("SHA256SUMS"));
        assertThat(TinyRun.open(run, "last").sample(1, 1, 1)).hasSize(1);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> TinyRun.resume(run, List.of()))
                .withMessageContaining("saved by an earlier version");
        assertThat(newest).isDirectory();
    }

    /** As states were before format version 4: all keys side by side. */
    private static void flatten(ObjectNode state) {
        ObjectNode progress = (ObjectNode) state.remove("progress");
        ObjectNode best = (ObjectNode) state.remove("best");
        state.setAll(progress);
        state.set("bestEpoch", best.get("epoch"));
        state.set("bestValue", best.get("value"));
        state.set("validationsSinceBest", best.get("validationsSince"));
    }

    /**
     * Format version 3 had no nested records, and 2 knew neither the start's loss nor the KLs' variance; they go on to the same
     * weights.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aCheckpointOfAnEarlierFormatIsResumed(int version) throws IOException {
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.checkpointUnit=steps", "training.checkpointEvery=3");
        RunDirectory whole = whole(config);
        RunDirectory run = killedOnce(config, 14);
        Path newest = TinyRun.checkpoint(run, "last");
        ObjectNode state = (ObjectNode) JsonFiles.LINE.readTree(Files.readString(newest.resolve("state.json")));
        state.put("formatVersion", version);
        flatten(state);
        if (version == 2) {
            state.remove(List.of("start", "worse"));
            ObjectNode running = (ObjectNode) state.get("running");
            running.remove("kl");
            for (String means : List.of("report", "epoch")) {
                ArrayNode array = (ArrayNode) running.get(means);
                array.remove(array.size() - 1);
            }
        }
        String before = JsonFiles.LINE.writeValueAsString(state);
        Files.writeString(newest.resolve("state.json"), before);
        ChecksumFile sum = new ChecksumFile();
        try (OutputStream out = sum.over("state.json", OutputStream.nullOutputStream())) {
            out.write(before.getBytes(StandardCharsets.UTF_8));
        }
        String sums = Files.readString(newest.resolve("SHA256SUMS"));
        Files.writeString(
                newest.resolve("SHA256SUMS"),
                sums.lines().filter(line -> !line.endsWith("state.json")).collect(Collectors.joining("\n", "", "\n"))
                        + sum.text());
        assertThat(TinyRun.resume(run, List.of())).isEqualTo(EndReason.COMPLETED);
        assertThat(TinyRun.bytes(run, "weights.safetensors")).isEqualTo(TinyRun.bytes(whole, "weights.safetensors"));
        JsonNode kl = TinyRun.lines(run, "step").get(2).get("kl");
        JsonNode right = TinyRun.lines(whole, "step").get(2).get("kl");
        assertThat(kl.get("difference")).isEqualTo(right.get("difference"));
        assertThat(kl.get("standard_error").doubleValue())
                .isCloseTo(
                        right.get("standard_error").doubleValue(),
                        within(0.3 * right.get("standard_error").doubleValue()));
        RunState last = CheckpointFolder.readState(TinyRun.checkpoint(run, "last"));
        assertThat(last.formatVersion()).isEqualTo(RunState.FORMAT_VERSION);
        assertThat(last.start() == null).isEqualTo(version == 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.latent=5                              | model.latent: cannot change when a run is resumed; what can:",
                "training.batchSize=10                       | training.batchSize: cannot change",
                "data.train=100                              | data.train: cannot change",
                "training.optimizer.beta1=0.8                | training.optimizer.beta1: cannot change",
                "training.optimizer={type: sgd}              | training.optimizer.type: cannot change",
                "seed=2                                      | seed: cannot change",
                "training.epochs=3                           | training.schedule.type cosine",
                "training={epochs: 1, schedule: {type: constant}, batchSize: 20, logEvery: 5, imagesEvery: 1000}"
                        + " | training.epochs: was 1, but the run has taken 20 steps already"
            })
    void whatWouldMakeItAnotherTrainingIsRefused(String override, String problem) throws IOException {
        RunDirectory run = whole(TinyRun.config(TinyRun.VAE, "training.schedule.type=cosine"));
        String before = Files.readString(run.config());
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> TinyRun.resume(run, List.of(override)))
                .withMessageContaining(problem);
        assertThat(run.config()).hasContent(before);
    }

    @Test
    void anEndlessScheduleMayBeGivenInstead() {
        RunDirectory run = TinyRun.train(runs, TinyRun.config(TinyRun.VAE, "training.schedule.type=cosine"));
        TinyRun.resume(run, List.of("training.epochs=3", "training.schedule.type=constant"));
        assertThat(TinyRun.lines(run, "epoch")).hasSize(3);
    }

    private static Trainer withProvenance(RunDirectory run, Map<String, Object> changes, TrainingListener listener) {
        RunConfig config = run.readConfig();
        Map<String, Object> values =
                new LinkedHashMap<>(EnvironmentProvenance.gather(TinyRun.data(config), "tiny", config)
                        .values());
        values.putAll(changes);
        return new Trainer(
                config,
                TinyRun.data(config),
                run,
                new Provenance(values),
                List.of(listener),
                Workings.USUAL.withoutPictures());
    }

    @Test
    void otherDataAreRefusedAndOtherThreadsToldOf() {
        RunDirectory run = TinyRun.killedAt(runs, TinyRun.config(TinyRun.VAE), 15);
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> withProvenance(run, Map.of("data_sha256", Map.of("train", "0a")), warnings)
                        .resume())
                .withMessageContaining("was trained on other data: SHA-256 {train=")
                .withMessageContaining("now {train=0a}");
        assertThat(warnings.lines).isEmpty();
        assertThat(withProvenance(run, Map.of("threads", "77"), warnings).resume())
                .isEqualTo(EndReason.COMPLETED);
        assertThat(warnings.lines)
                .singleElement()
                .satisfies(line ->
                        assertThat(line).contains("the last bits may differ from here on: threads was ", ", is 77"));
    }

    @Test
    void oneProcessAtATime() {
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.epochs=1");
        RunDirectory run = RunDirectory.create(runs, config);
        List<String> refusals = new ArrayList<>();
        TinyRun.trainer(run, config, new TrainingListener() {
                    @Override
                    public void reported(Report report) {
                        assertThatExceptionOfType(RunException.class)
                                .isThrownBy(() -> TinyRun.resume(run, List.of()))
                                .satisfies(e -> refusals.add(e.getMessage()));
                    }
                })
                .run();
        assertThat(refusals)
                .hasSize(2)
                .containsOnly(run.path() + ": another process is training this run; it must end first");
    }

    @Test
    void leftoversOfACrashAreRemoved() throws IOException {
        RunDirectory run = TinyRun.killedAt(runs, TinyRun.config(TinyRun.VAE), 15);
        Path left = run.checkpoints().resolve(".epoch-0002.01234567-89ab-cdef-0123-456789abcdef.tmp");
        Files.createDirectory(left);
        Files.writeString(left.resolve("weights.safetensors"), "half");
        AtomicFiles.write(run.path().resolve("notes.txt"), "mine");
        TinyRun.resume(run, List.of());
        assertThat(left).doesNotExist();
        assertThat(run.path().resolve("notes.txt")).hasContent("mine");
    }
}
