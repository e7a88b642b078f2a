package org.likelihood4j.config.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.config.data.ColumnConfig;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.rules.Wording;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The short form of a table's columns, a mapping such as {@code {country: category, rate: {type: bounded, high: 100}, note: ignore, fraud:
 * label}}, made what it stands for: {@code data.columns} says which are trained on, {@code data.kinds} what they hold, {@code data.label} the label.
 * Columns that it does not name hold numbers, unless it says {@code '*': ignore}.
 */
public final class ColumnMapping {
    private static final String AT = "data.columns";
    private static final String NUMBER = "number";
    private static final String IGNORE = "ignore";
    private static final String LABEL = "label";
    private static final String OTHERS = "*";

    private final ConfigTree tree;
    private final ObjectNode data;
    private final List<String> chosen = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private boolean others = true;

    private ColumnMapping(ConfigTree tree, ObjectNode data) {
        this.tree = tree;
        this.data = data;
    }

    /** @throws org.likelihood4j.config.rules.ConfigException if a column is said to hold what there is not */
    static void expand(ConfigTree tree) {
        if (tree.root().get("data") instanceof ObjectNode data
                && isTable(data.path("type").asString(""))
                && data.get("columns") instanceof ObjectNode columns) {
            new ColumnMapping(tree, data).expand(columns);
        }
    }

    private static boolean isTable(String type) {
        Class<?> section = RecordShape.types(DataConfig.class).get(type);
        return section != null && TableFiles.class.isAssignableFrom(section);
    }

    private void expand(ObjectNode columns) {
        if (data.hasNonNull("kinds")) {
            throw tree.failure("data.kinds", "must be left out where data.columns is a mapping, which says the same");
        }
        ArrayNode kinds = data.putArray("kinds");
        for (Map.Entry<String, JsonNode> entry : columns.properties()) {
            take(entry.getKey(), entry.getValue(), kinds);
        }
        data.remove("columns");
        List<String> names = others ? left.stream().map(name -> "-" + name).toList() : chosen;
        if (!others && chosen.isEmpty()) {
            throw tree.failure(AT, "leaves no column to train on");
        }
        if (!names.isEmpty()) {
            ArrayNode list = data.putArray("columns");
            names.forEach(list::add);
        }
    }

    private void take(String name, JsonNode value, ArrayNode kinds) {
        JsonNode word = value instanceof ObjectNode section ? section.get("type") : value;
        String at = YamlReader.join(AT, name);
        if (value.isNull()) {
            word = null;
        }
        String type = word == null ? NUMBER : word.isString() ? word.stringValue() : "";
        List<String> words = words();
        if (!words.contains(type)) {
            String hint = Wording.didYouMean(type, words);
            throw tree.failure(
                    at,
                    "a column can be " + String.join(", ", words) + "; was "
                            + Wording.describe(word == null ? value : word) + hint);
        }
        if (name.equals(OTHERS)) {
            if (!type.equals(IGNORE) && !type.equals(NUMBER)) {
                throw tree.failure(at, "all other columns can be number or ignore, was " + type);
            }
            others = type.equals(NUMBER);
        } else if (type.equals(IGNORE)) {
            left.add(name);
        } else if (type.equals(LABEL)) {
            label(at, name);
        } else {
            if (!type.equals("id")) {
                chosen.add(name);
            }
            if (!type.equals(NUMBER)) {
                ObjectNode kind = kinds.addObject();
                kind.put("type", type);
                kind.put("name", name);
                if (value instanceof ObjectNode section) {
                    section.properties().forEach(own -> kind.set(own.getKey(), own.getValue()));
                    kind.put("name", name);
                }
            }
        }
    }

    private void label(String at, String name) {
        String given = data.path("label").asString(name);
        if (!given.equals(name)) {
            throw tree.failure(at, "cannot be the label too: data.label is " + Wording.quote(given));
        }
        data.put("label", name);
    }

    /** What a column can be said to be. */
    public static List<String> words() {
        List<String> words = new ArrayList<>(List.of(NUMBER));
        words.addAll(RecordShape.types(ColumnConfig.class).keySet());
        words.add(LABEL);
        words.add(IGNORE);
        return words;
    }
}
