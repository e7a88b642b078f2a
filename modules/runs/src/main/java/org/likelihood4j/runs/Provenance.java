package org.likelihood4j.runs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a model comes from: versions, machine, data and seed, as plain key-value pairs for metrics and checkpoints. */
public record Provenance(Map<String, Object> values) {
    /** The names of the labels 0, 1, ... */
    public static final String CLASSES = "classes";

    /** What a model was exported from that was trained elsewhere; without it the run has trained it itself. */
    public static final String IMPORTED = "imported";

    /** The SHA-256 of another run's weights that the training started from. */
    public static final String STARTED_FROM = "started_from_sha256";

    public Provenance {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
