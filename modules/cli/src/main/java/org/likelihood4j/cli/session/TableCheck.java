package org.likelihood4j.cli.session;

import java.util.List;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.OwnFiles;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.training.loop.PreflightCheck;

/** Reads a user's own table, which takes no longer than a moment, to say what {@code train} would say of it. */
public final class TableCheck {
    private TableCheck() {}

    /**
     * The warnings; none of anything but a table.
     *
     * @throws org.likelihood4j.data.DataException if it would be refused
     */
    public static List<String> check(RunConfig config, ExampleShape shape, Console console) {
        if (!(shape instanceof VectorShape) || !(config.data() instanceof OwnFiles)) {
            return List.of();
        }
        Splits data;
        try (ProgressView progress = console.progress()) {
            data = DataSources.source(config.data(), Project.datasets()).load(new DataProgress(progress));
        }
        RunConfig fitted = config.fitted(data.train().size());
        return PreflightCheck.data(fitted, data);
    }
}
