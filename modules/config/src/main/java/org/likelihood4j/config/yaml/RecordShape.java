package org.likelihood4j.config.yaml;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.likelihood4j.config.data.ExternalConfig;

/** The shape of a configuration, as its records declare it: keys are components, and a sealed interface's types its records. */
public final class RecordShape {
    private RecordShape() {}

    /** The keys of a section, and what each holds. */
    public static Map<String, Type> components(Class<?> record) {
        Map<String, Type> components = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            components.put(component.getName(), component.getGenericType());
        }
        return components;
    }

    /** Whether a section of this record has a key {@code type}. */
    public static boolean isTyped(Class<?> record) {
        return Stream.of(record.getInterfaces()).anyMatch(Class::isSealed);
    }

    /** The records that a section can be, by what its key {@code type} says. */
    public static Map<String, Class<?>> types(Class<?> sealed) {
        Map<String, Class<?>> types = new LinkedHashMap<>();
        for (JsonSubTypes.Type type : sealed.getAnnotation(JsonSubTypes.class).value()) {
            types.put(type.name(), type.value());
        }
        return types;
    }

    /** The same without those that only programs write into a run's configuration. */
    public static Map<String, Class<?>> written(Class<?> sealed) {
        Map<String, Class<?>> types = types(sealed);
        types.values().remove(ExternalConfig.class);
        return types;
    }

    /** The name of the type that a section has when it names none; null where a type is required. */
    public static String defaultType(Class<?> sealed) {
        Class<?> type = sealed.getAnnotation(JsonTypeInfo.class).defaultImpl();
        return types(sealed).entrySet().stream()
                .filter(e -> e.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** The words that a choice is written by. */
    public static List<String> choices(Class<?> enumeration) {
        return Stream.of(enumeration.getEnumConstants()).map(Object::toString).toList();
    }
}
