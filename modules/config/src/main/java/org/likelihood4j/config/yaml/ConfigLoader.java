package org.likelihood4j.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.config.ModelTypes;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.io.JsonLeaves;
import org.likelihood4j.io.SmallFiles;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;
import tools.jackson.dataformat.yaml.util.StringQuotingChecker;

/**
 * Reads and writes configurations.
 *
 * <p>An override is {@code a.b.c=value}, its value read as YAML, so lists and mappings work:
 * {@code model.encoder.hidden=[200, 100]}. {@code null} gives a key its default back. Later overrides win over earlier
 * ones. Setting a section's {@code type} to another type starts that section afresh, since the keys that were there
 * belong to the old type; types are applied before the other overrides, wherever they stand in the list.
 */
public final class ConfigLoader {
    private static final int MAX_BYTES = 1 << 20;
    /** Made at their first use: a kind of model that cannot be used is a line, not a class that cannot be loaded. */
    private static volatile JsonMapper binder;

    private static volatile YAMLMapper writer;

    private ConfigLoader() {}

    private static JsonMapper binder() {
        if (binder == null) {
            binder = JsonMapper.builder().registerSubtypes(modelTypes()).build();
        }
        return binder;
    }

    private static YAMLMapper writer() {
        if (writer == null) {
            writer = YAMLMapper.builder(YAMLFactory.builder()
                            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                            .disable(YAMLWriteFeature.USE_NATIVE_TYPE_ID)
                            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                            .stringQuotingChecker(new Quoting())
                            .build())
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .registerSubtypes(modelTypes())
                    .build();
        }
        return writer;
    }

    private static NamedType[] modelTypes() {
        return ModelTypes.all().entrySet().stream()
                .map(type -> new NamedType(type.getValue(), type.getKey()))
                .toArray(NamedType[]::new);
    }

    /**
     * Reads a configuration file.
     *
     * @param yaml the file, UTF-8 and at most 1 MiB
     * @param overrides changes to it, see above
     * @throws ConfigException if the file cannot be read or says something that is not valid
     */
    public static RunConfig load(Path yaml, List<String> overrides) {
        return read(tree(readText(yaml), yaml.toString()), yaml.toString(), overrides, true);
    }

    /**
     * Reads a configuration from text. Where it has no section {@code data}, its data may still come from elsewhere; what depends on
     * them waits ({@link RunConfig#withData}).
     *
     * @param yaml the text
     * @param fileName the name for messages; its base name makes the default of {@code name}
     * @param overrides changes to it, see above
     * @throws ConfigException if the text or an override is not valid
     */
    public static RunConfig parse(String yaml, String fileName, List<String> overrides) {
        return read(tree(yaml, fileName), fileName, overrides, false);
    }

    /**
     * Reads what {@link #toYaml} wrote, as a run keeps it: a key that the version which wrote it did not have means what that version
     * did.
     *
     * @throws ConfigException as {@link #load}
     */
    public static RunConfig loadRecorded(Path yaml, List<String> overrides) {
        return parseRecorded(readText(yaml), yaml.toString(), overrides);
    }

    /** The same from text, as {@link #parse}. */
    public static RunConfig parseRecorded(String yaml, String fileName, List<String> overrides) {
        ConfigTree tree = tree(yaml, fileName);
        OlderConfig.upgrade(tree.root());
        return read(tree, fileName, overrides, true);
    }

    private static ConfigTree tree(String yaml, String fileName) {
        if (yaml.length() > MAX_BYTES) {
            throw new ConfigException(fileName, "", "larger than 1 MiB");
        }
        return ConfigTree.parse(yaml, fileName);
    }

    /** @param whole whether what says nothing of its data is of the default ones */
    private static RunConfig read(ConfigTree tree, String fileName, List<String> overrides, boolean whole) {
        TreeCheck.nameTypes(tree.root());
        ConditionList.expand(tree, false);
        tree.apply(overrides);
        if (!tree.root().hasNonNull("name")) {
            tree.root().put("name", RunConfig.nameOf(baseName(fileName)));
        }
        if (whole && !tree.root().hasNonNull("data")) {
            tree.root().putObject("data");
        }
        ColumnMapping.expand(tree);
        ConditionList.expand(tree, true);
        TreeCheck.check(tree);
        try {
            return binder().treeToValue(tree.root(), RunConfig.class);
        } catch (JacksonException e) {
            String path = path(e);
            if (e.getCause() instanceof ConfigException rule) {
                throw tree.failure(YamlReader.join(path, rule.key()), rule.problem());
            }
            throw tree.failure(path, "not a valid value");
        }
    }

    /** The configuration with every value written out. Reading it gives an equal configuration. */
    public static String toYaml(RunConfig config) {
        return writer().writeValueAsString(config);
    }

    /** The same as a tree, for JSON. */
    public static JsonNode toTree(RunConfig config) {
        return tree(config);
    }

    public static JsonNode tree(Record section) {
        return binder().valueToTree(section);
    }

    /** The keys whose values differ, such as {@code training.epochs}, in the order of the first. */
    public static List<String> differences(RunConfig one, RunConfig other) {
        return JsonLeaves.differences(binder().valueToTree(one), binder().valueToTree(other));
    }

    /**
     * Each key of a file with its value as one line of text, such as {@code model.encoder.hidden} and {@code [200, 100]}, in the
     * file's order; nothing is checked but that it is YAML, so that files of other versions can be shown.
     *
     * @throws ConfigException if the file cannot be read
     */
    public static Map<String, String> values(Path yaml) {
        Map<String, String> values = new LinkedHashMap<>();
        JsonLeaves.of(ConfigTree.parse(readText(yaml), yaml.toString()).root())
                .forEach((path, value) -> values.put(path, JsonLeaves.text(value)));
        return values;
    }

    private static String readText(Path file) {
        String name = file.toString();
        if (Files.isDirectory(file)) {
            throw new ConfigException(name, "", "is a folder, expected a YAML file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new ConfigException(name, "", "no such file");
        } catch (AccessDeniedException e) {
            throw new ConfigException(name, "", "cannot be read, permission denied");
        } catch (IOException e) {
            throw new ConfigException(name, "", "cannot be read");
        }
        if (bytes.length > MAX_BYTES) {
            throw new ConfigException(name, "", "larger than 1 MiB");
        }
        try {
            String text = SmallFiles.text(bytes);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (IOException e) {
            throw new ConfigException(name, "", "not UTF-8 text");
        }
    }

    private static String baseName(String fileName) {
        String base = fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
        return base.replaceFirst("\\.ya?ml$", "");
    }

    private static String path(JacksonException e) {
        String path = "";
        for (JacksonException.Reference step : e.getPath()) {
            path = step.getPropertyName() == null
                    ? path + "[" + step.getIndex() + "]"
                    : YamlReader.join(path, step.getPropertyName());
        }
        return path;
    }

    /** Quotes what the reader would otherwise take for a number, a boolean or null. */
    private static final class Quoting extends StringQuotingChecker {
        @Override
        public boolean needToQuoteName(String name) {
            return YamlReader.needsQuotes(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return YamlReader.needsQuotes(value);
        }
    }
}
