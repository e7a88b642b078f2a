package org.likelihood4j.laboratory.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.io.RunException;

class RegistryTest {
    private static final Path SHIPPED = Path.of("..", "..", "configs", "published");

    private static final String ONE = """
            {"publications": [{"name": "a", "source": "s", "protocol": "p", "differences": "none", "quantity": "nll",
             "unit": "nats", "published": 86.76, "tolerance": 0.1, "importanceSamples": 5, "config": "a.yaml", "settings": [], "hours": 3}]}
            """;

    @TempDir
    private Path folder;

    private static Reproduction result(double value, double error) {
        return new Reproduction(value, error, 10, 5, 1, "w", "r", "m", "d");
    }

    private Registry read(String json) throws IOException {
        Files.writeString(folder.resolve("registry.json"), json);
        return Registry.read(folder);
    }

    /** Each has a configuration that is whole, for as long as it says, and each stored result is one that can be read. */
    @Test
    void theShippedOneIsWhole() {
        Registry registry = Registry.read(SHIPPED);
        assertThat(registry.publications()).hasSizeGreaterThan(7);
        for (Publication each : registry.publications()) {
            RunConfig config = ConfigLoader.load(registry.config(each), each.settings());
            assertThat(config.training().epochs()).as(each.name()).isPositive();
            registry.stored(each);
        }
    }

    /** 86.76 + 0.1 and twice the standard error. */
    @Test
    void whatIsNoWorseIsReached() throws IOException {
        Publication publication = read(ONE).publication("a");
        assertThat(publication.verdict(result(86.3, 0.2))).isEqualTo("reached");
        assertThat(publication.isReached(result(87.25, 0.2))).isTrue();
        assertThat(publication.isReached(result(87.27, 0.2))).isFalse();
        assertThat(publication.verdict(result(87.27, 0.2))).isEqualTo("short by 0.510");
        assertThat(publication.verdict(null)).isEqualTo("not run (3 hours)");
    }

    @Test
    void aResultComesBack() throws IOException {
        Registry registry = read(ONE);
        Publication publication = registry.publication("a");
        assertThat(registry.stored(publication)).isNull();
        Files.createDirectories(registry.result(publication).getParent());
        result(86.3, 0.2).save(registry.result(publication));
        assertThat(registry.stored(publication)).isEqualTo(result(86.3, 0.2));
        Files.writeString(registry.result(publication), "{\"value\": 1}");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> registry.stored(publication))
                .withMessageContaining("a.json: not a stored result");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "a",               | "../a",              | is no plain name
            "importanceSamples": 5 | "importanceSamples": 0 | importanceSamples must be at least 1
            "hours": 3         | "hours": 0           | hours above 0
            "unit": "nats",    | ''                   | unit is missing
            "hours": 3         | "hours": 3, "x": 1   | x is not known
            "settings": []     | "settings": [null]   | one of its settings is null
            """)
    void whatIsWrongIsToldInALine(String right, String wrong, String told) {
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> read(ONE.replace(right, wrong)))
                .withMessageContaining("registry.json: not a registry of published figures")
                .withMessageContaining(told);
    }

    @Test
    void textsOfAFileAreMadePrintable() throws IOException {
        assertThat(read(ONE.replace("\"s\"", "\"\\u001b[31m red\""))
                        .publication("a")
                        .source())
                .isEqualTo("\\u001b[31m red");
    }

    @Test
    void namesAreOfOneEach() throws IOException {
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> read(ONE).publication("b"))
                .withMessage("there is no published figure 'b'; there are a");
        String entry = ONE.substring(ONE.indexOf('[') + 1, ONE.indexOf("]}\n"));
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> read("{\"publications\": [" + String.join(",", List.of(entry, entry)) + "]}"))
                .withMessageContaining("two entries are named 'a'");
    }
}
