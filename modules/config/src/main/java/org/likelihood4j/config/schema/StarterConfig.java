package org.likelihood4j.config.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.config.yaml.RecordShape;
import org.likelihood4j.config.yaml.YamlReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A configuration to start from: the few keys that a person chooses, and every other one as a comment, with its meaning and its
 * default. Like the schema it is made from the records, so that a new kind of data or model needs no line here.
 */
public final class StarterConfig {
    private static final int WIDTH = 110;

    private final Map<String, String> chosen;
    private final StringBuilder text = new StringBuilder();

    private StarterConfig(Map<String, String> chosen) {
        this.chosen = chosen;
    }

    /** The kinds of data that there are, by their {@code type}. */
    public static List<String> dataTypes() {
        return List.copyOf(RecordShape.written(DataConfig.class).keySet());
    }

    /** The kinds of model that there are, by their {@code type}. */
    public static List<String> modelTypes() {
        return List.copyOf(RecordShape.types(ModelConfig.class).keySet());
    }

    /** The key of a kind of data that has no default, such as the path of a file; empty if there is none. */
    public static Optional<String> requiredKey(String dataType) {
        return DefaultSection.of(RecordShape.types(DataConfig.class).get(dataType)).required().stream()
                .findFirst();
    }

    /**
     * The text.
     *
     * @param choices what is chosen, such as {@code data.type} and {@code training.epochs}, as YAML
     * @param head lines of comment at its beginning, without their {@code #}
     * @throws ConfigException if the choices are no valid configuration
     */
    public static String yaml(Map<String, String> choices, List<String> head) {
        List<String> overrides = choices.entrySet().stream()
                .map(choice -> choice.getKey() + "=" + choice.getValue())
                .toList();
        RunConfig config = ConfigLoader.parse("{}", "run.yaml", overrides);
        StarterConfig starter = new StarterConfig(new LinkedHashMap<>(choices));
        head.forEach(line -> starter.text.append("# ").append(line).append('\n'));
        starter.section(RunConfig.class, ConfigLoader.toTree(config), "", "");
        return starter.text.toString();
    }

    /** The choice as YAML, whatever the text is. */
    public static String quoted(String text) {
        return YamlReader.needsQuotes(text) ? "'" + text.replace("'", "''") + "'" : text;
    }

    private void section(Class<?> record, JsonNode values, String path, String indent) {
        RecordShape.components(record).forEach((key, type) -> {
            String at = YamlReader.join(path, key);
            JsonNode value = values.path(key);
            boolean section = type instanceof Class<?> plain && (plain.isRecord() || plain.isSealed());
            if (path.isEmpty() && section) {
                if (value.isObject()) {
                    top((Class<?>) type, key, value);
                }
            } else if (chosen.containsKey(at)) {
                comment(indent, Descriptions.of(record, key));
                text.append(indent)
                        .append(key)
                        .append(": ")
                        .append(chosen.get(at))
                        .append('\n');
            } else if (!at.equals("name")) {
                comment(indent, Descriptions.of(record, key));
                JsonNode shown = value.isNull() && section ? example((Class<?>) type) : value;
                text.append(indent)
                        .append('#')
                        .append(key)
                        .append(": ")
                        .append(flow(shown))
                        .append('\n');
            }
        });
    }

    private void top(Class<?> type, String key, JsonNode value) {
        text.append('\n').append(key).append(":\n");
        Class<?> record = type;
        if (type.isSealed()) {
            String name = value.path("type").stringValue();
            record = RecordShape.types(type).get(name);
            text.append("  type: ").append(name).append('\n');
        }
        section(record, value, key, "  ");
    }

    /** What is off by default is shown as it would be by default when it is on. */
    private static JsonNode example(Class<?> type) {
        return ConfigLoader.tree(DefaultSection.of(type).value());
    }

    private void comment(String indent, String description) {
        StringBuilder line = new StringBuilder(indent).append('#');
        for (String word : description.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(indent).append('#');
            }
            line.append(' ').append(word);
        }
        text.append(line).append('\n');
    }

    private static String flow(JsonNode value) {
        if (value instanceof ObjectNode mapping) {
            List<String> entries = new ArrayList<>();
            mapping.properties().forEach(entry -> entries.add(entry.getKey() + ": " + flow(entry.getValue())));
            return "{" + String.join(", ", entries) + "}";
        } else if (value.isArray()) {
            List<String> elements = new ArrayList<>();
            value.forEach(element -> elements.add(flow(element)));
            return "[" + String.join(", ", elements) + "]";
        }
        return value.isString() ? quoted(value.stringValue()) : value.toString();
    }
}
