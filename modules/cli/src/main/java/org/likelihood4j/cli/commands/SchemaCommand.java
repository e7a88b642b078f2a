package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.cli.terminal.OutputFile;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.schema.ConfigPage;
import org.likelihood4j.config.schema.ConfigSchema;
import org.likelihood4j.io.AtomicFiles;
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

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where it goes, whole or not at all; default: standard output.")
    private Path output;

    private final Console console;

    public SchemaCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        OutputFile.requireEnding(output, markdown ? ".md" : ".json");
        String text = markdown ? ConfigPage.markdown() : ConfigSchema.json();
        if (output == null) {
            console.result(text.stripTrailing());
        } else {
            save(text.stripTrailing() + "\n");
            console.line("wrote " + output);
        }
        return 0;
    }

    private void save(String text) {
        if (Files.isDirectory(output)) {
            throw new UserError(output + ": is a folder, expected a file name such as schema.json");
        }
        try {
            AtomicFiles.write(output, text);
        } catch (IOException e) {
            throw new UserError(output + ": cannot be written (" + Failures.describe(e) + ")", e);
        }
    }
}
