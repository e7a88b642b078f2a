package org.likelihood4j.data;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.likelihood4j.io.Printable;

/**
 * A key of a configuration with a value that would mend something.
 *
 * @param key such as {@code data.columns}
 * @param value as YAML
 */
public record Setting(String key, String value) {
    /** A list of texts. */
    public static Setting list(String key, List<String> values) {
        return new Setting(key, values.stream().map(Setting::quoted).collect(Collectors.joining(", ", "[", "]")));
    }

    /** A mapping, of which the values are YAML. */
    public static Setting mapping(String key, Map<String, String> entries) {
        return new Setting(
                key,
                entries.entrySet().stream()
                        .map(entry -> quoted(entry.getKey()) + ": " + entry.getValue())
                        .collect(Collectors.joining(", ", "{", "}")));
    }

    /** A text. */
    public static Setting text(String key, String value) {
        return new Setting(key, quoted(value));
    }

    private static String quoted(String text) {
        return text.matches("-?[A-Za-z_][A-Za-z0-9_.]*") && !text.matches("(?i)-?(true|false|null)")
                ? text
                : "'" + text.replace("'", "''") + "'";
    }

    /** For a command line, in a message. */
    public String option() {
        boolean plain = value.matches("[A-Za-z0-9_.-]+");
        String shell = value.replaceAll("([\\\\\"$`])", "\\\\$1");
        return Printable.line("--set " + (plain ? key + "=" + value : "\"" + key + "=" + shell + "\""));
    }
}
