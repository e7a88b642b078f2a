package org.likelihood4j.io;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A JSON tree as a flat map from dotted paths to what is there. A list is one value. */
public final class JsonLeaves {
    private JsonLeaves() {}

    public static Map<String, JsonNode> of(JsonNode tree) {
        Map<String, JsonNode> leaves = new LinkedHashMap<>();
        collect("", tree, leaves);
        return leaves;
    }

    private static void collect(String path, JsonNode node, Map<String, JsonNode> leaves) {
        if (!node.isObject()) {
            leaves.put(path, node);
            return;
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            collect(path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), leaves);
        }
    }
}
