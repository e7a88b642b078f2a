package org.likelihood4j.spark.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.FiledTable;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.spark.LocalCluster;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.events.TrainingListener;

/** A training whose steps a cluster takes is that of one machine with the same shards, to the bit. */
@Timeout(300)
class BarrierRoundsTest {
    private static final Path NOWHERE = Path.of("datasets");
    private static final String VAE =
            "name: vae\ndata: {type: digits, train: 320, validation: 40, test: 40}\nmodel: {type: vae,"
                    + " latent: 3, encoder: {hidden: [16]}, decoder: {hidden: [16]}}\ntraining: {epochs: 2, batchSize: 32, shards: 4,"
                    + " logEvery: 4, emaDecay: 0.9, clipNorm: 5}\n";
    private static final String FLOW =
            "name: flow\nprecision: float64\ndata: {type: toy, density: ring, train: 256, validation: 32,"
                    + " test: 32}\nmodel: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [8]}}\ntraining:"
                    + " {epochs: 2, batchSize: 32, shards: 8, logEvery: 3, optimizer: {type: sgd, learningRate: 0.01, momentum: 0.9}}\n";

    @TempDir
    private Path folder;

    private static JavaSparkContext spark;

    @BeforeAll
    static void start() {
        spark = JavaSparkContext.fromSparkContext(LocalCluster.session().sparkContext());
    }

    private static RunConfig config(String yaml) {
        return ConfigLoader.parse(yaml, "test.yaml", List.of());
    }

    private static Splits data(RunConfig config) {
        return DataSources.source(config.data(), NOWHERE).load(ProgressListener.none());
    }

    /** As the driver has them. */
    private Splits driven(RunConfig config) {
        return BarrierRounds.data(config, DataSources.source(config.data(), NOWHERE), folder, ProgressListener.none());
    }

    private static Provenance provenance(RunConfig config, Splits data) {
        return EnvironmentProvenance.gather(data, "test", config);
    }

    /** Trains, and gives the bytes of the last weights. */
    private byte[] train(String yaml, Function<RunConfig, BarrierRounds> rounds, TrainingListener... listeners)
            throws IOException {
        RunConfig config = config(yaml);
        BarrierRounds carrier = rounds.apply(config);
        Splits data = carrier == null ? data(config) : driven(config);
        RunDirectory run = RunDirectory.create(folder, config);
        Trainer trainer = carrier == null
                ? new Trainer(config, data, run, provenance(config, data), List.of(listeners))
                : new Trainer(config, data, run, provenance(config, data), List.of(listeners), carrier);
        assertThat(trainer.run()).isNotEqualTo(EndReason.INTERRUPTED);
        return weights(run);
    }

    private static byte[] weights(RunDirectory run) throws IOException {
        return Files.readAllBytes(CheckpointFolder.weights(new Checkpoints(run).locate("last")));
    }

    private static BarrierRounds rounds(RunConfig config, int workers, List<String> warnings) {
        return new BarrierRounds(
                spark,
                WorkerSetup.of(config, NOWHERE, data(config)),
                workers,
                new Mesh.Patience(60_000, 20_000),
                warnings::add);
    }

    @Test
    void theBitsAreThoseOfOneMachine() throws IOException {
        String alone = VAE.replace("shards: 4", "shards: 4, local: {steps: 3, after: 1}");
        for (String yaml : List.of(VAE, FLOW, alone)) {
            List<String> warnings = new ArrayList<>();
            assertThat(train(yaml, config -> rounds(config, 2, warnings))).isEqualTo(train(yaml, config -> null));
            assertThat(warnings).isEmpty();
        }
    }

    /** Driver and workers read the same files, each by itself. */
    @Test
    void dataMayBeParquet() throws IOException {
        Path table = folder.resolve("table.parquet");
        LocalCluster.session()
                .range(0, 300, 1, 3)
                .selectExpr("id", "sin(id) * 3 AS x", "cos(id * id) + sin(id) AS y", "CAST(id % 3 AS STRING) AS kind")
                .write()
                .parquet(table.toString());
        String yaml = FLOW.replace(
                "{type: toy, density: ring, train: 256, validation: 32, test: 32}",
                "{type: parquet, path: '" + table + "', columns: {id: id, kind: label}}");
        String sharded = yaml.replace("shards: 8", "shards: 8, shuffle: shards");
        assertThat(driven(config(sharded)).train()).isInstanceOf(FiledTable.class);
        for (String each : List.of(yaml, sharded)) {
            List<String> warnings = new ArrayList<>();
            assertThat(train(each, config -> rounds(config, 2, warnings))).isEqualTo(train(each, config -> null));
            assertThat(warnings).isEmpty();
        }
    }

    /** Driver and workers hold no more than they must. */
    @Test
    void dataMayBeText() throws IOException {
        Path table = folder.resolve("table.csv");
        StringBuilder rows = new StringBuilder("x,y,when\n");
        for (int i = 0; i < 300; i++) {
            rows.append(Math.sin(i) * 3 + ",").append(Math.cos(i * i) + Math.sin(i) + ",");
            rows.append(LocalDate.of(2024, 1, 1).plusDays(i * i % 97)).append('\n');
        }
        Files.writeString(table, rows);
        String yaml = FLOW.replace(
                        "{type: toy, density: ring, train: 256, validation: 32, test: 32}",
                        "{type: csv, path: '" + table + "', columns: {x: number, y: number, when: date}}")
                .replace("epochs: 2", "epochs: 1")
                .replace("shards: 8", "shards: 8, shuffle: shards");
        assertThat(driven(config(yaml)).train()).isInstanceOf(FiledTable.class);
        List<String> warnings = new ArrayList<>();
        assertThat(train(yaml, config -> rounds(config, 2, warnings))).isEqualTo(train(yaml, config -> null));
        assertThat(warnings).isEmpty();
    }

    @Test
    void dataThatCannotBeReadInPartAreRefused() {
        RunConfig config = config(VAE.replace("{type: digits, train: 320, validation: 40, test: 40}", "{type: mnist}")
                .replace("shards: 4", "shards: 4, shuffle: shards"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> WorkerSetup.of(config, NOWHERE, data(config(VAE))))
                .withMessageStartingWith("training.shuffle: shards needs data that workers can read in part")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void executorsThatAreLostWithoutEndEndARound() {
        LostExecutors losses = new LostExecutors(spark, "no jobs", 2);
        SparkListenerExecutorRemoved full = new SparkListenerExecutorRemoved(
                0, "7", "Unable to create executor due to: No space left on device\nat");
        for (int i = 0; i < 10; i++) {
            assertThat(losses.tooMany()).isEmpty();
            losses.onExecutorRemoved(full);
        }
        assertThat(losses.tooMany())
                .contains(
                        "a round of steps has lost 10 executors, the last one by: Unable to create executor due to: No"
                                + " space left on device");
    }

    /** Where executors have the rows that it needs. */
    @Test
    void aRankStaysWhereItWas() {
        List<String> executors = List.of("b", "a", "a", "c");
        assertThat(Seat.ranked(executors, List.of())).containsExactly(0, 1, 2, 3);
        assertThat(Seat.ranked(executors, List.of("a", "c", "b", "a"))).containsExactly(1, 3, 0, 2);
        // One is lost, another new.
        assertThat(Seat.ranked(executors, List.of("a", "d", "b", "a"))).containsExactly(1, 3, 0, 2);
        assertThat(Seat.ranked(executors, List.of("d", "d", "d", "b"))).containsExactly(1, 2, 3, 0);
        assertThat(Seat.ranked(List.of("a", "b"), List.of("d", "d", "b", "a"))).containsExactly(0, 1);
    }

    /** Kills an executor as soon as the tasks of the second round run, whose steps take longer than that. */
    private static final class Killer extends SparkListener {
        private final AtomicInteger rounds = new AtomicInteger();

        @Override
        public void onStageSubmitted(SparkListenerStageSubmitted stage) {
            rounds.incrementAndGet();
        }

        @Override
        public void onTaskStart(SparkListenerTaskStart task) {
            if (rounds.get() == 2 && rounds.compareAndSet(2, Integer.MIN_VALUE)) {
                // Executors are the children of this process.
                ProcessHandle.current()
                        .children()
                        .filter(child -> child.info().command().orElse("").endsWith("java"))
                        .findFirst()
                        .orElseThrow()
                        .destroyForcibly();
            }
        }
    }

    @Test
    void anExecutorLostInMidRoundChangesNothing() throws IOException {
        // Rounds of 75 steps, which take long enough to be cut off; the lost one's rows are read by its successor.
        String yaml = VAE.replace("train: 320", "train: 2400")
                .replace("shards: 4", "shards: 4, shuffle: shards")
                .replace("logEvery: 4", "logEvery: 75")
                .replace("hidden: [16]", "hidden: [256]");
        byte[] alone = train(yaml, config -> null);
        List<String> warnings = new ArrayList<>();
        Killer killer = new Killer();
        spark.sc().addSparkListener(killer);
        try {
            assertThat(train(yaml, config -> rounds(config, 2, warnings))).isEqualTo(alone);
        } finally {
            spark.sc().removeSparkListener(killer);
        }
        assertThat(warnings).isNotEmpty().allMatch(warning -> warning.contains("is taken again"));
    }

    @Test
    void aStoppedTrainingGoesOnWithOtherWorkers() throws IOException {
        RunConfig config = config(VAE);
        Splits data = data(config);
        RunDirectory run = RunDirectory.create(folder, config);
        List<String> warnings = new ArrayList<>();
        AtomicReference<Trainer> trainer = new AtomicReference<>();
        trainer.set(new Trainer(
                config,
                data,
                run,
                provenance(config, data),
                List.of(new TrainingListener() {
                    @Override
                    public void stepped(Step step) {
                        if (step.step() == 6) {
                            trainer.get().requestStop();
                        }
                    }
                }),
                rounds(config, 2, warnings)));
        assertThat(trainer.get().run()).isEqualTo(EndReason.INTERRUPTED);
        Trainer other =
                new Trainer(config, data, run, provenance(config, data), List.of(), rounds(config, 1, warnings));
        assertThat(other.resume()).isNotEqualTo(EndReason.INTERRUPTED);
        assertThat(weights(run)).isEqualTo(train(VAE, any -> null));
    }

    @Test
    void aWorkerWithOtherDataIsRefused() {
        RunConfig config = config(VAE);
        WorkerSetup honest = WorkerSetup.of(config, NOWHERE, data(config));
        WorkerSetup other =
                new WorkerSetup(honest.config(), List.of("data.seed=99"), honest.datasets(), honest.sizes());
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(
                        () -> train(VAE, any -> new BarrierRounds(spark, other, 2, Mesh.Patience.USUAL, warning -> {})))
                .withMessageContaining("another training data");
    }
}
