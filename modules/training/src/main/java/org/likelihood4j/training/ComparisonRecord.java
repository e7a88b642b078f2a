package org.likelihood4j.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.likelihood4j.data.io.AtomicFiles;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a comparison has done so far: {@code comparison.json}.
 *
 * @param settings all that decides the results, see {@link ComparisonPlan#settings}
 * @param results in the order in which they came
 */
record ComparisonRecord(int formatVersion, JsonNode settings, List<ComparisonResult> results) {
    private static final int FORMAT_VERSION = 1;

    /** A long list or text is cut there in a message. */
    private static final int MAX_SHOWN = 60;

    ComparisonRecord {
        Objects.requireNonNull(settings, "settings");
        results = List.copyOf(results);
    }

    static ComparisonRecord empty(ComparisonPlan plan) {
        return new ComparisonRecord(FORMAT_VERSION, plan.settings(), List.of());
    }

    /** @throws TrainingException if the file cannot be read or is not such a record */
    static ComparisonRecord read(Path file) {
        try {
            ComparisonRecord record = Json.LINE.readValue(Files.readString(file), ComparisonRecord.class);
            if (record == null) {
                throw new TrainingException(file + ": not a comparison: null; choose another folder with --name");
            }
            if (record.formatVersion() != FORMAT_VERSION) {
                throw new TrainingException(file + ": has format version " + record.formatVersion()
                        + ", this program reads version " + FORMAT_VERSION);
            }
            return record;
        } catch (IOException e) {
            throw new TrainingException(file + ": cannot be read (" + RunDirectory.reason(e) + ")", e);
        } catch (JacksonException e) {
            throw new TrainingException(
                    file + ": not a comparison: " + e.getOriginalMessage() + "; choose another folder with --name", e);
        }
    }

    /** @throws TrainingException if it cannot be written */
    void write(Path file) {
        try {
            AtomicFiles.write(file, Json.PRETTY.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new TrainingException(file + ": cannot be written (" + RunDirectory.reason(e) + ")", e);
        }
    }

    /**
     * Makes sure that a plan is the one recorded here.
     *
     * @param file for the message
     * @throws TrainingException if it is not; names the first difference
     */
    void requireSame(ComparisonPlan plan, Path file) {
        Map<String, JsonNode> there = JsonLeaves.of(settings);
        Map<String, JsonNode> here = JsonLeaves.of(plan.settings());
        Set<String> paths = new LinkedHashSet<>(here.keySet());
        paths.addAll(there.keySet());
        for (String path : paths) {
            if (!Objects.equals(there.get(path), here.get(path))) {
                throw new TrainingException(
                        file + ": is of another comparison, its " + path.replaceFirst("^config\\.", "")
                                + " is " + shown(there.get(path)) + ", not " + shown(here.get(path))
                                + "; choose another folder with --name");
            }
        }
    }

    private static String shown(JsonNode value) {
        String text = value == null ? "missing" : value.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
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
