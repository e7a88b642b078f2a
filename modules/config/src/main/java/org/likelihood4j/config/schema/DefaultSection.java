package org.likelihood4j.config.schema;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.RuleRecorder;
import org.likelihood4j.config.yaml.RecordShape;

/**
 * A section of which nothing was written: its constructor tells what it puts there, what it asks of each key, and which keys it
 * cannot do without.
 *
 * @param value the section, with a stand-in for each required key
 * @param rules of the keys, see {@link RuleRecorder#listen}
 * @param required keys
 */
record DefaultSection(Record value, Map<String, Object> rules, Set<String> required) {
    static DefaultSection of(Class<?> record) {
        Map<String, Type> components = RecordShape.components(record);
        List<String> keys = List.copyOf(components.keySet());
        Object[] arguments = new Object[keys.size()];
        Set<String> required = new LinkedHashSet<>();
        while (true) {
            Map<String, Object> rules = new LinkedHashMap<>();
            try {
                Record value = RuleRecorder.listen(record, rules, () -> construct(record, arguments));
                return new DefaultSection(value, rules, required);
            } catch (ConfigException e) {
                int index = keys.indexOf(e.key());
                if (index < 0 || arguments[index] != null) {
                    throw new IllegalStateException(
                            name(record) + ": its constructor refuses every section that leaves out all it can ("
                                    + e.getMessage()
                                    + "); a key that has no default must be refused under its own name",
                            e);
                }
                required.add(keys.get(index));
                arguments[index] = standIn(components.get(keys.get(index)));
            }
        }
    }

    /** What a key was given when nothing was written; null for a required one, and where there is no default. */
    Object fallback(String key) {
        return required.contains(key) ? null : component(value, key);
    }

    static Object component(Record record, String key) {
        try {
            var accessor = record.getClass().getDeclaredMethod(key);
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The name of a record as its source has it, such as {@code DigitsConfig}. */
    static String name(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private static Record construct(Class<?> record, Object[] arguments) {
        try {
            var constructor = record.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            return (Record) constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException rule) {
                throw rule;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object standIn(Type type) {
        if (type instanceof ParameterizedType list) {
            return new ArrayList<>(List.of(standIn(list.getActualTypeArguments()[0])));
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class) {
            return "x";
        } else if (plain == Integer.class) {
            return 1;
        } else if (plain == Long.class) {
            return 1L;
        } else if (plain == Double.class) {
            return 1.0;
        } else if (plain == Boolean.class) {
            return false;
        } else if (plain.isEnum()) {
            return plain.getEnumConstants()[0];
        }
        Class<?> record =
                plain.isSealed() ? RecordShape.types(plain).values().iterator().next() : plain;
        return of(record).value();
    }
}
