package org.likelihood4j.laboratory.compare;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.config.rules.ConfigException;

/**
 * A key of the configuration with the values to compare: one {@code --vary KEY=VALUE,VALUE}.
 *
 * @param values as they were written, each to be read as YAML by {@code ConfigLoader}
 */
record Variation(String key, List<String> values) {
    /**
     * Reads {@code KEY=VALUE,VALUE,...}; commas within brackets or braces belong to a value.
     *
     * @throws ConfigException if there is no key or an empty value, or if the key is the comparison's own to set
     */
    static Variation parse(String text) {
        int equals = text.indexOf('=');
        String key = equals < 0 ? "" : text.substring(0, equals).strip();
        if (key.isEmpty()) {
            throw new ConfigException("--vary " + text, "expected KEY=VALUE,VALUE, such as model.latent=10,20");
        }
        String label = "--vary " + key;
        if (key.equals("name") || key.equals("seed")) {
            throw new ConfigException(
                    label,
                    key.equals("seed")
                            ? "cannot be varied, every variant is trained with the same seeds; --seeds says how many"
                            : "cannot be varied, the comparison names its runs itself");
        }
        List<String> values = split(text.substring(equals + 1));
        if (values.size() == 1 && values.get(0).isEmpty()) {
            throw new ConfigException(label, "has no values");
        }
        if (values.contains("")) {
            throw new ConfigException(label, "has an empty value; null stands for the default");
        }
        for (int i = 0; i < values.size(); i++) {
            if (values.subList(0, i).contains(values.get(i))) {
                throw new ConfigException(label, "has the value " + values.get(i) + " twice");
            }
        }
        return new Variation(key, List.copyOf(values));
    }

    /** At the commas outside of brackets. Runs of white space become one blank, so that a value stays one line. */
    private static List<String> split(String text) {
        List<String> values = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            } else if (i == text.length() || (c == ',' && depth <= 0)) {
                values.add(text.substring(start, i).strip().replaceAll("\\s+", " "));
                start = i + 1;
            }
        }
        return values;
    }

    /** The overrides that set each value in turn. */
    List<String> overrides() {
        return values.stream().map(value -> key + "=" + value).toList();
    }

    /** The key's last part, enough for a table. */
    String shortKey() {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
