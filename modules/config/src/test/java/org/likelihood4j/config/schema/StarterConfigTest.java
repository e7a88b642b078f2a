package org.likelihood4j.config.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.config.yaml.YamlReader;

class StarterConfigTest {
    /** Off by default: the lines show what they are when they are on. */
    private static final List<String> OFF =
            List.of("training.local=null", "training.earlyStopping=null", "training.recovery=null");

    static Stream<Arguments> kinds() {
        return StarterConfig.dataTypes().stream()
                .flatMap(data -> StarterConfig.modelTypes().stream().map(model -> Arguments.of(data, model)));
    }

    private static Map<String, String> choices(String data, String model) {
        Map<String, String> choices = new LinkedHashMap<>();
        choices.put("data.type", data);
        StarterConfig.requiredKey(data).ifPresent(key -> choices.put("data." + key, "x"));
        choices.put("model.type", model);
        return choices;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyLineThatIsLetInIsTheDefault(String data, String model) {
        String text = StarterConfig.yaml(choices(data, model), List.of("a head"));
        assertThat(text).startsWith("# a head\n");
        assertThat(text.lines()).allMatch(line -> line.length() <= 160);
        RunConfig minimal = ConfigLoader.parse(text, "c.yaml", List.of());
        String all = text.replaceAll("(?m)^( *)#(?! )", "$1");
        assertThat(all.lines().filter(line -> line.matches(" *[A-Za-z]+: .*")).count())
                .isGreaterThan(25);
        assertThat(ConfigLoader.parse(all, "c.yaml", OFF)).isEqualTo(minimal);
        assertThat(minimal.training().epochs()).isEqualTo(10);
    }

    /** Each line can be let in alone too, but for the one on replicas, which says what it needs. */
    @Test
    void everyLineCanBeLetInAlone() {
        String text = StarterConfig.yaml(choices("digits", "vae"), List.of());
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.matches(" *#[^ ].*")) {
                lines.set(i, line.replaceFirst("#", ""));
                String changed = String.join("\n", lines);
                if (line.startsWith("  #local:")) {
                    assertThatExceptionOfType(ConfigException.class)
                            .isThrownBy(() -> ConfigLoader.parse(changed, "c.yaml", List.of()))
                            .withMessageContaining("training.local: needs training.shards");
                } else {
                    ConfigLoader.parse(changed, "c.yaml", List.of());
                }
                lines.set(i, line);
            }
        }
        assertThat(text).contains("  # the number of latent dimensions; 1 to 2^20, default 20\n  #latent: 20\n");
    }

    @Test
    void choicesStandThereAsTheyAre() {
        Map<String, String> choices = choices("digits", "vae");
        choices.put("training.epochs", "3");
        choices.put("model.likelihood", "{type: gaussian}");
        String text = StarterConfig.yaml(choices, List.of());
        assertThat(text).contains("\n  epochs: 3\n", "\n  likelihood: {type: gaussian}\n");
        RunConfig config = ConfigLoader.parse(text, "c.yaml", List.of());
        assertThat(config.training().epochs()).isEqualTo(3);
    }

    @Test
    void anyPathIsQuotedAsItNeeds() {
        for (String path : List.of("photos", "my photos", "it's: here", "yes", "1e5", "#x", "a\\b", "null")) {
            String yaml = "name: " + StarterConfig.quoted(path);
            assertThat(YamlReader.read(yaml, "", line -> "").value().get("name").stringValue())
                    .isEqualTo(path);
        }
    }
}
