package org.likelihood4j.laboratory.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import tools.jackson.databind.JsonNode;

/**
 * What a comparison has done so far: {@code comparison.json}.
 *
 * @param settings all that decides the results, see {@link ComparisonPlan#settings}
 * @param results in the order in which they came
 */
public record ComparisonRecord(int formatVersion, JsonNode settings, List<ComparisonResult> results) {
    private static final int FORMAT_VERSION = 1;

    /** A thousand runs with all their quantities are a twentieth of it. */
    private static final int MOST_BYTES = 1 << 26;

    public ComparisonRecord {
        Objects.requireNonNull(settings, "settings");
        results = List.copyOf(results);
    }

    static ComparisonRecord empty(ComparisonPlan plan) {
        return new ComparisonRecord(FORMAT_VERSION, plan.settings(), List.of());
    }

    /**
     * Reads a record back.
     *
     * @throws RunException if the file cannot be read or is not such a record
     */
    public static ComparisonRecord read(Path file) {
        ComparisonRecord record = new JsonFiles.Source(
                        file, MOST_BYTES, "a comparison", "choose another folder with --name")
                .read(ComparisonRecord.class, json -> {});
        if (record.formatVersion() != FORMAT_VERSION) {
            throw new RunException(file + ": has format version " + record.formatVersion()
                    + ", this program reads version " + FORMAT_VERSION);
        }
        return record;
    }

    /**
     * Writes the record.
     *
     * @throws RunException if it cannot be written
     */
    public void write(Path file) {
        try {
            AtomicFiles.write(file, JsonFiles.PRETTY.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
        }
    }

    /**
     * Makes sure that the settings of a plan are the ones recorded here. What an older version wrote is read as this one would
     * have written it, see {@link RecordedSettings}.
     *
     * @param file for the message
     * @throws RunException if it is not; names the first difference
     */
    public void requireSame(JsonNode planned, Path file) {
        Difference difference = Difference.first("", RecordedSettings.upgraded(settings, planned), planned);
        if (difference != null) {
            throw new RunException(file + ": is of another comparison, its "
                    + Printable.shorten(difference.path().replaceFirst("^config\\.", "")) + " is "
                    + shown(difference.there()) + ", not "
                    + shown(difference.here()) + "; choose another folder with --name");
        }
    }

    private static String shown(JsonNode value) {
        return value == null ? "missing" : Printable.shorten(value.toString());
    }

    /** A place where two trees of settings differ; {@code null} stands for what is missing. */
    private record Difference(String path, JsonNode there, JsonNode here) {
        /** The first one in the order of {@code here}; {@code null} if there is none. Lists are compared as a whole. */
        static Difference first(String path, JsonNode there, JsonNode here) {
            if (there == null || here == null || !there.isObject() || !here.isObject()) {
                return Objects.equals(there, here) ? null : new Difference(path, there, here);
            }
            Set<String> keys = new LinkedHashSet<>(here.propertyNames());
            keys.addAll(there.propertyNames());
            for (String key : keys) {
                JsonNode left = there.get(key);
                JsonNode right = here.get(key);
                if (!Objects.equals(left, right)) {
                    return first(path.isEmpty() ? key : path + "." + key, left, right);
                }
            }
            return null;
        }
    }

    Optional<ComparisonResult> find(String variant, long seed) {
        return results.stream()
                .filter(result -> result.variant().equals(variant) && result.seed() == seed)
                .findFirst();
    }

    Optional<ComparisonResult> find(ComparisonPlan.Run run) {
        return find(run.variant().label(), run.seed());
    }

    /** With a result, in the place of the one that this run had. */
    ComparisonRecord with(ComparisonResult result) {
        List<ComparisonResult> all = new ArrayList<>(results);
        all.removeIf(other -> other.variant().equals(result.variant()) && other.seed() == result.seed());
        all.add(result);
        return new ComparisonRecord(formatVersion, settings, all);
    }
}
