package org.likelihood4j.laboratory.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;

/**
 * A file with what the steps of a folder's configurations gave on some machine's processor.
 *
 * @param steps by the path of the configuration below that folder, with {@code /}
 */
public record StoredSteps(Map<String, StepNumbers> steps) {
    private static final int MOST_BYTES = 1 << 20;

    public StoredSteps {
        if (steps == null || steps.values().stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("steps is missing, or has an entry that is null");
        }
        steps = Map.copyOf(steps);
    }

    /**
     * Reads a file.
     *
     * @return none if it is not there
     * @throws RunException if it cannot be read or is not such a file
     */
    public static StoredSteps read(Path file) {
        return Files.exists(file)
                ? new JsonFiles.Source(file, MOST_BYTES, "what steps gave", "make it again by check-device --store")
                        .read(StoredSteps.class, tree -> {})
                : new StoredSteps(Map.of());
    }

    /** With one more, in an older one's place. */
    public StoredSteps with(String config, StepNumbers numbers) {
        Map<String, StepNumbers> all = new TreeMap<>(steps);
        all.put(config, numbers);
        return new StoredSteps(all);
    }

    /**
     * Writes it.
     *
     * @throws RunException if it cannot be written
     */
    public void save(Path file) {
        try {
            AtomicFiles.write(file, JsonFiles.PRETTY.writeValueAsString(Map.of("steps", new TreeMap<>(steps))) + "\n");
        } catch (IOException e) {
            throw new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
    }
}
