package org.likelihood4j.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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

    /** The names of the project's modules; none where its sources are not there. */
    public static List<String> modules() {
        try (Stream<Path> folders = Files.list(home().resolve("modules"))) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
