package org.likelihood4j.laboratory.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.Evaluator;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.FolderLock;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.events.TrainingListener;

/**
 * Trains and evaluates every run of a plan, in one folder:
 *
 * <pre>
 * runs/NAME-compare/  comparison.json (settings, results)  comparison.txt (the table)  VARIANT-seedN/ (a run directory)
 * </pre>
 *
 * <p>What is finished is in {@code comparison.json} and is never done again, so a comparison that was stopped at any moment
 * continues when it is opened with the same plan. A training that was cut off starts again in a folder of its own.
 */
public final class Comparison {
    private static final String RECORD = "comparison.json";
    private static final String TABLE = "comparison.txt";
    private static final String CHECKPOINT = "best";
    private static final String SPLIT = "test";

    private final ComparisonPlan plan;
    private final Path folder;
    private ComparisonRecord record;
    private volatile boolean stop;
    private volatile Trainer training;

    private Comparison(ComparisonPlan plan, Path folder, ComparisonRecord record) {
        this.plan = plan;
        this.folder = folder;
        this.record = record;
    }

    /**
     * Images, loaded.
     *
     * @param description where they come from
     */
    public record Data(String description, Splits splits) {}

    /**
     * A comparison in {@code runs/NAME-compare}: a new one, or the one that is there. Nothing is written yet.
     *
     * @throws RunException if that folder holds anything else, or a comparison of other settings
     */
    public static Comparison open(Path runs, ComparisonPlan plan) {
        Path folder = runs.resolve(plan.base().name() + "-compare");
        Path file = folder.resolve(RECORD);
        if (!Files.exists(file)) {
            requireFree(folder);
            return new Comparison(plan, folder, ComparisonRecord.empty(plan));
        }
        ComparisonRecord record = ComparisonRecord.read(file);
        record.requireSame(plan.settings(), file);
        return new Comparison(plan, folder, record);
    }

    private static void requireFree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        // A comparison that was killed at its very start leaves nothing but hidden files.
        try (Stream<Path> children = Files.list(folder)) {
            if (children.allMatch(child -> child.getFileName().toString().startsWith("."))) {
                return;
            }
        } catch (IOException e) {
            throw new RunException(
                    folder + ": cannot be read (" + IoReasons.of(e) + "); choose another with --name", e);
        }
        throw new RunException(
                folder + ": exists and is no comparison, it has no " + RECORD + "; choose another with --name");
    }

    public Path folder() {
        return folder;
    }

    /** The folders of the runs that have been trained, and are still there. */
    public List<Path> directories() {
        return record.results().stream()
                .map(result -> folder.resolve(result.folder()))
                .filter(directory -> Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** What is still to be trained or evaluated. */
    public List<ComparisonPlan.Run> pending() {
        return plan.runs().stream()
                .filter(run -> !record.find(run).map(ComparisonResult::finished).orElse(false))
                .toList();
    }

    /** Asks to stop after the current step or batch; from any thread. */
    public void requestStop() {
        stop = true;
        Trainer current = training;
        if (current != null) {
            current.requestStop();
        }
    }

    /**
     * Trains and evaluates what is pending.
     *
     * @param data the images of every pending run
     * @return whether all runs are finished; if not, it was asked to stop
     * @throws RunException if the folder cannot be written, or if another process works in it
     */
    @SuppressWarnings("try") // the lock is only to be held
    public boolean run(Map<DataConfig, Data> data, ComparisonListener listener) {
        try {
            AtomicFiles.createFolders(folder);
        } catch (IOException e) {
            throw new RunException(
                    folder + ": cannot be made (" + IoReasons.of(e) + "); choose another place with --runs", e);
        }
        try (FolderLock lock = lock()) {
            if (Files.exists(folder.resolve(RECORD))) {
                // Another process may have worked here since this one looked.
                record = ComparisonRecord.read(folder.resolve(RECORD));
                record.requireSame(plan.settings(), folder.resolve(RECORD));
            }
            save(record);
            List<ComparisonPlan.Run> runs = plan.runs();
            List<ComparisonPlan.Run> pending = pending();
            for (int i = 0; i < runs.size(); i++) {
                ComparisonPlan.Run run = runs.get(i);
                if (!pending.contains(run)) {
                    continue;
                }
                listener.runStarted(run, i + 1, runs.size());
                if (stop || !finish(run, data.get(run.config().data()), listener)) {
                    return false;
                }
                listener.runEnded(run, record.find(run).orElseThrow());
            }
        } catch (IOException e) {
            throw new RunException(folder + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
        return true;
    }

    /** Two processes in one folder would train everything twice. */
    private FolderLock lock() throws IOException {
        return FolderLock.take(folder)
                .orElseThrow(() -> new RunException(folder + ": another process is working on this comparison"));
    }

    private void save(ComparisonRecord next) {
        next.write(folder.resolve(RECORD));
        record = next;
    }

    /** Brings a run to its end; false if that was stopped. */
    private boolean finish(ComparisonPlan.Run run, Data data, ComparisonListener listener) {
        ComparisonResult trained = record.find(run)
                .filter(result -> Files.isDirectory(folder.resolve(result.folder()), LinkOption.NOFOLLOW_LINKS))
                .orElse(null);
        RunDirectory directory = trained == null
                ? RunDirectory.create(
                        folder,
                        DataSources.resolved(run.config(), data.splits().train().shape())
                                .fitted(data.splits().train().size()))
                : RunDirectory.open(folder.resolve(trained.folder()));
        try (ComparisonListener.Watch watch = listener.watch(run, directory)) {
            if (trained == null) {
                trained = train(run, directory, data, watch.training());
                if (trained == null) {
                    return false;
                }
                save(record.with(trained));
            }
            if (trained.finished()) {
                return true;
            }
            save(record.with(trained.evaluated(evaluate(directory, data, watch.evaluation()))));
            return true;
        } catch (CancellationException e) {
            return false;
        }
    }

    /** {@code null} if it was stopped. */
    private ComparisonResult train(
            ComparisonPlan.Run run, RunDirectory directory, Data data, TrainingListener listener) {
        StepTimer timer = new StepTimer();
        Provenance provenance = EnvironmentProvenance.gather(data.splits(), data.description(), run.config());
        Trainer trainer = new Trainer(run.config(), data.splits(), directory, provenance, List.of(timer, listener));
        training = trainer;
        if (stop) {
            return null;
        }
        long started = System.nanoTime();
        EndReason reason = null;
        DivergenceException problem = null;
        try {
            reason = trainer.run();
        } catch (DivergenceException e) {
            // A result as good as any: that this variant does not train.
            problem = e;
        } finally {
            training = null;
        }
        if (reason == EndReason.INTERRUPTED) {
            return null;
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        return ComparisonResult.trained(run, directory, reason, problem, seconds, timer);
    }

    private Evaluation evaluate(RunDirectory directory, Data data, ProgressListener progress) {
        TrainedModel model =
                TrainedModel.open(directory, CHECKPOINT, data.splits().test().shape());
        Evaluation evaluation = new Evaluator(model, model.config().evaluation())
                .evaluate(directory, CHECKPOINT, SPLIT, data.splits().test(), new ProgressListener() {
                    @Override
                    public void progress(String what, long done, long total) {
                        progress.progress(what, done, total);
                    }

                    @Override
                    public boolean cancelled() {
                        return stop;
                    }
                });
        evaluation.save(directory);
        return evaluation;
    }

    /** The results so far, in the order in which they came. */
    public List<ComparisonResult> results() {
        return record.results();
    }

    /** The results so far, for people. */
    public ComparisonTable table() {
        return new ComparisonTable(plan, record.results());
    }

    /**
     * Writes the table beside the results.
     *
     * @return the file
     * @throws RunException if it cannot be written
     */
    public Path writeTable() {
        Path file = folder.resolve(TABLE);
        try {
            AtomicFiles.write(file, String.join("\n", table().lines()) + "\n");
            return file;
        } catch (IOException e) {
            throw new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
    }
}
