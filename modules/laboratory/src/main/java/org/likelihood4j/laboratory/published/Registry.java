package org.likelihood4j.laboratory.published;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;

/**
 * A folder of what is to be reproduced: {@code registry.json}, a configuration for each of its entries, and {@code results} with what was reached.
 *
 * @param publications in the order in which they are shown
 */
public record Registry(Path folder, List<Publication> publications) {
    private static final int MOST_BYTES = 1 << 20;

    record Content(List<Publication> publications) {
        Content {
            if (publications == null || publications.contains(null)) {
                throw new IllegalArgumentException("publications is missing, or has an entry that is null");
            }
        }
    }

    /**
     * Reads a folder.
     *
     * @throws RunException if it has no registry, or one with a mistake
     */
    public static Registry read(Path folder) {
        Path file = folder.resolve("registry.json");
        List<Publication> all = new JsonFiles.Source(
                        file, MOST_BYTES, "a registry of published figures", "mend it, or take the one of the program")
                .read(Content.class, tree -> {})
                .publications();
        Set<String> names = new HashSet<>();
        for (Publication each : all) {
            if (!names.add(each.name())) {
                throw new RunException(file + ": two entries are named '" + each.name() + "'");
            }
        }
        return new Registry(folder, List.copyOf(all));
    }

    /**
     * The entry of a name.
     *
     * @throws RunException if there is none
     */
    public Publication publication(String name) {
        return publications.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new RunException("there is no published figure '" + name + "'; there are "
                        + publications.stream().map(Publication::name).collect(Collectors.joining(", "))));
    }

    /** The training of an entry. */
    public Path config(Publication publication) {
        return folder.resolve(publication.config()).normalize();
    }

    /** Where its result is kept. */
    public Path result(Publication publication) {
        return folder.resolve("results").resolve(publication.name() + ".json");
    }

    /** What came of it; null where nothing is stored. */
    public Reproduction stored(Publication publication) {
        Path file = result(publication);
        return Files.exists(file) ? Reproduction.read(file) : null;
    }
}
