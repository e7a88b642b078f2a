package org.likelihood4j.cli;

import java.nio.file.Path;

/** Where the project itself lives, as run.sh tells. */
final class Project {
    private Project() {}

    /** The project's own {@code datasets} folder; without run.sh that of the working directory. */
    static Path datasets() {
        return Path.of(System.getProperty("likelihood4j.home", ".")).resolve("datasets");
    }
}
