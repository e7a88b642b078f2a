package org.likelihood4j.cli.commands;

import java.util.concurrent.Callable;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.schema.ConfigPage;
import org.likelihood4j.config.schema.ConfigSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code schema}: what editors complete and check configs by. */
@Command(
        name = "schema",
        description = {
            "Print the JSON Schema of configs: every key with its meaning, default and range.",
            "It is shipped as configs/schema.json, which the first line of each config names to editors."
        })
public final class SchemaCommand implements Callable<Integer> {
    @Option(names = "--markdown", hidden = true, description = "The same as a page: docs/configuration.md.")
    private boolean markdown;

    private final Console console;

    public SchemaCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.result((markdown ? ConfigPage.markdown() : ConfigSchema.json()).stripTrailing());
        return 0;
    }
}
