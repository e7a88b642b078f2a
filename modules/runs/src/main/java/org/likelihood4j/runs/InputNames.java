package org.likelihood4j.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;

/**
 * Which file or folder each NAME of a run's {@code scores-input-NAME.csv} and {@code evaluation-input-NAME.json} stands for, so that
 * the results of one never replace those of another that is called the same: {@code inputs.json}.
 *
 * @param formatVersion 1
 * @param inputs the whole path of each, by its name
 */
public record InputNames(int formatVersion, Map<String, String> inputs) {
    private static final String FILE = "inputs.json";
    private static final int VERSION = 1;
    private static final int MOST_BYTES = 1 << 24;

    /** @throws IllegalArgumentException for another version, or a name without a path */
    public InputNames {
        if (formatVersion != VERSION) {
            throw new IllegalArgumentException("formatVersion is " + formatVersion + ", expected " + VERSION);
        }
        if (inputs == null || inputs.values().stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("inputs has a name without a path");
        }
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }

    /**
     * Those of a run; none where there is no file yet.
     *
     * @throws RunException if the file is there and cannot be read
     */
    public static InputNames read(RunDirectory run) {
        Path file = file(run);
        return Files.exists(file)
                ? new JsonFiles.Source(file, MOST_BYTES, "a list of inputs", "delete it, and inputs are named anew")
                        .read(InputNames.class, tree -> {})
                : new InputNames(VERSION, Map.of());
    }

    private static Path file(RunDirectory run) {
        return run.path().resolve(FILE);
    }

    /** The name of an input: the one that is wanted if it is free or its own, else the first such of {@code wanted-2}, ... */
    public String name(String wanted, Path input) {
        String path = whole(input);
        String name = wanted;
        for (int number = 2; !inputs.getOrDefault(name, path).equals(path); number++) {
            name = wanted + "-" + number;
        }
        return name;
    }

    /** The path that has a name. */
    public Optional<String> path(String name) {
        return Optional.ofNullable(inputs.get(name));
    }

    /**
     * Keeps the name of an input.
     *
     * @throws RunException if that cannot be written
     */
    public static void keep(RunDirectory run, String name, Path input) {
        Map<String, String> all = new HashMap<>(read(run).inputs);
        if (whole(input).equals(all.put(name, whole(input)))) {
            return;
        }
        try {
            AtomicFiles.write(file(run), JsonFiles.PRETTY.writeValueAsString(new InputNames(VERSION, all)) + "\n");
        } catch (IOException e) {
            throw new RunException(file(run) + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
    }

    /** The same however it is reached. */
    private static String whole(Path input) {
        try {
            return input.toRealPath().toString();
        } catch (IOException e) {
            return input.toAbsolutePath().normalize().toString();
        }
    }
}
