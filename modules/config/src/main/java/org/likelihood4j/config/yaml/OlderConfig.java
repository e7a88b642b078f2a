package org.likelihood4j.config.yaml;

import tools.jackson.databind.node.ObjectNode;

/**
 * What an older version recorded with every value written out, made what this one would have recorded. Most keys that came later
 * have defaults that do what was done before; here are those that have not.
 */
final class OlderConfig {
    private OlderConfig() {}

    /** A flow was flat before there were others. */
    static void upgrade(ObjectNode root) {
        if (root.path("model") instanceof ObjectNode model
                && model.path("type").asString("").equals("realnvp")
                && !model.has("architecture")) {
            model.put("architecture", "flat");
        }
    }
}
