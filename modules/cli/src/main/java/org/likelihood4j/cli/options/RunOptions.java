package org.likelihood4j.cli.options;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command on a finished run takes: the run and the checkpoint. */
public class RunOptions {
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

    private static final String USUAL = "best";

    @Parameters(paramLabel = "RUN", description = "The run's folder, such as runs/quickstart-vae.")
    private Path folder;

    @Option(
            names = "--checkpoint",
            description = "best, last, or a folder of RUN/checkpoints; default: ${DEFAULT-VALUE}.")
    private String checkpoint = USUAL;

    public final RunDirectory run() {
        return RunDirectory.open(folder);
    }

    public final String checkpoint() {
        return checkpoint;
    }

    /** For the name of a file: another one for another checkpoint than the usual one. */
    public final String suffix() {
        return checkpoint.equals(USUAL) ? "" : "-" + checkpoint;
    }

    /** As they are said to another command that is to do with the same run and checkpoint. */
    public final String arguments() {
        return folder + (checkpoint.equals(USUAL) ? "" : " --checkpoint " + checkpoint);
    }

    /** The images that the run was trained on. */
    public static Splits data(RunConfig config, Console console) {
        return data(config.data(), console);
    }

    /** The images of a section of data. */
    public static Splits data(DataConfig config, Console console) {
        return data(DataSources.source(config, Project.datasets()), console);
    }

    /** The images of a source. */
    public static Splits data(ExampleSource source, Console console) {
        return data(source::load, console);
    }

    /** Images that are read in a way. */
    public static Splits data(Function<ProgressListener, Splits> way, Console console) {
        Splits data;
        try (ProgressView progress = console.progress()) {
            data = way.apply(new DataProgress(progress));
        }
        LeftOut.tell(data, console);
        return data;
    }
}
