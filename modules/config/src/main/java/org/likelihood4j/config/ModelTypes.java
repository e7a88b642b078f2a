package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Wording;

/** The kinds of models that there are, by their {@code type}: the built-in ones, then those that are installed. */
public final class ModelTypes {
    private static final Map<String, Class<? extends ModelConfig>> BUILT_IN = builtIn();

    /** What was found at the first use, so that every later look-up is of the same kinds. */
    private static volatile List<ModelType> installed;

    private ModelTypes() {}

    private static Map<String, Class<? extends ModelConfig>> builtIn() {
        Map<String, Class<? extends ModelConfig>> types = new LinkedHashMap<>();
        for (JsonSubTypes.Type type :
                ModelConfig.class.getAnnotation(JsonSubTypes.class).value()) {
            types.put(type.name(), type.value().asSubclass(ModelConfig.class));
        }
        return Collections.unmodifiableMap(types);
    }

    /**
     * The records of their sections, by name.
     *
     * @throws ConfigException if an installed kind cannot be loaded or its name is taken
     */
    public static Map<String, Class<? extends ModelConfig>> all() {
        return with(installed());
    }

    private static List<ModelType> installed() {
        if (installed == null) {
            installed = found(List.of(
                    ServiceLoader.load(ModelType.class),
                    ServiceLoader.load(ModelType.class, ModelTypes.class.getClassLoader())));
        }
        return installed;
    }

    /** Those of the thread's loader and of ours, each once; an application's server has its own jars in the thread's only. */
    static List<ModelType> found(List<ServiceLoader<ModelType>> loaders) {
        Map<Class<?>, ModelType> found = new LinkedHashMap<>();
        try {
            for (ServiceLoader<ModelType> loader : loaders) {
                loader.stream().forEach(type -> found.computeIfAbsent(type.type(), absent -> type.get()));
            }
        } catch (ServiceConfigurationError e) {
            throw new ConfigException("model.type", "an installed kind of model cannot be loaded: " + e.getMessage());
        }
        return List.copyOf(found.values());
    }

    /** The built-in kinds and others. */
    static Map<String, Class<? extends ModelConfig>> with(List<ModelType> installed) {
        Map<String, Class<? extends ModelConfig>> types = new LinkedHashMap<>(BUILT_IN);
        for (ModelType type : installed) {
            String name = type.name();
            if (name == null || !name.matches("[a-z0-9_-]+")) {
                throw unusable(type, "its name must be lower-case letters, digits, '-' and '_'");
            } else if (!type.section().isRecord()) {
                throw unusable(type, "its section must be a record");
            } else if (types.putIfAbsent(name, type.section()) != null) {
                throw unusable(type, "that name is taken; there are " + String.join(", ", types.keySet()));
            }
        }
        return Collections.unmodifiableMap(types);
    }

    private static ConfigException unusable(ModelType type, String problem) {
        return new ConfigException(
                "model.type",
                "the installed kind of model " + Wording.quote(String.valueOf(type.name())) + " ("
                        + type.getClass().getName() + ") cannot be used: " + problem);
    }

    /** The installed kind that a section is of. */
    public static ModelType installed(ModelConfig section) {
        return installed().stream()
                .filter(type -> type.section() == section.getClass())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(section.getClass() + " is the section of no model"));
    }

    /** What a section's {@code type} says. */
    public static String name(ModelConfig section) {
        return name(section.getClass());
    }

    static String name(Class<?> section) {
        return all().entrySet().stream()
                .filter(type -> type.getValue() == section)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(section + " is the section of no installed model"));
    }
}
