package org.likelihood4j.laboratory.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.Evaluator;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.TinyRun;
import org.likelihood4j.training.events.TrainingListener;
import tools.jackson.databind.node.ObjectNode;

/** Whole comparisons on disk: what they leave, and how they continue. */
class ComparisonTest {
    private static final String TINY = """
            name: tiny
            data: {type: digits, train: 200, validation: 40, test: 30}
            training: {epochs: 2, batchSize: 20, logEvery: 5, imagesEvery: 1000}
            evaluation: {importanceSamples: 5, repeats: 2, batchSize: 16}
            diagnostics: {gradientDraws: 0}
            """;

    @TempDir
    private Path folder;

    private Path file;

    /** Where three runs were finished without a stop. */
    @TempDir
    private static Path uninterrupted;

    private static Comparison whole;

    @BeforeAll
    static void finish() throws IOException {
        Path file = Files.writeString(uninterrupted.resolve("tiny.yaml"), TINY + TinyRun.VAE);
        whole = completed(uninterrupted, three(file));
    }

    private static ComparisonPlan three(Path file) {
        return ComparisonPlan.of(file, List.of(), List.of("model.latent=2,3,5"), 1, 1);
    }

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("tiny.yaml"), TINY + TinyRun.VAE);
    }

    private ComparisonPlan plan(int seeds, String... overrides) {
        return ComparisonPlan.of(file, List.of(overrides), List.of("model.latent=2,3"), seeds, 1);
    }

    private static Map<DataConfig, Comparison.Data> data(ComparisonPlan plan) {
        Map<DataConfig, Comparison.Data> data = new HashMap<>();
        plan.runs()
                .forEach(run -> data.put(run.config().data(), new Comparison.Data("tiny", TinyRun.data(run.config()))));
        return data;
    }

    private static List<ComparisonResult> results(Comparison comparison) {
        return ComparisonRecord.read(comparison.folder().resolve("comparison.json"))
                .results();
    }

    /** Without what a clock says. */
    private static List<ComparisonResult> timeless(Comparison comparison) {
        return results(comparison).stream()
                .map(r -> new ComparisonResult(
                        r.variant(),
                        r.seed(),
                        "any",
                        r.outcome(),
                        r.problem(),
                        r.steps(),
                        0,
                        0.0,
                        r.gradientVariance(),
                        timeless(r.evaluation())))
                .toList();
    }

    private static Evaluation timeless(Evaluation e) {
        return e == null
                ? null
                : new Evaluation(
                        "",
                        e.checkpoint(),
                        e.weights(),
                        e.split(),
                        e.images(),
                        e.seed(),
                        e.importanceSamples(),
                        e.repeats(),
                        e.quantities(),
                        0);
    }

    /** Asks to stop at some moment, and remembers what was begun and ended. */
    private static final class Stopper implements ComparisonListener {
        private final List<String> begun = new ArrayList<>();
        private final List<String> ended = new ArrayList<>();
        private final String when;
        private Comparison comparison;

        /** @param when such as {@code step 3} or {@code evaluation} of the second run, {@code run 2}, or never */
        Stopper(String when) {
            this.when = when;
        }

        private void at(String moment) {
            if (begun.size() == 2 && moment.equals(when)) {
                comparison.requestStop();
            }
        }

        @Override
        public void runStarted(ComparisonPlan.Run run, int number, int total) {
            begun.add(number + "/" + total + " " + run);
            at("start");
        }

        @Override
        public Watch watch(ComparisonPlan.Run run, RunDirectory directory) {
            at("watch");
            TrainingListener training = new TrainingListener() {
                @Override
                public void stepped(Step step) {
                    at("step " + step.step());
                }
            };
            ProgressListener evaluation = (what, done, total) -> at(what);
            return new Watch(training, evaluation, () -> at("close"));
        }

        @Override
        public void runEnded(ComparisonPlan.Run run, ComparisonResult result) {
            ended.add(run.toString());
        }
    }

    private static boolean run(Path runs, ComparisonPlan plan, Stopper stopper) {
        Comparison comparison = Comparison.open(runs, plan);
        stopper.comparison = comparison;
        return comparison.run(data(plan), stopper);
    }

    private static Comparison completed(Path runs, ComparisonPlan plan) {
        assertThat(run(runs, plan, new Stopper("never"))).isTrue();
        Comparison comparison = Comparison.open(runs, plan);
        assertThat(comparison.pending()).isEmpty();
        return comparison;
    }

    private static List<String> names(Path folder) throws IOException {
        try (var children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void leavesRunsAndResults() throws IOException {
        ComparisonPlan plan = plan(2);
        Stopper all = new Stopper("never");
        assertThat(run(folder, plan, all)).isTrue();
        assertThat(all.begun)
                .containsExactly(
                        "1/4 model.latent=2, seed 1",
                        "2/4 model.latent=3, seed 1",
                        "3/4 model.latent=2, seed 2",
                        "4/4 model.latent=3, seed 2");
        assertThat(all.ended).hasSize(4);
        Comparison comparison = Comparison.open(folder, plan);
        assertThat(comparison.folder()).isEqualTo(folder.resolve("tiny-compare"));
        assertThat(names(comparison.folder()))
                .containsExactly(
                        ".lock",
                        "comparison.json",
                        "latent-2-seed1",
                        "latent-2-seed2",
                        "latent-3-seed1",
                        "latent-3-seed2");

        List<ComparisonResult> results = results(comparison);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.outcome()).isEqualTo("completed");
            assertThat(result.steps()).isEqualTo(20);
            assertThat(result.secondsPerStep()).isPositive();
            assertThat(result.seconds()).isGreaterThan(20 * result.secondsPerStep() / 4);
            RunDirectory run = RunDirectory.open(comparison.folder().resolve(result.folder()));
            // The same as evaluating that run by itself.
            TrainedModel model = TinyRun.open(run, "best");
            Evaluation alone = new Evaluator(model, run.readConfig().evaluation())
                    .evaluate(
                            run, "best", "test", TinyRun.data(run.readConfig()).test(), ProgressListener.none());
            assertThat(result.evaluation().quantities()).isEqualTo(alone.quantities());
            assertThat(run.evaluation("test")).isRegularFile();
        });
        // Same noise for all variants of a seed, other noise for another seed.
        assertThat(results)
                .extracting(r -> r.compared("elbo").orElseThrow().mean())
                .doesNotHaveDuplicates();
        assertThat(Files.readString(comparison.writeTable()))
                .startsWith("variant")
                .contains("latent=2 ", "latent=3 ", "2 seeds (1 to 2)");
    }

    @Test
    void trainsAsTrainDoes() {
        RunDirectory alone =
                TinyRun.train(folder, TinyRun.config(TinyRun.VAE, "model.latent=3", "diagnostics.gradientDraws=0"));
        RunDirectory compared = RunDirectory.open(whole.folder().resolve("latent-3-seed1"));
        assertThat(TinyRun.lines(compared, "epoch"))
                .extracting(line -> line.get("training"))
                .isEqualTo(TinyRun.lines(alone, "epoch").stream()
                        .map(line -> line.get("training"))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "start,                1, false",
        "step 3,               1, true",
        "step 20,              1, true",
        "metrics,              1, false",
        "importance samples,   1, false",
        "close,                2, false"
    })
    void stoppedAndContinuedEqualsUninterrupted(String when, int finished, boolean again) throws IOException {
        ComparisonPlan plan = three(file);
        Path runs = folder.resolve("stopped");
        Stopper stopper = new Stopper(when);
        assertThat(run(runs, plan, stopper)).isFalse();
        assertThat(stopper.ended).hasSize(finished);
        Comparison stopped = Comparison.open(runs, plan);
        assertThat(stopped.pending()).hasSize(3 - finished);
        List<ComparisonResult> before = results(stopped);

        Stopper rest = new Stopper("never");
        assertThat(run(runs, plan, rest)).isTrue();
        assertThat(rest.begun).hasSize(3 - finished);
        assertThat(results(stopped))
                .startsWith(before.stream().filter(ComparisonResult::finished).toArray(ComparisonResult[]::new));
        assertThat(timeless(stopped)).isEqualTo(timeless(whole));
        // A training that was cut off is kept; one that was complete is not done again.
        if (again) {
            assertThat(names(stopped.folder())).contains("latent-3-seed1", "latent-3-seed1-2");
            assertThat(results(stopped)).extracting(ComparisonResult::folder).contains("latent-3-seed1-2");
        }
        if (when.equals("metrics") || when.startsWith("importance")) {
            assertThat(before)
                    .hasSize(2)
                    .last()
                    .extracting(ComparisonResult::evaluation)
                    .isNull();
            assertThat(names(stopped.folder())).doesNotContain("latent-3-seed1-2");
        }
    }

    @Test
    void whatIsDoneIsNotDoneAgain() throws IOException {
        ComparisonPlan plan = plan(1);
        Path json = completed(folder, plan).folder().resolve("comparison.json");
        String before = Files.readString(json);
        Stopper again = new Stopper("never");
        assertThat(run(folder, plan, again)).isTrue();
        assertThat(again.begun).isEmpty();
        assertThat(json).hasContent(before);
    }

    @Test
    void aTrainedRunWhoseFolderIsGoneIsTrainedAgain() throws IOException {
        ComparisonPlan plan = plan(1);
        assertThat(run(folder, plan, new Stopper("metrics"))).isFalse();
        Path run = folder.resolve("tiny-compare/latent-3-seed1");
        org.likelihood4j.io.AtomicFiles.delete(run);
        completed(folder, plan);
        assertThat(run.resolve("evaluation-test.json")).isRegularFile();
    }

    @Test
    void aDivergenceIsAResult() throws IOException {
        ComparisonPlan plan = ComparisonPlan.of(
                file,
                List.of("training.optimizer.type=sgd"),
                List.of("training.optimizer.learningRate=1e30,1e-4"),
                1,
                1);
        Comparison comparison = completed(folder, plan);
        assertThat(results(comparison)).extracting(ComparisonResult::outcome).containsExactly("diverged", "completed");
        assertThat(comparison.table().problems())
                .singleElement()
                .asString()
                .contains("learningRate-1e30-seed1", "step 2");
        assertThat(comparison.table().lines().get(1)).contains("1 of 1 diverged");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "training.epochs=3; training.epochs is 2, not 3",
                "model.latent=7; model.latent is 4, not 7",
                "seed=5; seed is 1, not 5",
                "training.clipNorm=1; training.clipNorm is null, not 1.0",
                "model.encoder.hidden=[8, 9]; model.encoder.hidden is [16], not [8,9]",
                "data={type: mnist}; data.type is \"digits\", not \"mnist\""
            })
    void otherSettingsAreRefused(String override, String difference) throws IOException {
        Path json = Comparison.open(folder, plan(2)).folder().resolve("comparison.json");
        Files.createDirectory(json.getParent());
        ComparisonRecord.empty(plan(2)).write(json);
        String before = Files.readString(json);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> Comparison.open(folder, plan(2, override)))
                .withMessage(
                        json + ": is of another comparison, its " + difference + "; choose another folder with --name");
        assertThat(json).hasContent(before);
        // But not those that are the same, written in another way.
        assertThat(Comparison.open(folder, plan(2, "training.epochs=0x2")).pending())
                .hasSize(4);
    }

    /** Later keys have what an older version did: of the base, and of a variant of another type. */
    @ParameterizedTest
    @ValueSource(strings = {"model.couplings=2,3", "model.type=realnvp,vae"})
    void keysThatCameLaterHaveWhatWasDoneBefore(String varied) throws IOException {
        Files.writeString(
                file,
                "name: tiny\ndata: {type: digits, train: 200}\nmodel: {type: realnvp, architecture: flat, couplings: 2}\n");
        ComparisonPlan plan = ComparisonPlan.of(file, List.of(), List.of(varied), 1, 1);
        Path json = Comparison.open(folder, plan).folder().resolve("comparison.json");
        Files.createDirectory(json.getParent());
        ComparisonRecord.empty(plan).write(json);
        ObjectNode old = (ObjectNode) JsonFiles.LINE.readTree(Files.readString(json));
        ObjectNode settings = (ObjectNode) old.get("settings");
        for (String later : List.of("family", "architecture")) {
            assertThat(((ObjectNode) settings.at("/config/model")).remove(later))
                    .isNotNull();
        }
        ObjectNode changes = (ObjectNode) settings.get("changes");
        if (varied.contains("vae")) {
            assertThat(((ObjectNode) changes.get("model.type=vae")).remove("model.prior.type"))
                    .isNotNull();
        }
        Files.writeString(json, JsonFiles.LINE.writeValueAsString(old));
        assertThat(Comparison.open(folder, plan).pending()).hasSize(2);
        ((ObjectNode) settings.at("/config/model")).put("couplings", 4);
        Files.writeString(json, JsonFiles.LINE.writeValueAsString(old));
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> Comparison.open(folder, plan))
                .withMessageContaining("its model.couplings is 4, not 2");
        ((ObjectNode) settings.at("/config/model")).put("couplings", 2);
        Files.writeString(json, JsonFiles.LINE.writeValueAsString(old));
        Files.writeString(file, Files.readString(file).replace("couplings: 2", "couplings: 2, family: affine"));
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> Comparison.open(folder, ComparisonPlan.of(file, List.of(), List.of(varied), 1, 1)))
                .withMessageContaining("its model.family is \"derived\", not \"affine\"");
    }

    @Test
    void otherVariantsAndSeedsAreRefused() throws IOException {
        Path json = Comparison.open(folder, plan(2)).folder().resolve("comparison.json");
        Files.createDirectory(json.getParent());
        ComparisonRecord.empty(plan(2)).write(json);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> Comparison.open(folder, plan(3)))
                .withMessageContaining("its seeds is [1,2], not [1,2,3]");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() ->
                        Comparison.open(folder, ComparisonPlan.of(file, List.of(), List.of("model.latent=2,5"), 2, 1)))
                .withMessageContaining(
                        "[\"model.latent=2\",\"model.latent=3\"], not [\"model.latent=2\",\"model.latent=5\"]");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() ->
                        Comparison.open(folder, ComparisonPlan.of(file, List.of(), List.of("model.latent=2,3"), 2, 2)))
                .withMessageContaining("its evaluation.repeats is 1, not 2");
    }

    @Test
    void aFolderOfSomethingElseIsRefused() throws IOException {
        Path mine = Files.createDirectory(folder.resolve("tiny-compare"));
        Files.writeString(mine.resolve(".comparison.json.1.tmp"), "half");
        assertThat(Comparison.open(folder, plan(1)).pending()).hasSize(2);
        Files.writeString(mine.resolve("notes.txt"), "mine");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> Comparison.open(folder, plan(1)))
                .withMessage(
                        mine + ": exists and is no comparison, it has no comparison.json; choose another with --name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"formatVersion\": 2, \"settings\": {}, \"results\": []}",
                "{\"formatVersion\": 1, \"settings\": null, \"results\": []}",
                "{\"formatVersion\": 1, \"settings\": {}, \"results\": null}",
                "{\"formatVersion\": 1, \"settings\": {}, \"results\": [null]}",
                "{\"formatVersion\": 1, \"settings\": {}, \"results\": [{\"variant\": 5}]}",
                "{\"formatVersion\": 1, \"settings\": [], \"results\": []}"
            })
    void aDamagedRecordIsOneLine(String text) throws IOException {
        Path json = Files.createDirectory(folder.resolve("tiny-compare")).resolve("comparison.json");
        Files.writeString(json, text);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> Comparison.open(folder, plan(1)))
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1))
                .withMessageStartingWith(json + ": ");
        assertThat(json).hasContent(text);
    }

    @Test
    void onlyOneProcessWorksInAFolder() {
        ComparisonPlan plan = plan(1);
        Comparison first = Comparison.open(folder, plan);
        first.run(data(plan), new ComparisonListener() {
            @Override
            public Watch watch(ComparisonPlan.Run run, RunDirectory directory) {
                return ComparisonListener.none().watch(run, directory);
            }

            @Override
            public void runStarted(ComparisonPlan.Run run, int number, int total) {
                assertThatExceptionOfType(RunException.class)
                        .isThrownBy(() -> Comparison.open(folder, plan).run(data(plan), ComparisonListener.none()))
                        .withMessage(first.folder() + ": another process is working on this comparison");
                first.requestStop();
            }
        });
        completed(folder, plan);
    }
}
