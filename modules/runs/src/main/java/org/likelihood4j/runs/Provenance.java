package org.likelihood4j.runs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a model comes from: versions, machine, data and seed, as plain key-value pairs for metrics and checkpoints. */
public record Provenance(Map<String, Object> values) {
    /** The names of the labels 0, 1, ... */
    public static final String CLASSES = "classes";

    public Provenance {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
