package org.likelihood4j.config.schema;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.RecordShape;

/** Every key of a configuration, found by a walk over the records that knows nothing of the schema. */
record Keys(String path, Type type, Class<?> record, Map<String, String> types, Map<String, Class<?>> sections) {
    /**
     * All of them, each with the types that the sections above it must have: {@code model -> vae, model.prior -> mixture}. A key
     * that is there for several of them comes several times.
     */
    static List<Keys> all() {
        List<Keys> keys = new ArrayList<>();
        collect(RunConfig.class, "", Map.of(), Map.of(), keys);
        return keys;
    }

    private static void collect(
            Class<?> record, String path, Map<String, String> types, Map<String, Class<?>> sections, List<Keys> keys) {
        for (RecordComponent component : record.getRecordComponents()) {
            String at = path.isEmpty() ? component.getName() : path + "." + component.getName();
            Type type = component.getGenericType();
            keys.add(new Keys(at, type, record, types, sections));
            if (type instanceof ParameterizedType) {
                continue;
            }
            Class<?> plain = component.getType();
            if (plain.isRecord()) {
                collect(plain, at, types, sections, keys);
            } else if (plain.isSealed()) {
                RecordShape.written(plain).forEach((name, each) -> {
                    Map<String, String> with = new LinkedHashMap<>(types);
                    with.put(at, name);
                    Map<String, Class<?>> within = new LinkedHashMap<>(sections);
                    within.put(at, each);
                    collect(each, at, with, within, keys);
                });
            }
        }
    }

    /** A configuration in which this key is there with a value. */
    String yaml(String value) {
        Map<String, String> values = new LinkedHashMap<>();
        if (!path.equals("model")) {
            values.put("model.type", "vae");
        }
        types.forEach((section, type) -> values.put(section + ".type", type));
        // What a section cannot do without: a path, which need not lead anywhere.
        sections.forEach((section, each) ->
                DefaultSection.of(each).required().forEach(key -> values.put(section + "." + key, "x")));
        if (path.startsWith("training.local") || path.equals("training.shuffle")) {
            values.put("training.batchSize", "2");
            values.put("training.shards", "2");
        }
        values.put(path, value);
        return YamlTree.write(values);
    }

    String leaf() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    @Override
    public String toString() {
        return path + (types.isEmpty() ? "" : " " + types);
    }
}
