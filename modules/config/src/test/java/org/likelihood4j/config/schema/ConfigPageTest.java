package org.likelihood4j.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;

/** The page of all keys: in step with the records, complete, and its defaults are those that the loader puts there. */
class ConfigPageTest {
    private static final Pattern TYPE = Pattern.compile("### (\\w+): \\{type: ([a-z0-9-]+)}");
    private static final Pattern ROW =
            Pattern.compile("\\| `([A-Za-z0-9.]+)`(?: of `([a-z0-9-]+)`)? \\| (.*?) \\| (.*?) ?\\| (.*) \\|");

    private static final Pattern YAML = Pattern.compile("(?s)\n```yaml\n(.*?)\n```\n");

    /** A row, by its key and the types of the sections that it is in: {@code model.prior.components [vae, mixture]}. */
    private static Map<String, Matcher> rows() {
        Map<String, Matcher> rows = new LinkedHashMap<>();
        List<String> types = List.of();
        for (String line : ConfigPage.markdown().lines().toList()) {
            Matcher heading = TYPE.matcher(line);
            if (line.startsWith("## ")) {
                types = List.of();
            } else if (heading.matches()) {
                types = List.of(heading.group(2));
            } else if (line.startsWith("| `")) {
                Matcher row = ROW.matcher(line);
                assertThat(row.matches()).as(line).isTrue();
                List<String> all = new ArrayList<>(types);
                if (row.group(2) != null) {
                    all.add(row.group(2));
                }
                assertThat(rows.put(row.group(1) + " " + all, row)).as(line).isNull();
            }
        }
        return rows;
    }

    private static String name(Keys key) {
        return key.path() + " " + List.copyOf(key.types().values());
    }

    @Test
    void theShippedPageIsWhatTheRecordsSay() throws IOException {
        new ShippedFile("docs/configuration.md", "./run.sh schema --markdown --output docs/configuration.md")
                .requireSame(ConfigPage.markdown());
    }

    @Test
    void everyKeyHasARowAndNothingElseHas() {
        Set<String> keys = new TreeSet<>();
        for (Keys key : Keys.all()) {
            boolean section = key.type() instanceof Class<?> plain && (plain.isRecord() || plain.isSealed());
            if (key.path().contains(".") || !section) {
                keys.add(name(key));
            }
            if (section && ((Class<?>) key.type()).isSealed()) {
                keys.add(key.path() + ".type " + List.copyOf(key.types().values()));
            }
        }
        assertThat(new TreeSet<>(rows().keySet())).isEqualTo(keys);
    }

    static List<Path> pages() throws IOException {
        Path root = Path.of("..", "..");
        try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
            return Stream.concat(Stream.of(root.resolve("README.md")), docs)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void configsInTheDocumentationAreValid(Path page) throws IOException {
        Matcher block = YAML.matcher(Files.readString(page));
        while (block.find()) {
            if (block.group(1).contains("model:")) {
                ConfigLoader.parse(block.group(1), page.getFileName().toString(), List.of());
            }
        }
    }

    /** Whoever writes a default into a file changes nothing. */
    @Test
    void theDefaultsAreTheLoaders() {
        Map<String, Matcher> rows = rows();
        Map<String, List<String>> wrong = new TreeMap<>();
        int written = 0;
        for (Keys key : Keys.all()) {
            Matcher row = rows.get(name(key));
            if (row == null || !row.group(3).startsWith("`")) {
                continue;
            }
            String text = row.group(3).replace("`", "");
            RunConfig with = ConfigLoader.parse(key.yaml(text), "c.yaml", List.of());
            RunConfig without = ConfigLoader.parse(key.yaml("null"), "c.yaml", List.of());
            List<String> differences = ConfigLoader.differences(without, with);
            if (!differences.isEmpty()) {
                wrong.put(name(key) + " = " + text, differences);
            }
            written++;
        }
        assertThat(wrong).isEmpty();
        assertThat(written).isGreaterThan(70);
    }
}
