package org.likelihood4j.cli.options;

import java.io.IOException;
import org.likelihood4j.report.LiveServer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** {@code --live} of the commands that train. */
public final class LiveOptions {
    @ArgGroup(exclusive = false)
    private Group group;

    private static final class Group {
        @Option(
                names = "--live",
                required = true,
                description = "Show the training in a browser of this machine while it goes on; prints the address.")
        @SuppressWarnings("UnusedVariable") // that the group is there says it
        private boolean live;

        @Option(
                names = "--port",
                paramLabel = "N",
                description = "Its port, 0 for any free one; default: " + LiveServer.USUAL_PORT
                        + ", or any if that one is taken.")
        private Integer port;
    }

    /**
     * Takes the port, before anything is made that could not be shown.
     *
     * @return {@code null} without {@code --live}
     * @throws IOException if a port that was asked for is not to be had
     */
    public LiveServer bind() throws IOException {
        return group == null ? null : bind(group.port);
    }

    /**
     * Takes a port of this machine.
     *
     * @param port {@code null} for the usual one, or any if that one is taken
     */
    public static LiveServer bind(Integer port) throws IOException {
        return port == null ? LiveServer.bindUsual() : LiveServer.bind(port);
    }
}
