package org.likelihood4j.cli.terminal;

import java.nio.file.Path;

/** Where the project itself lives, as run.sh tells. */
public final class Project {
    private Project() {}

    /** The project's folder; without run.sh the working directory. */
    public static Path home() {
        return Path.of(System.getProperty("likelihood4j.home", "."));
    }

    /** The project's own {@code datasets} folder. */
    public static Path datasets() {
        return home().resolve("datasets");
    }
}
