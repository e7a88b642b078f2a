package org.likelihood4j.score.files;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of JSON (RFC 8259), as it is read from a file: a mapping, a list, a text, a number, a truth or nothing. What is asked of it as something
 * that it is not is refused with its place.
 */
public final class Json {
    private final String place;
    private final Object value;

    private Json(String place, Object value) {
        this.place = place;
        this.value = value;
    }

    /**
     * Parses a whole text.
     *
     * @param name of the file, for messages
     * @throws ExportException if it is no JSON; one line
     */
    public static Json parse(String name, String text) {
        return new Json(name, new JsonParser(name, text).parsed());
    }

    private ExportException refused(String expected) {
        return new ExportException(place + ": expected " + expected + ", was " + shown());
    }

    private String shown() {
        String text = value instanceof Map ? "a mapping" : value instanceof List ? "a list" : String.valueOf(value);
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }

    private Map<?, ?> mapping() {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw refused("a mapping");
    }

    /** Whether a key of a mapping is there and not null. */
    public boolean has(String key) {
        return mapping().get(key) != null;
    }

    /** What a key of a mapping has. */
    public Json get(String key) {
        Object found = mapping().get(key);
        if (found == null) {
            throw new ExportException(place + ": has no " + JsonParser.printable(key));
        }
        return new Json(place + ", " + JsonParser.printable(key), found);
    }

    /** A mapping's values by their keys, in the order of the file. */
    public Map<String, Json> entries() {
        Map<String, Json> entries = new LinkedHashMap<>();
        mapping()
                .forEach((key, held) ->
                        entries.put((String) key, new Json(place + ", " + JsonParser.printable((String) key), held)));
        return entries;
    }

    /** A list's elements. */
    public List<Json> list() {
        if (!(value instanceof List<?> list)) {
            throw refused("a list");
        }
        List<Json> elements = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            elements.add(new Json(place + "[" + i + "]", list.get(i)));
        }
        return elements;
    }

    public String text() {
        if (value instanceof String text) {
            return text;
        }
        throw refused("a text");
    }

    public boolean truth() {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw refused("true or false");
    }

    /** A number, also one of those that JSON has only as texts: {@code NaN}, {@code Infinity} and {@code -Infinity}. */
    public double number() {
        if (value instanceof Double number) {
            return number;
        }
        if ("NaN".equals(value) || "Infinity".equals(value) || "-Infinity".equals(value)) {
            return Double.parseDouble((String) value);
        }
        throw refused("a number");
    }

    /** A whole number within bounds. */
    public int integer(int least, int most) {
        if (value instanceof Double number && number == Math.rint(number) && number >= least && number <= most) {
            return (int) (double) number;
        }
        throw refused("a whole number from " + least + " to " + most);
    }

    /** A seed: a whole number of 64 bits, which was not rounded. */
    public long whole() {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) <= 1L << 53) {
            return (long) (double) number;
        }
        throw refused("a whole number");
    }

    /** A list of whole numbers within bounds. */
    public int[] integers(int least, int most) {
        return list().stream().mapToInt(element -> element.integer(least, most)).toArray();
    }

    /** A list of numbers. */
    public double[] numbers() {
        return list().stream().mapToDouble(Json::number).toArray();
    }

    /** A list of texts. */
    public List<String> texts() {
        return list().stream().map(Json::text).toList();
    }

    /** Whether it is a text. */
    public boolean isText() {
        return value instanceof String;
    }

    /** The exception of a value that means nothing where it is. */
    public ExportException unknown(String expected) {
        return refused(expected);
    }
}
