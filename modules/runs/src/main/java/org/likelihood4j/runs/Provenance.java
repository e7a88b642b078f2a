package org.likelihood4j.runs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.io.Printable;

/** Where a model comes from: versions, machine, data and seed, as plain key-value pairs for metrics and checkpoints. */
public record Provenance(Map<String, Object> values) {
    /** The names of the labels 0, 1, ... */
    public static final String CLASSES = "classes";

    public Provenance {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The names of the classes that a checkpoint keeps; empty if it keeps none. */
    public static List<String> classes(RunState state) {
        return state.provenance().get(CLASSES) instanceof List<?> names
                ? names.stream().map(String::valueOf).map(Printable::line).toList()
                : List.of();
    }
}
