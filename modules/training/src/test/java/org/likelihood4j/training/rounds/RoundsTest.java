package org.likelihood4j.training.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.PartialExamples;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Shards;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.TinyRun;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.events.TrainingListener;

/** Steps that workers take together have the bits of one machine with the same shards. */
class RoundsTest {
    private static final int ANY = Integer.MAX_VALUE;
    /** Compiled once for each configuration. */
    private static final Map<RunConfig, List<ShardWorker>> WORKERS = new HashMap<>();

    @TempDir
    private Path runs;

    /** Twelve steps an epoch. */
    private static RunConfig config(String model, String... overrides) {
        List<String> all = new ArrayList<>(List.of(
                "data.train=192",
                "training={epochs: 2, batchSize: 16, shards: 8, logEvery: 5, imagesEvery: 1000}",
                "training.emaDecay=0.9",
                "training.clipNorm=20"));
        all.addAll(List.of(overrides));
        return TinyRun.config(model, all.toArray(String[]::new));
    }

    private static List<ShardWorker> workers(RunConfig config, int from, int to) {
        List<ShardWorker> open = WORKERS.computeIfAbsent(config, any -> new ArrayList<>());
        while (open.size() < to) {
            open.add(ShardWorker.open(ConfigLoader.toYaml(config), TinyRun.data(config)));
        }
        return List.copyOf(open.subList(from, to));
    }

    private static RoundCarrier threads(RunConfig config, int count, int mostSteps) {
        return new ThreadCarrier(workers(config, 0, count), mostSteps);
    }

    @AfterAll
    static void close() {
        WORKERS.values().forEach(open -> open.forEach(ShardWorker::close));
        WORKERS.clear();
    }

    private RunDirectory train(RunConfig config, RoundCarrier carrier) {
        RunDirectory run = RunDirectory.create(runs, config);
        TinyRun.trainer(run, config, carrier).run();
        return run;
    }

    @ParameterizedTest
    @CsvSource({"vae, float32", "flow, float32"})
    void theBitsOfOneMachineForEveryNumberOfWorkers(String kind, String precision) throws IOException {
        requireTheBitsOfOneMachine(kind, precision);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"vae, float64", "flow, float64"})
    void theBitsOfOneMachineInFloat64(String kind, String precision) throws IOException {
        requireTheBitsOfOneMachine(kind, precision);
    }

    private void requireTheBitsOfOneMachine(String kind, String precision) throws IOException {
        String model = kind.equals("vae") ? TinyRun.VAE : TinyRun.FLOW;
        RunConfig config = config(model, "precision=" + precision);
        RunDirectory one = TinyRun.train(runs, config);
        for (int count = 1; count <= 8; count *= 2) {
            TinyRun.assertSame(train(config, threads(config, count, ANY)), one);
        }
        // The sum in another tree is another sum, and shows.
        RunDirectory other = train(config, new ThreadCarrier(workers(config, 0, 8), ANY, () -> new ThreadSum(8) {
            @Override
            int distance(int turn, int count) {
                return count / 2 / turn;
            }
        }));
        assertThat(weights(other)).isNotEqualTo(weights(one));
    }

    /** Of blocks of five steps, the epoch's last one of two; checkpoints by steps wait for their ends. */
    @ParameterizedTest
    @CsvSource({"vae, float64", "flow, float32"})
    void theBitsOfOneMachineWhereReplicasTakeStepsAlone(String kind, String precision) throws IOException {
        RunConfig config = config(
                kind.equals("vae") ? TinyRun.VAE : TinyRun.FLOW,
                "precision=" + precision,
                "training.epochs=3",
                "training.local={steps: 5, after: 1}",
                "training.checkpointEvery=9",
                "training.checkpointUnit=steps",
                "training.checkpointKeep=9");
        RunDirectory one = TinyRun.train(runs, config);
        assertThat(TinyRun.checkpointFiles(one))
                .contains("epoch-0000-step-0000009", "epoch-0001-step-0000022", "epoch-0002-step-0000029");
        for (int count : new int[] {1, 2, 4}) {
            Remembering rounds = new Remembering(threads(config, count, count == 4 ? 3 : ANY));
            TinyRun.assertSame(train(config, rounds), one);
            assertThat(rounds.lengths())
                    .containsExactlyElementsOf(
                            count == 4
                                    ? List.of(3L, 2L, 3L, 1L, 1L, 2L, 5L, 5L, 2L, 5L, 5L, 2L)
                                    : List.of(5L, 4L, 1L, 2L, 5L, 5L, 2L, 5L, 5L, 2L));
        }
        RunDirectory killed = RunDirectory.create(runs, config);
        assertThatExceptionOfType(TinyRun.Killed.class)
                .isThrownBy(() -> TinyRun.trainer(killed, config, threads(config, 4, ANY), new TinyRun.Kill(25))
                        .run());
        TinyRun.resume(killed, List.of());
        TinyRun.assertSame(killed, one);
    }

    /** A worker's own way to the rows of its shards, and what it has read. */
    private static final class OwnShards implements WorkerData {
        private final RunConfig config;
        private final PartialSource source;
        private final List<String> reads = new ArrayList<>();
        private PartialExamples held;

        OwnShards(RunConfig config) {
            this.config = config;
            this.source = (PartialSource) DataSources.source(config.data(), Path.of("none"));
        }

        @Override
        public ExampleShape shape() {
            return source.shape();
        }

        @Override
        public int size() {
            return TinyRun.data(config).train().size();
        }

        @Override
        public Examples examples(int first, int count) {
            SplitSizes sizes = SplitSizes.of(TinyRun.data(config));
            Shards shards = new Shards(sizes.train(), config.training().shards());
            held = source.readShards(sizes, shards, first, count, ProgressListener.none());
            reads.add(first + "+" + count);
            return held;
        }
    }

    @Test
    void theBitsOfOneMachineWhereEachWorkerHasItsOwnRows() throws IOException {
        requireTheBitsWithOwnRows("vae", "float64", "null");
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"vae, float32, null", "flow, float64, null", "flow, float64, '{steps: 5, after: 1}'"})
    void theBitsOfOneMachineWhereEachWorkerHasItsOwnRowsOfAllKinds(String kind, String precision, String local)
            throws IOException {
        requireTheBitsWithOwnRows(kind, precision, local);
    }

    /** Of 195 images: of each shard's 48 or 49 twelve times four are taken in an epoch. Noise that is fixed for an example is part of it. */
    private void requireTheBitsWithOwnRows(String kind, String precision, String local) throws IOException {
        boolean vae = kind.equals("vae");
        RunConfig together = config(
                vae ? TinyRun.VAE : TinyRun.FLOW,
                "precision=" + precision,
                "data.train=195",
                "training.shards=4",
                "training.local=" + local,
                vae ? "model.likelihood.binarization=static" : "model.couplings=2");
        RunConfig config =
                ConfigLoader.parse(ConfigLoader.toYaml(together), "config.yaml", List.of("training.shuffle=shards"));
        RunDirectory one = TinyRun.train(runs, config);
        assertThat(weights(one)).isNotEqualTo(weights(TinyRun.train(runs, together)));
        List<OwnShards> data =
                Stream.generate(() -> new OwnShards(config)).limit(4).toList();
        List<ShardWorker> open = data.stream()
                .map(each -> ShardWorker.open(ConfigLoader.toYaml(config), each))
                .toList();
        for (int count : new int[] {4, 2, 1}) {
            TinyRun.assertSame(train(config, new ThreadCarrier(open.subList(0, count), ANY)), one);
            int last = data.get(0).held.held();
            assertThat(last).isEqualTo(count == 4 ? 48 : count == 2 ? 97 : 195);
        }
        // Each was asked once for what its places in turn needed.
        assertThat(data.stream().map(each -> each.reads))
                .containsExactly(List.of("0+1", "0+2", "0+4"), List.of("1+1", "2+2"), List.of("2+1"), List.of("3+1"));
        assertThat(data.stream().map(each -> each.held.held())).containsExactly(195, 98, 49, 49);

        // Killed with four workers, and on with two, of which one was another's before.
        RunDirectory killed = RunDirectory.create(runs, config);
        assertThatExceptionOfType(TinyRun.Killed.class)
                .isThrownBy(() -> TinyRun.trainer(killed, config, new ThreadCarrier(open, 3), new TinyRun.Kill(14))
                        .run());
        TinyRun.trainer(killed, config, new ThreadCarrier(open.subList(2, 4), ANY))
                .resume();
        TinyRun.assertSame(killed, one);
        assertThat(data.get(3).reads).containsExactly("3+1", "2+2");
        open.forEach(ShardWorker::close);
    }

    /** A worker whose rows are others is told of it; one that has other rows than it needs is not asked about them. */
    @Test
    void aWorkerAnswersForItsOwnRows() throws IOException {
        RunConfig config = config(TinyRun.VAE, "training.shuffle=shards");
        Remembering rounds = new Remembering(threads(config, 1, ANY));
        train(config, rounds);
        byte[] round = rounds.rounds().get(0);
        OwnShards other = new OwnShards(config(TinyRun.VAE, "training.shuffle=shards", "data.seed=99"));
        try (ShardWorker worker = ShardWorker.open(ConfigLoader.toYaml(config), other)) {
            assertThat(worker.isReadyFor(1, 4)).isFalse();
            worker.prepare(1, 4);
            assertThat(worker.isReadyFor(1, 4)).isTrue();
            assertThat(worker.isReadyFor(2, 8)).isTrue();
            assertThat(worker.isReadyFor(0, 2)).isFalse();
            assertThat(worker.refusal(round, 1, 4))
                    .hasValueSatisfying(line -> assertThat(line)
                            .startsWith("has another training data in shard 2 than the driver: ")
                            .endsWith("; give every machine the same files"));
        }
        try (ShardWorker worker = ShardWorker.open(ConfigLoader.toYaml(config), new OwnShards(config))) {
            assertThat(worker.refusal(round, 1, 4)).isEmpty();
        }
    }

    @Test
    void rowsOfShardsCannotBecomeOthersOnResuming() {
        RunConfig config = config(TinyRun.VAE, "training.shuffle=shards", "training.epochs=1");
        RunDirectory run = TinyRun.train(runs, config);
        for (String change : List.of("training.shards=4", "training.shuffle=all")) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> TinyRun.resume(run, List.of("training.epochs=2", change)))
                    .withMessageStartingWith(change.substring(0, change.indexOf('=')) + ": cannot change when a run");
        }
    }

    private static byte[] weights(RunDirectory run) throws IOException {
        return Files.readAllBytes(TinyRun.checkpoint(run, "last").resolve("weights.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, ANY})
    void noMatterHowManyStepsARoundHas(int mostSteps) throws IOException {
        RunConfig config = config(
                TinyRun.VAE,
                "training.logEvery=100",
                "training.checkpointEvery=10",
                "training.checkpointUnit=steps",
                "training.optimizer={type: sgd, learningRate: 1e-3, momentum: 0.9, weightDecay: 1e-2}",
                "model.likelihood.binarization=static");
        Remembering rounds = new Remembering(threads(config, 2, mostSteps));
        TinyRun.assertSame(train(config, rounds), TinyRun.train(runs, config));
        // Two epochs of 12 steps, cut by checkpoints after 10 and 20.
        assertThat(rounds.lengths())
                .containsExactlyElementsOf(
                        switch (mostSteps) {
                            case 1 -> Collections.nCopies(24, 1L);
                            case 7 -> List.of(7L, 3L, 2L, 7L, 1L, 4L);
                            default -> List.of(10L, 2L, 8L, 4L);
                        });
    }

    /** Keeps what it carries. */
    private record Remembering(RoundCarrier carrier, List<byte[]> rounds, List<List<byte[]>> answers)
            implements RoundCarrier {
        Remembering(RoundCarrier carrier) {
            this(carrier, new ArrayList<>(), new ArrayList<>());
        }

        @Override
        public List<byte[]> carry(byte[] round) {
            List<byte[]> all = carrier.carry(round);
            rounds.add(round);
            answers.add(all);
            return all;
        }

        @Override
        public int mostSteps() {
            return carrier.mostSteps();
        }

        List<Long> lengths() {
            return rounds.stream()
                    .map(round -> Round.read(ByteBuffer.wrap(round)))
                    .map(round -> round.to() - round.from())
                    .toList();
        }
    }

    /** Worker 3 is lost in the middle of each round, which is done again; and all rounds once more, by others, backwards. */
    @Test
    void aRoundIsAPureFunctionOfItsBytes() throws IOException {
        RunConfig config = config(TinyRun.VAE);
        RoundCarrier whole = threads(config, 4, ANY);
        RoundCarrier losing = new ThreadCarrier(workers(config, 0, 4), ANY, () -> new ThreadSum(4) {
            @Override
            AllReduce of(int rank) {
                return rank == 3 ? new Leaving(super.of(rank)) : super.of(rank);
            }
        });
        Remembering rounds = new Remembering(round -> {
            assertThatExceptionOfType(RunException.class)
                    .isThrownBy(() -> losing.carry(round))
                    .withMessage("a worker is gone");
            return whole.carry(round);
        });
        TinyRun.assertSame(train(config, rounds), TinyRun.train(runs, config));
        RoundCarrier others = new ThreadCarrier(workers(config, 4, 8), ANY);
        assertThat(rounds.rounds()).hasSize(6);
        for (int i = rounds.rounds().size() - 1; i >= 0; i--) {
            List<byte[]> again = others.carry(rounds.rounds().get(i));
            for (int rank = 0; rank < 4; rank++) {
                assertThat(again.get(rank)).isEqualTo(rounds.answers().get(i).get(rank));
            }
        }
    }

    /** Is gone after a sum. */
    private static final class Leaving implements AllReduce {
        private final AllReduce sum;
        private int sums;

        Leaving(AllReduce sum) {
            this.sum = sum;
        }

        @Override
        public void sum(float[] vector) throws IOException {
            if (++sums == 2) {
                throw new IOException("a worker is gone");
            }
            sum.sum(vector);
        }

        @Override
        public void sum(double[] vector) {
            throw new AssertionError("of float32");
        }
    }

    @Test
    void goesOnWithAnotherNumberOfWorkers() throws IOException {
        RunConfig config = config(TinyRun.FLOW, "training.checkpointEvery=4", "training.checkpointUnit=steps");
        RunDirectory killed = RunDirectory.create(runs, config);
        assertThatExceptionOfType(TinyRun.Killed.class)
                .isThrownBy(() -> TinyRun.trainer(killed, config, threads(config, 4, 3), new TinyRun.Kill(14))
                        .run());
        TinyRun.trainer(killed, config, threads(config, 2, ANY)).resume();
        TinyRun.assertSame(killed, TinyRun.train(runs, config));
    }

    /** In the middle of a round: with the same words and reports as on one machine, and the same way back. */
    @ParameterizedTest
    @CsvSource({"false, null", "true, null", "false, '{steps: 3, after: 0}'", "true, '{steps: 3, after: 0}'"})
    void divergesAsOneMachineDoes(boolean explodes, String local) {
        String alone = "training.local=" + local;
        RunConfig config = config(
                TinyRun.FLOW,
                "training.logEvery=100",
                alone,
                explodes
                        ? "training.recovery={attempts: 1, factor: 0.999, maxGradientNorm: " + exceededLater(alone)
                                + "}"
                        : "training.recovery={attempts: 1, factor: 0.5}",
                explodes ? "training.clipNorm=20" : "training.optimizer={type: sgd, learningRate: 1e30}");
        RunDirectory one = RunDirectory.create(runs, config);
        RunDirectory several = RunDirectory.create(runs, config);
        String problem = divergence(TinyRun.trainer(one, config));
        assertThat(problem).contains(explodes ? "is above training.recovery.maxGradientNorm" : "is not finite");
        assertThat(divergence(TinyRun.trainer(several, config, threads(config, 4, ANY))))
                .isEqualTo(problem);
        for (String event : List.of("divergence", "rollback", "epoch", "end")) {
            assertThat(events(several, event)).as(event).isEqualTo(events(one, event));
        }
        assertThat(events(several, "divergence")).hasSize(2);
        assertThat(events(several, "rollback")).hasSize(1);
    }

    /** A norm that a step after the second is the first to be above. */
    private double exceededLater(String local) {
        List<Double> norms = new ArrayList<>();
        TinyRun.train(runs, config(TinyRun.FLOW, local), new TrainingListener() {
            @Override
            public void stepped(Step step) {
                norms.add(step.gradientNorm());
            }
        });
        double most = Math.max(norms.get(0), norms.get(1));
        return norms.stream()
                .filter(norm -> norm > most)
                .findFirst()
                .map(norm -> (most + norm) / 2)
                .orElseThrow();
    }

    private static List<String> events(RunDirectory run, String event) {
        return TinyRun.lines(run, event).stream()
                .map(line -> line.toString().replaceAll("\"(time|seconds)\":[^,}]*", ""))
                .toList();
    }

    private static String divergence(Trainer trainer) {
        String[] message = new String[1];
        assertThatExceptionOfType(DivergenceException.class)
                .isThrownBy(trainer::run)
                .satisfies(e -> message[0] = e.getMessage());
        return message[0];
    }

    /** Above the bound in a step that is not a round's first: the way back leads to the same bits. */
    @Test
    void comesBackToTheSameBits() throws IOException {
        RunConfig config = config(
                TinyRun.FLOW,
                "training.logEvery=100",
                "training.optimizer={type: sgd, learningRate: 1e30}",
                "training.recovery={attempts: 1, factor: 1e-33}");
        RunDirectory several = train(config, threads(config, 4, ANY));
        TinyRun.assertSame(several, TinyRun.train(runs, config));
        assertThat(TinyRun.lines(several, "rollback")).hasSize(1);
    }

    @Test
    void refusesWhoIsNotOfTheTraining() throws IOException {
        RunConfig config = config(TinyRun.VAE);
        Remembering rounds = new Remembering(threads(config, 2, ANY));
        train(config, rounds);
        byte[] round = rounds.rounds().get(0);
        ShardWorker right = workers(config, 0, 1).get(0);
        assertThat(right.refusal(round, 0, 2)).isEmpty();

        Splits data = TinyRun.data(config);
        Splits otherData = new Splits(data.train().slice(0, 191), data.validation(), data.test());
        RunConfig otherConfig = config(TinyRun.VAE, "seed=2");
        String yaml = ConfigLoader.toYaml(config);
        requireRefused(ShardWorker.open(yaml, otherData), round, "has another training data than the driver: ");
        requireRefused(
                ShardWorker.open(ConfigLoader.toYaml(otherConfig), data),
                round,
                "has another configuration than the driver: ");
        String revision = System.setProperty("likelihood4j.revision", "0123456");
        try {
            // Where one of the two does not know its revision nothing is said of it.
            Map<String, String> driver =
                    new HashMap<>(Fingerprint.of(config, data.train()).values());
            driver.put("program (revision)", "7654321");
            Fingerprint here = Fingerprint.of(config, data.train());
            assertThat(here.differenceFrom(new Fingerprint(driver)))
                    .contains("has another program (revision) than the driver: 0123456, not 7654321");
            driver.put("program (revision)", EnvironmentProvenance.UNKNOWN);
            assertThat(here.differenceFrom(new Fingerprint(driver))).isEmpty();
        } finally {
            if (revision == null) {
                System.clearProperty("likelihood4j.revision");
            } else {
                System.setProperty("likelihood4j.revision", revision);
            }
        }
        for (int count : new int[] {0, 3, 16}) {
            assertThatExceptionOfType(RunException.class)
                    .isThrownBy(() -> right.run(round, 0, count, null))
                    .withMessage(
                            "worker 0 of " + count + ": training.shards 8 are for 1, 2, 4, ... workers, at most 8");
        }
    }

    private static void requireRefused(ShardWorker worker, byte[] round, String line) {
        try (worker) {
            assertThat(worker.refusal(round, 1, 2))
                    .hasValueSatisfying(
                            said -> assertThat(said).startsWith(line).doesNotContain("\n"));
            assertThatExceptionOfType(RunException.class)
                    .isThrownBy(() -> worker.run(round, 1, 2, null))
                    .withMessageStartingWith("worker 1 " + line);
        }
    }

    /** Workers whose numbers drift apart, answers in another order, and some that are missing. */
    @Test
    void believesNoAnswersThatContradictEachOther() {
        RunConfig config = config(TinyRun.VAE);
        RoundCarrier right = threads(config, 2, ANY);
        requireFailure(config, round -> List.of(right.carry(round).get(0)), "have reported on 4 shards of 8");
        requireFailure(
                config,
                round -> List.of(right.carry(round).get(1), right.carry(round).get(0)),
                "the answer of worker 1 came in the place of worker 0");
        requireFailure(
                config,
                round -> {
                    List<byte[]> answers = right.carry(round);
                    // In the checksum, behind the rank.
                    answers.get(1)[Integer.BYTES] ^= 1;
                    return answers;
                },
                "workers 0 and 1 have not computed the same up to step 5");
    }

    private void requireFailure(RunConfig config, RoundCarrier carrier, String line) {
        RunDirectory run = RunDirectory.create(runs, config);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> TinyRun.trainer(run, config, carrier).run())
                .withMessageContaining(line)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void needsShards() {
        RunConfig config = config(TinyRun.VAE, "training.shards=null");
        RunDirectory run = RunDirectory.create(runs, config);
        String line = "training.shards: required where several workers take the steps; for example training.shards: 8";
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> TinyRun.trainer(run, config, round -> List.of()))
                .withMessage(line);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ShardWorker.open(ConfigLoader.toYaml(config), TinyRun.data(config)))
                .withMessage(line);
    }
}
