package org.likelihood4j.cli.options;

import org.likelihood4j.cli.terminal.Console;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code --json} of the commands whose results programs read: standard output is then that document, and nothing else. */
public final class JsonOption {
    static final String NAME = "--json";

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Option(
            names = NAME,
            description = "Print one JSON document and nothing else; numbers that are not finite are texts.")
    private boolean wanted;

    public boolean wanted() {
        return wanted;
    }

    /** Prints the document. */
    public void print(Console console, Object document) {
        console.result(MAPPER.writeValueAsString(document));
    }
}
