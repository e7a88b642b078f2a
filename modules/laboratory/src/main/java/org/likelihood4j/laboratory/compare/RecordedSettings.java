package org.likelihood4j.laboratory.compare;

import java.util.List;
import java.util.Set;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.JsonLeaves;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The settings that a {@code comparison.json} tells, with the keys that its version of the program did not have yet: these have
 * the values that do what that version did.
 */
final class RecordedSettings {
    private RecordedSettings() {}

    /**
     * The settings as this version would have recorded them; as they are where they are not such settings.
     *
     * @param planned those that they will be compared with
     */
    static JsonNode upgraded(JsonNode recorded, JsonNode planned) {
        if (!(recorded.deepCopy() instanceof ObjectNode upgraded)) {
            return recorded;
        }
        JsonNode config = recorded.path(ComparisonPlan.CONFIG);
        if (config.isObject()) {
            upgraded.set(ComparisonPlan.CONFIG, withDefaults(config));
            Set<String> known = JsonLeaves.of(config).keySet();
            upgraded.path(ComparisonPlan.CHANGES)
                    .properties()
                    .forEach(variant -> addLater(
                            variant.getValue(),
                            planned.path(ComparisonPlan.CHANGES).path(variant.getKey()),
                            known));
        }
        return upgraded;
    }

    private static JsonNode withDefaults(JsonNode config) {
        try {
            RunConfig read =
                    ConfigLoader.parseRecorded(JsonFiles.LINE.writeValueAsString(config), "comparison", List.of());
            return JsonFiles.LINE.readTree(JsonFiles.LINE.writeValueAsString(ConfigLoader.toTree(read)));
        } catch (ConfigException e) {
            return config;
        }
    }

    /** A variant of another type than the base has keys of its own: one that neither has told came later. */
    private static void addLater(JsonNode changes, JsonNode planned, Set<String> known) {
        if (changes instanceof ObjectNode all) {
            planned.properties().forEach(leaf -> {
                if (!known.contains(leaf.getKey()) && !all.has(leaf.getKey())) {
                    all.set(leaf.getKey(), leaf.getValue());
                }
            });
        }
    }
}
