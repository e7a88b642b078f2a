package org.likelihood4j.cli;

import java.nio.file.Path;

/** Where the project itself lives, as run.sh tells. */
final class Project {
    private Project() {}

    /** The project's folder; without run.sh the working directory. */
    static Path home() {
        return Path.of(System.getProperty("likelihood4j.home", "."));
    }

    /** The project's own {@code datasets} folder. */
    static Path datasets() {
        return home().resolve("datasets");
    }
}
