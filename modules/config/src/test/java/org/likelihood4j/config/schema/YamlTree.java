package org.likelihood4j.config.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/** Nested YAML in one line out of dotted keys. */
final class YamlTree {
    private YamlTree() {}

    static String write(Map<String, String> values) {
        Map<String, Object> tree = new LinkedHashMap<>();
        values.forEach((path, value) -> {
            Map<String, Object> section = tree;
            String[] keys = path.split("\\.", -1);
            for (int i = 0; i < keys.length - 1; i++) {
                section = section(section, keys[i]);
            }
            section.put(keys[keys.length - 1], value);
        });
        return text(tree);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> section(Map<String, Object> tree, String key) {
        return (Map<String, Object>) tree.computeIfAbsent(key, k -> new LinkedHashMap<String, Object>());
    }

    private static String text(Map<?, ?> tree) {
        StringBuilder text = new StringBuilder("{");
        tree.forEach((key, value) -> text.append(text.length() > 1 ? ", " : "")
                .append(key)
                .append(": ")
                .append(value instanceof Map<?, ?> section ? text(section) : value));
        return text.append('}').toString();
    }
}
