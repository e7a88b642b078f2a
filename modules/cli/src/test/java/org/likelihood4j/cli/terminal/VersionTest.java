package org.likelihood4j.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The version has one place, modules/bom; what no build makes must say the same. */
class VersionTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @Test
    void allFilesSayTheSame() throws IOException {
        Properties build = new Properties();
        try (InputStream in = Console.class.getResourceAsStream("build.properties")) {
            build.load(in);
        }
        String version = build.getProperty("version");
        assertThat(Files.readString(ROOT.resolve("modules/bom/pom.xml")))
                .contains("<revision>" + version + "</revision>");
        assertThat(Files.readString(ROOT.resolve("CITATION.cff"))).contains("\nversion: " + version + "\n");
        assertThat(Files.readString(ROOT.resolve("docs/artifacts.md")))
                .contains("the version " + version + ";", "<version>" + version + "</version>");
        for (Path pom : projectsOutside()) {
            assertThat(Files.readString(pom))
                    .as(pom.toString())
                    .contains("<likelihood4j.version>" + version + "</likelihood4j.version>");
        }
    }

    private static List<Path> projectsOutside() throws IOException {
        List<Path> poms = new ArrayList<>();
        try (Stream<Path> projects = Files.list(ROOT.resolve("outside"))) {
            projects.map(project -> project.resolve("pom.xml")).forEach(poms::add);
        }
        assertThat(poms).isNotEmpty();
        return poms;
    }
}
