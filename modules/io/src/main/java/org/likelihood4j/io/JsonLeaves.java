package org.likelihood4j.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON tree, flat: from dotted paths such as {@code model.encoder.hidden} to what is there. An object without members is a leaf
 * too.
 */
public final class JsonLeaves {
    private JsonLeaves() {}

    /** Every leaf in the tree's order; a list is one. */
    public static Map<String, JsonNode> of(JsonNode tree) {
        Map<String, JsonNode> leaves = new LinkedHashMap<>();
        collect("", tree, false, leaves);
        return leaves;
    }

    /**
     * Every leaf in the tree's order. A list's elements are leaves of their own with their index in the path, {@code a.0}, or, where
     * they are objects with a {@code name}, that name: {@code blocks.coupling0.gradient_norm}.
     */
    public static Map<String, JsonNode> withElements(JsonNode tree) {
        Map<String, JsonNode> leaves = new LinkedHashMap<>();
        collect("", tree, true, leaves);
        return leaves;
    }

    private static void collect(String path, JsonNode node, boolean elements, Map<String, JsonNode> leaves) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(member -> collect(join(path, member.getKey()), member.getValue(), elements, leaves));
        } else if (elements && node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                JsonNode child = node.get(i);
                String name = child.path("name").asString("");
                if (name.isEmpty()) {
                    collect(join(path, Integer.toString(i)), child, true, leaves);
                } else {
                    JsonNode unnamed = ((ObjectNode) child.deepCopy()).without(List.of("name"));
                    collect(join(path, name), unnamed, true, leaves);
                }
            }
        } else {
            leaves.put(path, node);
        }
    }

    /**
     * The paths whose values differ, in the order of the first tree. Where one has an object and the other has none, that is one
     * difference.
     */
    public static List<String> differences(JsonNode one, JsonNode other) {
        List<String> paths = new ArrayList<>();
        differences("", one, other, paths);
        return paths;
    }

    private static void differences(String path, JsonNode one, JsonNode other, List<String> paths) {
        if (one instanceof ObjectNode first && other instanceof ObjectNode second) {
            Set<String> names = new LinkedHashSet<>(first.propertyNames());
            names.addAll(second.propertyNames());
            names.forEach(name -> differences(join(path, name), first.path(name), second.path(name), paths));
        } else if (!one.equals(other)) {
            paths.add(path);
        }
    }

    /** A value as one line of text: a text as it is, all else as JSON. */
    public static String text(JsonNode leaf) {
        return leaf.isString() ? leaf.stringValue() : leaf.toString();
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
