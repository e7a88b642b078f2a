package org.likelihood4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.training.RunDirectory;
import org.likelihood4j.training.config.ConfigLoader;
import org.likelihood4j.training.config.RunConfig;
import picocli.CommandLine.Option;

/** Data other than those that a run was trained on. */
final class OtherData {
    private static final String SECTION = "data.";

    @Option(
            names = "--data",
            paramLabel = "TYPE",
            description = "Other data than the run's own, by the type of a config's data section, such as mnist.")
    private String type;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A key of the data section, such as data.path=my/pictures; may be repeated.")
    private List<String> settings = List.of();

    /** For a file's name: empty for the run's own data. */
    String prefix() {
        if (type != null) {
            return type + "-";
        }
        return settings.isEmpty() ? "" : "other-";
    }

    /** The run's configuration with the data section that was asked for. */
    RunConfig applied(RunDirectory run) {
        if (type == null && settings.isEmpty()) {
            return run.readConfig();
        }
        List<String> overrides = new ArrayList<>();
        if (type != null) {
            overrides.add(SECTION + "type=" + type);
        }
        for (String setting : settings) {
            if (!setting.startsWith(SECTION)) {
                throw new UserError(
                        "--set changes only the data here, with keys such as data.path; was '" + setting + "'");
            }
            overrides.add(setting);
        }
        // Nothing is trained: other data need not be enough for the run's batches, nor have a validation set.
        overrides.add("training.batchSize=1");
        overrides.add("training.earlyStopping=null");
        return ConfigLoader.load(run.config(), overrides);
    }
}
