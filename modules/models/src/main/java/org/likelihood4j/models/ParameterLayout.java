package org.likelihood4j.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each tensor of a model lives in one flat vector: the parameters in declaration order, each
 * at a multiple of {@value #ALIGNMENT} elements, so that all of them stand alike in the memory's
 * lines.
 *
 * <p>The graphs' variables are views of such a vector, so updating, clipping, averaging and saving
 * are one call each.
 */
public final class ParameterLayout {
    /** Elements: a memory line of float32. */
    private static final int ALIGNMENT = 16;

    /** A tensor and the index of its first element. */
    public record Entry(Parameter parameter, long offset) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final long length;

    public ParameterLayout(List<Parameter> parameters) {
        long offset = 0;
        long values = 0;
        for (Parameter parameter : parameters) {
            if (entries.put(parameter.name(), new Entry(parameter, offset)) != null) {
                throw new IllegalArgumentException("two parameters are named " + parameter.name());
            }
            values = Math.addExact(values, parameter.length());
            offset = Math.addExact(offset, Math.addExact(parameter.length(), ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        }
        length = values;
    }

    public List<Entry> entries() {
        return new ArrayList<>(entries.values());
    }

    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no parameter named " + name);
        }
        return entry;
    }

    /** How many values there are, gaps left out. */
    public long length() {
        return length;
    }
}
