package org.likelihood4j.config.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Wording;
import org.likelihood4j.io.Printable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A configuration between text and records: the tree, and for each path where its value came from. */
final class ConfigTree {
    private static final Pattern KEY = Pattern.compile("[^.\\s=]{1," + YamlReader.MAX_KEY + "}");

    private final String fileName;
    private final ObjectNode root;
    private final Map<String, String> origins;

    private ConfigTree(String fileName, ObjectNode root, Map<String, String> origins) {
        this.fileName = fileName;
        this.root = root;
        this.origins = origins;
    }

    static ConfigTree parse(String yaml, String fileName) {
        YamlReader.Parsed parsed = YamlReader.read(yaml, "", line -> fileName + ":" + line);
        if (parsed.value().isNull()) {
            throw new ConfigException(fileName, "", "the file is empty");
        }
        if (!(parsed.value() instanceof ObjectNode root)) {
            throw new ConfigException(
                    fileName + ":1",
                    "",
                    "expected a mapping of keys to values, was " + Wording.describe(parsed.value()));
        }
        return new ConfigTree(fileName, root, parsed.origins());
    }

    ObjectNode root() {
        return root;
    }

    /** The complaint about a path, told from the nearest place that is known to have decided it. */
    ConfigException failure(String path, String problem) {
        String at = path;
        while (!at.isEmpty() && !origins.containsKey(at)) {
            at = parent(at);
        }
        return new ConfigException(origins.getOrDefault(at, fileName), path, problem);
    }

    /**
     * Applies overrides of the form {@code a.b.c=value}. Types come first, outer before inner, so that the order on the
     * command line does not matter between a type and the keys that belong to it.
     */
    void apply(List<String> overrides) {
        List<Change> parsed = new ArrayList<>();
        for (String override : overrides) {
            parsed.add(Change.parse(override));
        }
        parsed.sort(Comparator.comparingInt(o ->
                o.path().equals("type") || o.path().endsWith(".type") ? o.keys().size() : Integer.MAX_VALUE));
        parsed.forEach(this::apply);
    }

    private void apply(Change change) {
        ObjectNode section = root;
        String path = "";
        List<String> keys = change.keys();
        for (String key : keys.subList(0, keys.size() - 1)) {
            path = YamlReader.join(path, key);
            JsonNode child = section.get(key);
            if (child == null || child.isNull()) {
                child = section.putObject(key);
                origins.put(path, change.label());
            }
            if (!(child instanceof ObjectNode mapping)) {
                throw new ConfigException(change.label(), path, "has no keys to set, it is " + Wording.describe(child));
            }
            section = mapping;
        }
        String last = keys.get(keys.size() - 1);
        if (last.equals("type") && !path.isEmpty() && !change.value().equals(section.get("type"))) {
            // The other keys belong to the type that was there before.
            section.removeAll();
            forgetBelow(path);
            origins.put(path, change.label());
        }
        forgetBelow(change.path());
        section.set(last, change.value());
        origins.put(change.path(), change.label());
        origins.putAll(change.origins());
    }

    private void forgetBelow(String path) {
        origins.keySet().removeIf(p -> p.startsWith(path + ".") || p.startsWith(path + "["));
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }

    /** One {@code a.b.c=value}, its value read as YAML. */
    private record Change(String label, List<String> keys, JsonNode value, Map<String, String> origins) {
        static Change parse(String text) {
            String label = "--set " + Printable.shorten(text);
            int equals = text.indexOf('=');
            String key = text.substring(0, Math.max(0, equals));
            List<String> keys = List.of(key.split("\\.", -1));
            if (keys.size() > YamlReader.MAX_DEPTH
                    || !keys.stream().allMatch(part -> KEY.matcher(part).matches())) {
                throw new ConfigException(label, "", "expected key=value, such as training.epochs=5");
            }
            String yaml = text.substring(equals + 1);
            if (yaml.length() == 1
                    && "~'\"".indexOf(yaml.charAt(0)) < 0
                    && !Character.isLetterOrDigit(yaml.charAt(0))) {
                // Such as a delimiter, whose quotation marks the shell has taken: YAML has other uses for most of
                // these.
                return new Change(label, keys, JsonNodeFactory.instance.stringNode(yaml), Map.of());
            }
            if (yaml.isBlank()) {
                throw new ConfigException(label, key, "has no value; null gives the default back");
            }
            YamlReader.Parsed parsed = YamlReader.read(yaml, key, line -> label);
            return new Change(label, keys, parsed.value(), parsed.origins());
        }

        String path() {
            return String.join(".", keys);
        }
    }
}
