package org.likelihood4j.report;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.io.JsonLeaves;
import org.likelihood4j.io.Printable;
import tools.jackson.databind.JsonNode;

/** Takes from JSON that anyone may have written what is a number or a text, and passes the rest over. */
final class JsonValues {
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");
    private static final int MOST_TEXTS = 200;

    private JsonValues() {}

    /** The number; NaN if there is none, or none that is finite. */
    static double number(JsonNode node) {
        return numberOr(node, Double.NaN);
    }

    static double numberOr(JsonNode node, double otherwise) {
        if (!node.isNumber()) {
            return otherwise;
        }
        double value = node.asDouble(Double.NaN);
        return Double.isFinite(value) ? value : otherwise;
    }

    /** The members that are numbers, or said to be not finite, without those named; empty if it is no object. */
    static Map<String, Double> numbers(JsonNode object, String... without) {
        Set<String> left = new HashSet<>(List.of(without));
        Map<String, Double> values = new LinkedHashMap<>();
        object.properties().forEach(member -> {
            JsonNode value = member.getValue();
            boolean number = value.isNumber() || value.isNull() || NOT_FINITE.contains(value.asString(""));
            if (number && !left.contains(member.getKey())) {
                values.put(name(member.getKey()), number(value));
            }
        });
        return values;
    }

    static double[] array(JsonNode list) {
        double[] values = new double[list.isArray() ? list.size() : 0];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(list.get(i));
        }
        return values;
    }

    /** The leaves of an object as texts, with paths such as {@code data_sha256.train} for names. */
    static Map<String, String> flat(JsonNode object) {
        Map<String, String> values = new LinkedHashMap<>();
        JsonLeaves.of(object).forEach((path, leaf) -> {
            if (!path.isEmpty() && !leaf.isObject() && values.size() < MOST_TEXTS) {
                values.put(Printable.line(path), Printable.line(JsonLeaves.text(leaf)));
            }
        });
        return values;
    }

    /** A name that a file gives, fit to be shown. */
    static String name(String text) {
        return Printable.shorten(Printable.line(text));
    }

    /** A number without the fraction that it does not have. */
    static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
