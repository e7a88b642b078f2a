package org.likelihood4j.config.yaml;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Wording;
import org.likelihood4j.io.Printable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one YAML 1.2 document (core schema) into a tree, and remembers where each key was written.
 *
 * <p>It works on the parser's events, because a finished tree has forgotten its lines, a repeated key, and whether a
 * number was written as text. What a configuration has no use for is refused: aliases (which can grow without bound),
 * tags, several documents, deep nesting, numbers that are not finite, and keys, lists and whole documents larger than any
 * configuration: each value costs a path and a place, so that their number and length bound the memory.
 */
public final class YamlReader {
    static final int MAX_DEPTH = 16;
    static final int MAX_KEY = 100;
    private static final int MAX_VALUES = 10_000;
    private static final int MAX_DIGITS = 100;
    private static final ScalarResolver SCALARS = new CoreSchema().getScalarResolver();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final IntFunction<String> origin;
    private final Map<String, String> origins = new HashMap<>();
    private final Iterator<Event> events;
    private int values;
    private int line = 1;

    private YamlReader(String yaml, IntFunction<String> origin) {
        this.origin = origin;
        // All of the text at once: in pieces, the parser copies what it has of a long word with each further one.
        LoadSettings settings =
                LoadSettings.builder().setBufferSize(yaml.length() + 16).build();
        this.events = new Parse(settings).parseString(yaml).iterator();
    }

    /** A value, and for each path in it the place where its key was written. */
    public record Parsed(JsonNode value, Map<String, String> origins) {}

    /**
     * Reads a document.
     *
     * @param yaml the text; nothing but comments reads as null
     * @param path the path of the value within the configuration, "" for the whole
     * @param origin names the place of a line, counted from 1
     */
    public static Parsed read(String yaml, String path, IntFunction<String> origin) {
        YamlReader reader = new YamlReader(yaml, origin);
        try {
            return new Parsed(reader.document(path), reader.origins);
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            String where = mark == null ? origin.apply(1) : origin.apply(mark.getLine() + 1);
            String column = mark == null ? "" : " at column " + (mark.getColumn() + 1);
            throw new ConfigException(where, path, "not valid YAML" + column + ": " + e.getProblem());
        } catch (ReaderException e) {
            String before = yaml.substring(0, yaml.offsetByCodePoints(0, e.getPosition()));
            String where =
                    origin.apply(1 + (int) before.chars().filter(c -> c == '\n').count());
            String character = String.format("U+%04X", e.getCodePoint());
            throw new ConfigException(where, path, "not valid YAML: the character " + character + " is not allowed");
        } catch (IllegalArgumentException e) {
            // The library's own slip: it takes the digits of an escape for a number without a look at them.
            throw new ConfigException(
                    origin.apply(reader.line), path, "not valid YAML: a malformed escape here or below");
        } catch (YamlEngineException e) {
            throw new ConfigException(origin.apply(1), path, "not valid YAML: only version 1 documents can be read");
        }
    }

    private Event next() {
        Event event = events.next();
        line = line(event);
        return event;
    }

    private JsonNode document(String path) {
        next(); // start of stream
        if (next().getEventId() == Event.ID.StreamEnd) {
            return NODES.nullNode();
        }
        JsonNode value = value(next(), path, 0);
        next(); // end of document
        Event after = next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            throw failure(after, path, "more than one YAML document");
        }
        return value;
    }

    private JsonNode value(Event event, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw failure(event, path, "nested deeper than " + MAX_DEPTH + " levels");
        }
        if (++values > MAX_VALUES) {
            throw failure(event, path, "more than " + MAX_VALUES + " values");
        }
        Optional<String> tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
        if (tag.isPresent()) {
            throw failure(event, path, "tags (" + Printable.shorten(tag.get()) + ") are not supported");
        }
        return switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event, path);
            case SequenceStart -> list(path, depth);
            case MappingStart -> mapping(path, depth);
            case Alias ->
                throw failure(
                        event,
                        path,
                        "aliases (*"
                                + Printable.shorten(
                                        ((AliasEvent) event).getAlias().toString()) + ") are not supported");
            default -> throw failure(event, path, "not valid YAML");
        };
    }

    private ArrayNode list(String path, int depth) {
        ArrayNode list = NODES.arrayNode();
        for (Event e = next(); e.getEventId() != Event.ID.SequenceEnd; e = next()) {
            String element = path + "[" + list.size() + "]";
            origins.put(element, place(e));
            list.add(value(e, element, depth + 1));
        }
        return list;
    }

    private ObjectNode mapping(String path, int depth) {
        ObjectNode mapping = NODES.objectNode();
        for (Event e = next(); e.getEventId() != Event.ID.MappingEnd; e = next()) {
            if (!(e instanceof ScalarEvent name)) {
                throw failure(e, path, "a key must be plain text");
            }
            if (name.getValue().length() > MAX_KEY) {
                throw failure(
                        e, path, "a key of more than " + MAX_KEY + " characters: " + Wording.quote(name.getValue()));
            }
            String key = join(path, name.getValue());
            if (!Printable.isUnicode(name.getValue())) {
                throw failure(e, key, "half a character");
            }
            if (mapping.has(name.getValue())) {
                throw failure(e, key, "duplicate key, already at " + origins.get(key));
            }
            origins.put(key, place(e));
            mapping.set(name.getValue(), value(next(), key, depth + 1));
        }
        return mapping;
    }

    private JsonNode scalar(ScalarEvent event, String path) {
        String text = event.getValue();
        if (!Printable.isUnicode(text)) {
            throw failure(event, path, "half a character: " + Wording.quote(text));
        }
        Tag type = SCALARS.resolve(text, event.isPlain());
        if (type.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (type.equals(Tag.BOOL)) {
            return NODES.booleanNode(text.toLowerCase(Locale.ROOT).equals("true"));
        }
        boolean whole = type.equals(Tag.INT);
        if (!whole && !type.equals(Tag.FLOAT)) {
            return NODES.stringNode(text);
        }
        if (text.length() > MAX_DIGITS) {
            throw failure(event, path, "a number of more than " + MAX_DIGITS + " characters");
        }
        if (whole) {
            return wholeNumber(text);
        }
        double number = text.matches("[-+]?\\.(?i:inf|nan)") ? Double.NaN : Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw failure(event, path, "must be a finite number, was " + text);
        }
        return NODES.numberNode(number);
    }

    private static JsonNode wholeNumber(String text) {
        int radix = text.startsWith("0x") ? 16 : text.startsWith("0o") ? 8 : 10;
        BigInteger number = new BigInteger(radix == 10 ? text : text.substring(2), radix);
        return number.bitLength() < Integer.SIZE
                ? NODES.numberNode(number.intValue())
                : number.bitLength() < Long.SIZE ? NODES.numberNode(number.longValue()) : NODES.numberNode(number);
    }

    /** Whether the text, written without quotes, would read as something else than itself. */
    public static boolean needsQuotes(String text) {
        return !text.matches("[A-Za-z0-9._][A-Za-z0-9._-]*")
                || !SCALARS.resolve(text, true).equals(Tag.STR);
    }

    public static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String place(Event event) {
        return origin.apply(line(event));
    }

    private static int line(Event event) {
        return event.getStartMark().map(m -> m.getLine() + 1).orElse(1);
    }

    private ConfigException failure(Event event, String path, String problem) {
        return new ConfigException(place(event), path, problem);
    }
}
