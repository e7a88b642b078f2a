package org.likelihood4j.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.training.DataLoading;
import org.likelihood4j.training.RunDirectory;
import org.likelihood4j.training.TrainedModel;
import org.likelihood4j.training.config.RunConfig;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command on a finished run takes: the run and the checkpoint. */
final class RunOptions {
    /** A part of the data. */
    enum Split {
        TRAIN,
        VALIDATION,
        TEST;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        Examples of(Splits data) {
            return switch (this) {
                case TRAIN -> data.train();
                case VALIDATION -> data.validation();
                case TEST -> data.test();
            };
        }
    }

    @Parameters(paramLabel = "RUN", description = "The run's folder, such as runs/quickstart-vae.")
    private Path folder;

    @Option(
            names = "--checkpoint",
            description = "best, last, or a folder of RUN/checkpoints; default: ${DEFAULT-VALUE}.")
    private String checkpoint = "best";

    RunDirectory run() {
        return RunDirectory.open(folder);
    }

    String checkpoint() {
        return checkpoint;
    }

    TrainedModel model() {
        RunDirectory run = run();
        return TrainedModel.open(
                run, checkpoint, DataLoading.shape(run.readConfig().data()));
    }

    /** The images that the run was trained on. */
    static Splits data(RunConfig config, Console console) {
        ExampleSource source = DataLoading.source(config.data(), Project.datasets());
        Splits data;
        try (ProgressView progress = console.progress()) {
            data = source.load(new DataProgress(progress));
        }
        LeftOut.tell(data, console);
        return data;
    }
}
