package org.likelihood4j.cli.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import picocli.CommandLine.Option;

/** Of what a new run is made: changes to its configuration, its name, its place. */
public final class NewRunOptions {
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a key of the config, such as training.epochs=3; may be repeated.")
    private List<String> overrides = List.of();

    @Option(names = "--name", description = "The run's name; default: the config's.")
    private String name;

    @Option(names = "--runs", paramLabel = "DIR", description = "Where runs are kept; default: ${DEFAULT-VALUE}.")
    private Path runs = Path.of("runs");

    /**
     * Changes to the configuration, the name among them.
     *
     * @throws UserError for a name that is none
     */
    public List<String> overrides() {
        List<String> settings = new ArrayList<>(overrides);
        if (name != null) {
            if (!RunConfig.isName(name)) {
                throw new UserError("--name " + RunConfig.notAName(name));
            }
            // Quoted, or YAML would read --name 7 as a number.
            settings.add("name='" + name.replace("'", "''") + "'");
        }
        return settings;
    }

    /** Where runs are kept. */
    public Path runs() {
        return runs;
    }
}
