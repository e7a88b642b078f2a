package org.likelihood4j.config.schema;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.rules.Range;
import org.likelihood4j.config.yaml.ColumnMapping;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.config.yaml.RecordShape;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of a configuration, draft-07, which editors complete and check YAML files by.
 *
 * <p>All of it comes from the records: keys and kinds from their components, defaults and ranges from their constructors ({@link
 * DefaultSection}), descriptions from their Javadoc ({@link Descriptions}). It never refuses what {@link ConfigLoader} accepts. Rules between
 * keys, such as a batch that is larger than the training set, only the loader knows.
 */
public final class ConfigSchema {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ConfigSchema() {}

    /** The schema as a document, as it is shipped in {@code configs/schema.json}. */
    public static String json() {
        return MAPPER.writeValueAsString(schema()) + "\n";
    }

    static ObjectNode schema() {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", "Likelihood4J run");
        root.put("description", Descriptions.of(RunConfig.class));
        root.put("type", "object");
        record(root, RunConfig.class, null);
        return root;
    }

    /** @param given the section that its owner puts there by default; null if none, or where it depends on other sections */
    private static void record(ObjectNode schema, Class<?> record, Record given) {
        DefaultSection blank = DefaultSection.of(record);
        ObjectNode properties = schema.putObject("properties");
        if (RecordShape.isTyped(record)) {
            properties.put("type", true);
        }
        RecordShape.components(record).forEach((key, type) -> {
            ObjectNode property = properties.putObject(key);
            property.put("description", Descriptions.of(record, key));
            boolean root = record == RunConfig.class;
            // What the sections of a whole run are by default depends on its model.
            Object fallback = root && isSection(type)
                    ? null
                    : given != null ? DefaultSection.component(given, key) : blank.fallback(key);
            value(property, type, fallback, blank.rules(), key);
            // In a file, the file's name stands in for a name that is not there.
            if (blank.required().contains(key) && !(root && key.equals("name"))) {
                schema.withArray("required").add(key);
            } else {
                optional(property);
            }
            if (TableFiles.class.isAssignableFrom(record) && key.equals("columns")) {
                mapping(property);
            }
            if (type == ModelConfig.Condition.class) {
                list(property);
            }
        });
        schema.put("additionalProperties", false);
    }

    /** A mapping is the short form of a list of columns and of what they hold. */
    private static void mapping(ObjectNode property) {
        ((ArrayNode) property.get("type")).add("object");
        ArrayNode ways = property.putObject("additionalProperties").putArray("anyOf");
        ArrayNode word = ways.addObject().putArray("enum");
        ObjectNode section = ways.addObject();
        section.put("type", "object");
        ArrayNode type = section.putObject("properties").putObject("type").putArray("enum");
        section.putArray("required").add("type");
        ColumnMapping.words().forEach(name -> {
            word.add(name);
            type.add(name);
        });
        word.addNull();
    }

    /** A list is the short form of columns and their names. */
    private static void list(ObjectNode property) {
        ObjectNode columns = MAPPER.createObjectNode();
        columns.put("type", "array");
        columns.putObject("items").put("type", "string");
        ObjectNode word = MAPPER.createObjectNode();
        List.of("type", "enum", "enumDescriptions").forEach(key -> word.set(key, property.remove(key)));
        property.putArray("anyOf").add(word).add(columns);
    }

    private static boolean isSection(Type type) {
        return type instanceof Class<?> section && (section.isRecord() || section.isSealed());
    }

    private static void value(
            ObjectNode schema, Type declared, Object fallback, Map<String, Object> rules, String key) {
        Object rule = rules.get(key);
        if (declared instanceof ParameterizedType list) {
            schema.put("type", "array");
            value(schema.putObject("items"), list.getActualTypeArguments()[0], null, rules, key + "[]");
            if (rule != null) {
                schema.put("maxItems", (Integer) rule);
            }
            put(schema, fallback);
            return;
        }
        Class<?> type = (Class<?>) declared;
        if (type.isSealed()) {
            choice(schema, type, fallback);
        } else if (type.isRecord()) {
            schema.put("type", "object");
            record(schema, type, (Record) fallback);
        } else if (type.isEnum()) {
            schema.put("type", "string");
            ArrayNode choices = schema.putArray("enum");
            ArrayNode meanings = schema.putArray("enumDescriptions");
            for (Object constant : type.getEnumConstants()) {
                choices.add(constant.toString());
                meanings.add(Descriptions.of((Enum<?>) constant));
            }
            put(schema, fallback);
        } else {
            plain(schema, type, rule);
            put(schema, fallback);
        }
    }

    private static void plain(ObjectNode schema, Class<?> type, Object rule) {
        if (type == String.class) {
            schema.put("type", "string");
            if (rule instanceof Pattern pattern) {
                schema.put("pattern", "^(?:" + pattern.pattern() + ")$");
            }
        } else if (type == Boolean.class) {
            schema.put("type", "boolean");
        } else {
            boolean whole = type != Double.class;
            schema.put("type", whole ? "integer" : "number");
            if (type == Integer.class && rule == null) {
                range(schema, Range.atLeast(Integer.MIN_VALUE).atMost(Integer.MAX_VALUE), true);
            } else if (rule instanceof Range range) {
                range(schema, range, whole);
            }
        }
    }

    private static void range(ObjectNode schema, Range range, boolean whole) {
        end(schema, range.withMin() ? "minimum" : "exclusiveMinimum", range.min(), whole);
        if (range.max() != Double.POSITIVE_INFINITY) {
            end(schema, range.withMax() ? "maximum" : "exclusiveMaximum", range.max(), whole);
        }
    }

    private static void end(ObjectNode schema, String keyword, double end, boolean whole) {
        if (whole || end == Math.rint(end)) {
            schema.put(keyword, (long) end);
        } else {
            schema.put(keyword, end);
        }
    }

    /** A section whose keys depend on its key {@code type}. */
    private static void choice(ObjectNode schema, Class<?> sealed, Object fallback) {
        Map<String, Class<?>> types = RecordShape.types(sealed);
        String byDefault = RecordShape.defaultType(sealed);
        schema.put("type", "object");
        ObjectNode type = schema.putObject("properties").putObject("type");
        type.put("description", Descriptions.of(sealed));
        type.put("type", "string");
        types.keySet().forEach(type.putArray("enum")::add);
        types.values().stream().map(Descriptions::of).forEach(type.putArray("enumDescriptions")::add);
        if (byDefault == null) {
            schema.putArray("required").add("type");
        } else {
            type.put("default", byDefault);
            optional(type);
        }
        ArrayNode branches = schema.putArray("allOf");
        // Of what only programs write all passes.
        RecordShape.written(sealed).forEach((name, record) -> {
            ObjectNode branch = branches.addObject();
            ObjectNode condition = branch.putObject("if");
            ArrayNode names = condition
                    .putObject("properties")
                    .putObject("type")
                    .putArray("enum")
                    .add(name);
            if (name.equals(byDefault)) {
                names.addNull();
            } else {
                condition.putArray("required").add("type");
            }
            boolean same = fallback != null && fallback.getClass() == record;
            record(branch.putObject("then"), record, same ? (Record) fallback : null);
        });
    }

    /** {@code null} gives a key its default. */
    private static void optional(ObjectNode schema) {
        schema.set("type", MAPPER.createArrayNode().add(schema.get("type")).add("null"));
        if (schema.get("enum") instanceof ArrayNode choices) {
            choices.addNull();
            ((ArrayNode) schema.get("enumDescriptions")).add("The default.");
        }
    }

    private static void put(ObjectNode schema, Object fallback) {
        if (fallback != null) {
            schema.set(
                    "default", MAPPER.valueToTree(fallback instanceof Enum<?> choice ? choice.toString() : fallback));
        }
    }
}
