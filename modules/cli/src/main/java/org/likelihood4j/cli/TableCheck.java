package org.likelihood4j.cli;

import java.util.List;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.training.DataLoading;
import org.likelihood4j.training.PreflightCheck;
import org.likelihood4j.training.config.DataConfig;
import org.likelihood4j.training.config.RunConfig;

/** Reads a user's own table, which takes no longer than a moment, to say what {@code train} would say of it. */
final class TableCheck {
    private TableCheck() {}

    /**
     * The warnings; none of anything but a table.
     *
     * @throws org.likelihood4j.data.DataException if it would be refused
     */
    static List<String> check(RunConfig config, ExampleShape shape, Console console) {
        if (!(shape instanceof VectorShape) || !(config.data() instanceof DataConfig.Own)) {
            return List.of();
        }
        Splits data;
        try (ProgressView progress = console.progress()) {
            data = DataLoading.source(config.data(), Project.datasets()).load(new DataProgress(progress));
        }
        RunConfig fitted = config.fitted(data.train().size());
        PreflightCheck.check(fitted, data);
        return PreflightCheck.columns(fitted, data);
    }
}
