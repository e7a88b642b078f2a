package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.data.Splits;
import org.likelihood4j.engine.DeviceException;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.loop.CheckpointSchedule;
import org.likelihood4j.training.loop.Workings;

/** What a training survives, and what ends it, when its folder does not take what is written. */
class FaultsTest {
    @TempDir
    private Path runs;

    @Test
    void picturesAndTablesAreNotWorthATraining() throws IOException {
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.imagesEvery=1");
        RunDirectory run = RunDirectory.create(runs, config);
        Files.writeString(run.path().resolve("samples"), "in the way");
        Files.writeString(run.path().resolve("diagnostics"), "in the way");
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        assertThat(TinyRun.trainer(run, config, warnings).run()).isEqualTo(EndReason.COMPLETED);
        assertThat(warnings.lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(line)
                        .startsWith(run.path().toString())
                        .contains("cannot be written (", "the training goes on"));
    }

    /** As of a card whose memory the training fills: said once, and what is trained is the same. */
    @Test
    void picturesThatADeviceHasNoRoomForAreNotWorthATraining() throws IOException {
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.imagesEvery=1");
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        Splits data = TinyRun.data(config);
        int[] asked = new int[1];
        RunDirectory run = RunDirectory.create(runs, config);
        new Trainer(
                        config,
                        data,
                        run,
                        EnvironmentProvenance.gather(data, "tiny", config),
                        List.of(warnings),
                        new Workings((of, shape) -> withoutRoom(ModelBuilder.create(of, shape), asked), 2))
                .run();
        assertThat(asked[0]).isEqualTo(2);
        assertThat(warnings.lines).containsExactly("no pictures: cuda: no room; the training goes on");
        TinyRun.assertSame(run, TinyRun.train(runs.resolve("other"), config));
    }

    /** A model whose samples ask too much. */
    private static Model withoutRoom(Model model, int[] asked) {
        return (Model) Proxy.newProxyInstance(
                Model.class.getClassLoader(),
                new Class<?>[] {LatentVariableModel.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("sample")) {
                        asked[0]++;
                        throw new DeviceException("cuda: no room");
                    }
                    return method.invoke(model, arguments);
                });
    }

    /** A file where a folder should be: nobody can write there, root neither. */
    private static void block(Path folder, Path aside) throws IOException {
        Files.move(folder, aside);
        Files.writeString(folder, "in the way");
    }

    private static void unblock(Path folder, Path aside) throws IOException {
        Files.delete(folder);
        Files.move(aside, folder);
    }

    @Test
    void aCheckpointThatCannotBeSavedIsTriedAgain() throws IOException {
        RunConfig config = TinyRun.config(TinyRun.VAE);
        RunDirectory run = RunDirectory.create(runs, config);
        Path aside = run.path().resolve("aside");
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        TinyRun.trainer(
                        run,
                        config,
                        warnings,
                        new AtStep(9, () -> block(run.checkpoints(), aside)),
                        new AtStep(11, () -> unblock(run.checkpoints(), aside)))
                .run();
        assertThat(warnings.lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(run.checkpoints() + ": the checkpoint of step 10 cannot be saved (")
                        .contains("earlier ones are untouched", "tries again"));
        assertThat(TinyRun.checkpointFiles(run)).containsExactly("best", "epoch-0000", "epoch-0002", "last");
    }

    @Test
    void aLastCheckpointThatCannotBeSavedEndsInALine() throws IOException {
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.epochs=1");
        RunDirectory run = RunDirectory.create(runs, config);
        Path aside = run.path().resolve("aside");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> TinyRun.trainer(run, config, new AtStep(9, () -> block(run.checkpoints(), aside)))
                        .run())
                .withMessageStartingWith(run.checkpoints() + ": the checkpoint of step 10 cannot be saved (");
        unblock(run.checkpoints(), aside);
        TinyRun.resume(run, java.util.List.of());
        TinyRun.assertSame(run, TinyRun.train(runs, config));
    }

    @Test
    void linesThatCannotBeWrittenAreKept() throws IOException {
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.logEvery=1");
        RunDirectory run = RunDirectory.create(runs, config);
        Path aside = run.path().resolve("aside");
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        TinyRun.trainer(
                        run,
                        config,
                        warnings,
                        new AtStep(3, () -> {
                            Files.move(run.metrics(), aside);
                            Files.createDirectory(run.metrics());
                        }),
                        new AtStep(7, () -> {
                            Files.delete(run.metrics());
                            Files.move(aside, run.metrics());
                        }))
                .run();
        assertThat(warnings.lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(run.metrics() + ": cannot be written (")
                        .contains("kept in memory"));
        TinyRun.assertSame(run, TinyRun.train(runs, config));
    }

    @Test
    void aFolderThatIsDeletedIsNotMadeAnew() {
        RunConfig config = TinyRun.config(TinyRun.VAE);
        RunDirectory run = RunDirectory.create(runs, config);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> TinyRun.trainer(run, config, new AtStep(8, () -> AtomicFiles.delete(run.path())))
                        .run())
                .withMessage(run.metrics() + ": is gone; was the run's folder deleted or moved?");
        assertThat(run.path()).doesNotExist();
        RunDirectory quiet = RunDirectory.create(runs, TinyRun.config(TinyRun.VAE, "training.logEvery=1000"));
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> TinyRun.trainer(
                                quiet,
                                TinyRun.config(TinyRun.VAE, "training={epochs: 1, batchSize: 200}"),
                                new AtStep(1, () -> Files.delete(quiet.config())))
                        .run())
                .withMessage(quiet.path() + ": the run's folder was deleted or moved (it has no config.yaml any more)");
    }

    @Test
    void checkpointsByMinutesAndAfterAFailure() {
        AtomicLong now = new AtomicLong(TimeUnit.HOURS.toNanos(5));
        TrainingConfig minutes = TinyRun.config(
                        TinyRun.VAE, "training.checkpointUnit=minutes", "training.checkpointEvery=3")
                .training();
        CheckpointSchedule turns = new CheckpointSchedule(minutes, now::get);
        assertThat(turns.afterBlock(2, 3)).isFalse();
        now.addAndGet(TimeUnit.MINUTES.toNanos(3));
        assertThat(turns.afterBlock(3, 4)).isTrue();
        assertThat(turns.afterEpoch(1, 3, 4)).isTrue();
        turns.saved();
        assertThat(turns.afterBlock(4, 5)).isFalse();

        TrainingConfig epochs =
                TinyRun.config(TinyRun.VAE, "training.checkpointEvery=2").training();
        turns = new CheckpointSchedule(epochs, now::get);
        now.addAndGet(TimeUnit.MINUTES.toNanos(9));
        assertThat(turns.afterBlock(1, 2)).isFalse();
        assertThat(turns.afterEpoch(1, 9, 10)).isFalse();
        assertThat(turns.afterEpoch(2, 19, 20)).isTrue();
        turns.failed();
        assertThat(turns.afterBlock(20, 21)).isFalse();
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(turns.afterBlock(21, 22)).isTrue();
        turns.saved();
        now.addAndGet(TimeUnit.MINUTES.toNanos(9));
        assertThat(turns.afterBlock(22, 23)).isFalse();
    }
}
