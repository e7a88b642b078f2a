package org.likelihood4j.training;

import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.ExternalConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.inference.runtime.ExternalSource;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.events.TrainingListener;
import org.likelihood4j.training.loop.PreflightCheck;

/**
 * Trainings on data that a program has in memory: its own {@link Splits}, or what {@code inference.arrays} reads from arrays and
 * iterators.
 *
 * <pre>
 * Trainer trainer = ArrayTraining.start(config, data, "a bent Gaussian", runs, List.of(listener));
 * trainer.run();
 * try (OpenedModel model = OpenedModel.open(trainer.directory().path())) {
 *     OpenedFlow flow = (OpenedFlow) model;
 * </pre>
 */
public final class ArrayTraining {
    private ArrayTraining() {}

    /**
     * A new run that has not started. Its {@code config.yaml} names the data as {@code type: external}, in the place of the given
     * configuration's data section; all else is as {@code train} does it. Nothing of the data is stored but their shape, numbers and
     * fingerprints.
     *
     * @param description where the data come from, for people
     * @param runs the folder of runs
     * @param listeners called on the training thread, in order
     * @throws ConfigException if the model cannot be trained on such data
     * @throws RunException if the run's folder cannot be made
     */
    public static Trainer start(
            RunConfig config, Splits data, String description, Path runs, List<? extends TrainingListener> listeners) {
        RunConfig resolved = DataSources.fitted(
                config.withData(ExternalSource.describe(data, description)),
                data.train(),
                line -> listeners.forEach(listener -> listener.warned(line)));
        // Before a folder is made for a run that cannot start.
        PreflightCheck.start(resolved, data.train().shape());
        PreflightCheck.data(resolved, data).forEach(line -> listeners.forEach(listener -> listener.warned(line)));
        return trainer(resolved, data, description, RunDirectory.create(runs, resolved), listeners);
    }

    /**
     * A run that {@link #start} has begun, to go on with by {@link Trainer#resume}, which checks that the data are the same.
     *
     * @throws RunException if the folder is not a run, or one of a configuration's own data
     */
    public static Trainer resume(Path run, Splits data, List<? extends TrainingListener> listeners) {
        RunDirectory directory = RunDirectory.open(run);
        RunConfig config = directory.readConfig();
        if (!(config.data() instanceof ExternalConfig external)) {
            throw new RunException(run + ": was not trained on a program's own data; ./run.sh resume goes on with it");
        }
        return trainer(config, data, external.description(), directory, listeners);
    }

    private static Trainer trainer(
            RunConfig config,
            Splits data,
            String description,
            RunDirectory run,
            List<? extends TrainingListener> listeners) {
        return new Trainer(config, data, run, EnvironmentProvenance.gather(data, description, config), listeners);
    }
}
