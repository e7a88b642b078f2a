package org.likelihood4j.laboratory.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.ChecksumFile;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;

/**
 * A file with what the steps of a folder's configurations gave on some machine's processor.
 *
 * @param steps by the path of the configuration below that folder, with {@code /}
 */
public record StoredSteps(Map<String, Entry> steps) {
    private static final int MOST_BYTES = 1 << 20;

    /**
     * What one gave.
     *
     * @param config the SHA-256 of the configuration's file, its first 16 digits
     * @param examples the same of what examples are like
     */
    public record Entry(String config, String examples, StepNumbers numbers) {
        public Entry {
            if (config == null || examples == null || numbers == null) {
                throw new IllegalArgumentException("config, examples or numbers is null");
            }
        }

        /** Whether both are of the same configuration and the same kind of examples. */
        public boolean isOf(Entry other) {
            return config.equals(other.config) && examples.equals(other.examples);
        }
    }

    public StoredSteps {
        if (steps == null || steps.values().stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("steps is missing, or has an entry that is null");
        }
        steps = Map.copyOf(steps);
    }

    /** What stands for a text in {@link Entry}; ends of lines are all the same. */
    public static String digest(String text) {
        return ChecksumFile.sum(text.replace("\r\n", "\n")).substring(0, 16);
    }

    /**
     * Reads a file.
     *
     * @return none if it is not there
     * @throws RunException if it cannot be read or is not such a file
     */
    public static StoredSteps read(Path file) {
        return Files.exists(file)
                ? new JsonFiles.Source(
                                file,
                                MOST_BYTES,
                                "what steps gave",
                                "delete it, then make it anew by check-device --device cpu --seconds 0 --store")
                        .read(StoredSteps.class, tree -> {})
                : new StoredSteps(Map.of());
    }

    /** With one more, in an older one's place. */
    public StoredSteps with(String config, Entry entry) {
        Map<String, Entry> all = new TreeMap<>(steps);
        all.put(config, entry);
        return new StoredSteps(all);
    }

    /** Without those of configurations that are gone. */
    public StoredSteps retaining(Predicate<String> there) {
        Map<String, Entry> all = new TreeMap<>(steps);
        all.keySet().removeIf(there.negate());
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
