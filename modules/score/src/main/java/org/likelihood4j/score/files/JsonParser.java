package org.likelihood4j.score.files;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recursive descent over a text, no deeper than exports are. */
final class JsonParser {
    private static final int DEEPEST = 32;
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_SHOWN = 60;

    private final String name;
    private final String text;
    private int at;
    private int depth;

    JsonParser(String name, String text) {
        this.name = name;
        this.text = text;
    }

    Object parsed() {
        Object value = value();
        space();
        if (at < text.length()) {
            throw refused("more behind the end");
        }
        return value;
    }

    /** A text of a file as it may stand in a message: not long. */
    static String printable(String text) {
        return "'" + (text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text) + "'";
    }

    private ExportException refused(String problem) {
        long line = text.substring(0, Math.min(at, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                + 1;
        return new ExportException(name + ", line " + line + ": no JSON: " + problem);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char next() {
        space();
        if (at >= text.length()) {
            throw refused("it ends too early");
        }
        return text.charAt(at);
    }

    private void take(char expected) {
        if (next() != expected) {
            throw refused("expected " + expected);
        }
        at++;
    }

    private Object value() {
        char first = next();
        if (first == '{' || first == '[') {
            if (++depth > DEEPEST) {
                throw refused("nested too deeply");
            }
            Object nested = first == '{' ? mapping() : list();
            depth--;
            return nested;
        }
        if (first == '"') {
            return string();
        }
        for (Map.Entry<String, Object> word : WORDS.entrySet()) {
            if (text.startsWith(word.getKey(), at)) {
                at += word.getKey().length();
                return word.getKey().equals("null") ? null : word.getValue();
            }
        }
        return number();
    }

    private static final Map<String, Object> WORDS = Map.of("true", true, "false", false, "null", "");

    private Map<String, Object> mapping() {
        Map<String, Object> mapping = new LinkedHashMap<>();
        take('{');
        if (next() == '}') {
            at++;
            return mapping;
        }
        while (true) {
            if (next() != '"') {
                throw refused("expected a key in quotes");
            }
            String key = string();
            take(':');
            if (mapping.containsKey(key)) {
                throw refused("the key " + printable(key) + " twice");
            }
            mapping.put(key, value());
            if (next() == '}') {
                at++;
                return mapping;
            }
            take(',');
        }
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        take('[');
        if (next() == ']') {
            at++;
            return list;
        }
        while (true) {
            list.add(value());
            if (next() == ']') {
                at++;
                return list;
            }
            take(',');
        }
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        at++;
        while (true) {
            if (at >= text.length()) {
                throw refused("a text without an end");
            }
            char c = text.charAt(at++);
            if (c == '"') {
                return string.toString();
            }
            if (c < ' ') {
                throw refused("a control character in a text");
            }
            string.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        if (c == 'u' && at + 4 <= text.length()) {
            String digits = text.substring(at, at + 4);
            if (digits.chars().allMatch(digit -> Character.digit(digit, 16) >= 0 && digit < 128)) {
                at += 4;
                return (char) Integer.parseInt(digits, 16);
            }
        }
        throw refused("an unknown escape in a text");
    }

    /** As a double; a whole number that a double would round as a long. */
    private Object number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        if (digits.length() > LONGEST_NUMBER || !digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw refused("expected a value");
        }
        double number = Double.parseDouble(digits);
        if (Double.isInfinite(number)) {
            throw refused("a number out of range");
        }
        if (Math.abs(number) > 1L << 53 && digits.matches("-?[0-9]{1,19}")) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException e) {
                return number;
            }
        }
        return number;
    }
}
