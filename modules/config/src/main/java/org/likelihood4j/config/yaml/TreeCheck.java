package org.likelihood4j.config.yaml;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Wording;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares a tree with the shape that the records declare: which keys there are, and of which kind a value is. It runs
 * before the binding, so that the binding meets only trees that fit, and all that is left to fail there is a record's
 * own rule.
 */
final class TreeCheck {
    private final ConfigTree tree;

    private TreeCheck(ConfigTree tree) {
        this.tree = tree;
    }

    /** @throws ConfigException for the first key or value that does not fit the records */
    static void check(ConfigTree tree) {
        new TreeCheck(tree).checkRecord(RunConfig.class, tree.root(), "");
    }

    /** Writes the default type wherever a section leaves its type out, so that an override can see a change of type. */
    static void nameTypes(ObjectNode root) {
        nameTypes(RunConfig.class, root);
    }

    private static void nameTypes(Class<?> type, JsonNode node) {
        if (!(node instanceof ObjectNode section)) {
            return;
        }
        Class<?> record = type;
        if (type.isSealed()) {
            if (isMissing(section.get("type")) && RecordShape.defaultType(type) != null) {
                section.put("type", RecordShape.defaultType(type));
            }
            JsonNode name = section.get("type");
            record = name == null || !name.isString()
                    ? null
                    : RecordShape.types(type).get(name.stringValue());
        }
        if (record != null && record.isRecord()) {
            RecordShape.components(record).forEach((key, component) -> {
                if (component instanceof Class<?> child) {
                    nameTypes(child, section.get(key));
                }
            });
        }
    }

    private void checkSealed(Class<?> type, ObjectNode node, String path) {
        JsonNode given = node.get("type");
        Map<String, Class<?>> types = RecordShape.types(type);
        String at = YamlReader.join(path, "type");
        if (isMissing(given)) {
            if (RecordShape.defaultType(type) == null) {
                throw tree.failure(
                        at,
                        "required, but missing; allowed: "
                                + String.join(", ", RecordShape.written(type).keySet()));
            }
            checkRecord(types.get(RecordShape.defaultType(type)), node, path);
            return;
        }
        if (!given.isString() || !types.containsKey(given.stringValue())) {
            checkChoice(given, at, List.copyOf(RecordShape.written(type).keySet()));
        }
        checkRecord(types.get(given.stringValue()), node, path);
    }

    private void checkRecord(Class<?> record, ObjectNode node, String path) {
        Map<String, Type> components = RecordShape.components(record);
        boolean typed = RecordShape.isTyped(record);
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = entry.getKey();
            String at = YamlReader.join(path, key);
            if (components.containsKey(key)) {
                // A missing value is the record's to judge: most keys have a default.
                if (!entry.getValue().isNull()) {
                    checkValue(components.get(key), entry.getValue(), at);
                }
            } else if (!(typed && key.equals("type"))) {
                List<String> allowed = new ArrayList<>(components.keySet());
                if (typed) {
                    allowed.add(0, "type");
                }
                String hint = Wording.didYouMean(key, allowed);
                throw tree.failure(
                        at, "unknown key" + (hint.isEmpty() ? "; allowed: " + String.join(", ", allowed) : hint));
            }
        }
    }

    private void checkValue(Type declared, JsonNode value, String path) {
        if (declared instanceof ParameterizedType list) {
            Type element = list.getActualTypeArguments()[0];
            expect(value.isArray(), "a list such as " + example((Class<?>) element), value, path);
            for (int i = 0; i < value.size(); i++) {
                checkValue(element, value.get(i), path + "[" + i + "]");
            }
            return;
        }
        Class<?> type = (Class<?>) declared;
        if (type == Integer.class || type == Long.class) {
            expect(value.isIntegralNumber(), "a whole number", value, path);
            checkRange(type == Integer.class, value, path);
        } else if (type == Double.class) {
            expect(value.isNumber(), "a number", value, path);
        } else if (type == Boolean.class) {
            expect(value.isBoolean(), "true or false", value, path);
        } else if (type == String.class) {
            expect(value.isString(), "text (in quotes if need be)", value, path);
        } else if (type.isEnum()) {
            checkChoice(value, path, RecordShape.choices(type));
        } else {
            expect(value.isObject(), "a mapping of keys to values", value, path);
            if (type.isSealed()) {
                checkSealed(type, (ObjectNode) value, path);
            } else {
                checkRecord(type, (ObjectNode) value, path);
            }
        }
    }

    private static String example(Class<?> element) {
        if (Number.class.isAssignableFrom(element)) {
            return "[400, 400]";
        }
        if (element.isRecord()) {
            return "[{" + element.getRecordComponents()[0].getName() + ": ...}, ...]";
        }
        return "[" + (element.isEnum() ? RecordShape.choices(element).iterator().next() : "first, second") + "]";
    }

    private void checkRange(boolean isInt, JsonNode value, String path) {
        if (isInt ? !value.canConvertToInt() : !value.canConvertToLong()) {
            long min = isInt ? Integer.MIN_VALUE : Long.MIN_VALUE;
            long max = isInt ? Integer.MAX_VALUE : Long.MAX_VALUE;
            String bound = value.bigIntegerValue().signum() < 0 ? "at least " + min : "at most " + max;
            throw tree.failure(path, "must be " + bound + ", was " + Wording.describe(value));
        }
    }

    private void checkChoice(JsonNode value, String path, List<String> allowed) {
        String choices = String.join(", ", allowed);
        expect(value.isString(), "one of " + choices, value, path);
        String given = value.stringValue();
        if (!allowed.contains(given)) {
            String hint = Wording.didYouMean(given, allowed);
            throw tree.failure(
                    path,
                    "unknown value " + Wording.quote(given) + hint + (hint.isEmpty() ? ";" : "") + " allowed: "
                            + choices);
        }
    }

    private void expect(boolean holds, String expected, JsonNode value, String path) {
        if (!holds) {
            throw tree.failure(path, "expected " + expected + ", was " + Wording.describe(value));
        }
    }

    private static boolean isMissing(JsonNode node) {
        return node == null || node.isNull();
    }
}
