package org.likelihood4j.config.schema;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.Range;
import org.likelihood4j.config.yaml.RecordShape;

/**
 * The reference page of the configuration in Markdown: every key with its default, the values that it takes and its meaning.
 *
 * <p>All of it comes from the records, as the JSON Schema does: see {@link ConfigSchema}.
 */
public final class ConfigPage {
    private static final String HEAD = """
            # Configuration

            <!-- Made from the configuration's records: ./run.sh schema --markdown --output docs/configuration.md. A test compares. -->

            A config is one YAML file. Every key has a default, except `model.type` and the `path` of a file or folder. An unknown
            key, a wrong type or a value out of range is refused before anything is built.

            ```bash
            ./run.sh validate CONFIG                  # checks a config; --resolved prints every value
            ./run.sh train CONFIG --set KEY=VALUE     # overrides any key
            ./run.sh init --output mine.yaml          # writes a config to start from, every key with its meaning
            ```

            `--set` takes lists and maps in YAML's short form. `null` gives a key its default. Setting a `type` restarts its
            section. Editors check configs by [configs/schema.json](../configs/schema.json), which the first line of each config
            names.

            What a section is by default may depend on others: a flow has no `loss` and no `diagnostics`.
            """;

    private static final String TABLE = "\n| key | default | values | meaning |\n|---|---|---|---|\n";

    /** What the column of defaults says already, at the end of a meaning. */
    private static final Pattern DEFAULT = Pattern.compile("[;,] default (\\S+)$");

    /** What the column of values says already, at the end of a meaning. */
    private static final Pattern BOUNDS = Pattern.compile(
            "; (?:positive|at least \\S+|\\S+ to \\S+|(?:at least|above) \\S+ and (?:below|at most) \\S+)$");

    private static final Pattern PAGE = Pattern.compile("docs/([a-z-]+\\.md)");

    private final StringBuilder page = new StringBuilder(HEAD);

    private ConfigPage() {}

    /** The page, as it is shipped in {@code docs/configuration.md}. */
    public static String markdown() {
        ConfigPage writer = new ConfigPage();
        writer.page.append("\n## The run\n").append(TABLE);
        writer.rows(RunConfig.class, null, "", "", false);
        RecordShape.components(RunConfig.class).forEach((key, type) -> {
            if (isSection(type)) {
                writer.section(key, (Class<?>) type);
            }
        });
        return writer.page.toString();
    }

    private void section(String key, Class<?> type) {
        page.append("\n## ").append(key).append("\n\n").append(sentence(Descriptions.of(RunConfig.class, key)));
        if (!type.isSealed()) {
            page.append(TABLE);
            rows(type, null, key + ".", "", true);
            return;
        }
        page.append(TABLE);
        typeRow(type, key + ".", "");
        RecordShape.written(type).forEach((name, record) -> {
            page.append("\n### ").append(key).append(": {type: ").append(name).append("}\n\n");
            page.append(Descriptions.of(record)).append('\n');
            if (!RecordShape.components(record).isEmpty()) {
                page.append(TABLE);
                rows(record, null, key + ".", "", true);
            }
        });
    }

    /**
     * A row for each key of a section.
     *
     * @param given the section as its owner has it by default; null if it has none
     * @param path before each key, such as {@code model.}
     * @param of what is said behind each key, such as the type that has it
     * @param deep whether sections within get rows too
     */
    private void rows(Class<?> record, Record given, String path, String of, boolean deep) {
        DefaultSection blank = DefaultSection.of(record);
        RecordShape.components(record).forEach((key, type) -> {
            if (!deep && isSection(type)) {
                return;
            }
            Object fallback = given != null ? DefaultSection.component(given, key) : blank.fallback(key);
            row(record, key, type, fallback, blank, path, of);
            if (isSection(type)) {
                within((Class<?>) type, (Record) fallback, path + key + ".", of);
            }
        });
    }

    private void within(Class<?> type, Record fallback, String path, String of) {
        if (!type.isSealed()) {
            rows(type, fallback, path, of, true);
            return;
        }
        typeRow(type, path, of);
        RecordShape.written(type).forEach((name, record) -> {
            boolean same = fallback != null && fallback.getClass() == record;
            rows(record, same ? fallback : null, path, " of `" + name + "`", true);
        });
    }

    private void typeRow(Class<?> sealed, String path, String of) {
        String byDefault = RecordShape.defaultType(sealed);
        StringBuilder meaning = new StringBuilder(Descriptions.of(sealed));
        RecordShape.written(sealed).forEach((name, record) -> meaning.append(choice(name, Descriptions.of(record))));
        line(path + "type", of, byDefault == null ? "required" : code(byDefault), "", meaning.toString());
    }

    private void row(
            Class<?> record, String key, Type type, Object fallback, DefaultSection blank, String path, String of) {
        boolean required = blank.required().contains(key) && record != RunConfig.class;
        String shown = required ? "required" : fallback == null ? "none" : code(flow(fallback));
        String meaning = Descriptions.of(record, key).replaceFirst("; required$", "");
        if (isSection(type)) {
            shown = fallback == null ? "none" : "see below";
        } else if (fallback != null) {
            meaning = shortened(meaning, flow(fallback));
        }
        line(path + key, of, shown, values(type, blank.rules(), key), meaning + choices(type));
    }

    private void line(String key, String of, String fallback, String values, String meaning) {
        String linked = PAGE.matcher(meaning.replace("|", "\\|")).replaceAll("[$1]($1)");
        String text = String.join(" | ", code(key) + of, fallback, values, linked);
        page.append("| ").append(text.replace("|  |", "| |")).append(" |\n");
    }

    private static String sentence(String meaning) {
        return meaning.substring(0, 1).toUpperCase(Locale.ROOT) + meaning.substring(1) + ".\n";
    }

    private static boolean isSection(Type type) {
        return type instanceof Class<?> section && (section.isRecord() || section.isSealed());
    }

    /** Without the default and the bounds, which have columns of their own. */
    private static String shortened(String meaning, String fallback) {
        Matcher tail = DEFAULT.matcher(meaning);
        if (!tail.find() || !isSame(tail.group(1), fallback)) {
            return meaning;
        }
        return BOUNDS.matcher(meaning.substring(0, tail.start())).replaceFirst("");
    }

    private static boolean isSame(String written, String fallback) {
        try {
            return Double.parseDouble(written) == Double.parseDouble(fallback);
        } catch (NumberFormatException e) {
            return written.equals(fallback);
        }
    }

    private static String values(Type declared, Map<String, Object> rules, String key) {
        Object rule = rules.get(key);
        if (declared instanceof ParameterizedType list) {
            String elements = values(list.getActualTypeArguments()[0], rules, key + "[]");
            return "a list" + (rule == null ? "" : ", at most " + rule)
                    + (elements.isEmpty() ? "" : "; each " + elements);
        }
        Class<?> type = (Class<?>) declared;
        if (type == Boolean.class) {
            return "`true`, `false`";
        } else if (type == String.class) {
            return "text";
        } else if (type.isEnum()) {
            return String.join(
                    ", ",
                    RecordShape.choices(type).stream().map(ConfigPage::code).toList());
        } else if (isSection(type)) {
            return "";
        }
        String kind = type == Double.class ? "number" : "whole number";
        return rule instanceof Range range ? kind + ", " + interval(range) : kind;
    }

    private static String interval(Range range) {
        String from = (range.withMin() ? "at least " : "above ") + number(range.min());
        // The greatest int is no limit that anybody meets.
        if (range.max() >= Integer.MAX_VALUE) {
            return from;
        } else if (range.withMin() && range.withMax()) {
            return number(range.min()) + " to " + number(range.max());
        }
        return from + (range.withMax() ? ", at most " : ", below ") + number(range.max());
    }

    private static String choices(Type declared) {
        Type type = declared instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : declared;
        StringBuilder choices = new StringBuilder();
        if (type instanceof Class<?> plain && plain.isEnum()) {
            for (Object constant : plain.getEnumConstants()) {
                choices.append(choice(constant.toString(), Descriptions.of((Enum<?>) constant)));
            }
        }
        return choices.toString();
    }

    private static String choice(String name, String description) {
        return "<br>" + code(name) + ": " + description;
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    /** A value as a person writes it in YAML. */
    private static String flow(Object value) {
        if (value instanceof List<?> elements) {
            return "["
                    + String.join(", ", elements.stream().map(ConfigPage::flow).toList()) + "]";
        }
        return value instanceof Double number ? number(number) : value.toString();
    }

    private static String number(double value) {
        return new DecimalFormat(
                        value == 0 || Math.abs(value) >= 1e-3 ? "0.######" : "0.######E0",
                        DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(value)
                .replace("E", "e");
    }
}
