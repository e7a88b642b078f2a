package org.likelihood4j.score.program;

import org.likelihood4j.score.files.Json;

/** A number of rows or columns: {@code size}, or {@code size} times the number N of examples. */
record Extent(int size, boolean perExample) {
    /** More numbers of one value are none of a model's. */
    static final int MOST = 1 << 28;

    static final Extent ONE = new Extent(1, false);

    /** A number, or a text such as {@code "N"} and {@code "49N"}. */
    static Extent read(Json json) {
        if (!json.isText()) {
            return new Extent(json.integer(1, MOST), false);
        }
        String text = json.text();
        if (!text.matches("([1-9][0-9]{0,8})?N")) {
            throw json.unknown("a number, or a multiple of N");
        }
        String factor = text.substring(0, text.length() - 1);
        return new Extent(factor.isEmpty() ? 1 : Integer.parseInt(factor), true);
    }

    boolean isOne() {
        return equals(ONE);
    }

    /** For N examples. */
    int of(int examples) {
        return perExample ? size * examples : size;
    }

    Extent times(int factor) {
        return new Extent(Math.multiplyExact(size, factor), perExample);
    }

    @Override
    public String toString() {
        return !perExample ? Integer.toString(size) : size == 1 ? "N" : size + "N";
    }
}
