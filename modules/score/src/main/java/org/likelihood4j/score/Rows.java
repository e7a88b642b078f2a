package org.likelihood4j.score;

import java.util.Objects;

/**
 * Examples in memory: rows of stored numbers, or images as their pixels, 0 to 255, channel by channel. Not copied, and only read.
 *
 * <p><b>NoiseFill</b>, which most scores need, is a function of the seed, the name of the data and an example's number: so a row's score is the same in whatever
 * company it comes, and that of {@code ./run.sh score} where name and number are the same.
 */
public final class Rows {
    static final double LARGEST_WHOLE = 1 << 20;

    private final double[][] values;
    private final int[] labels;
    private final long first;
    private final String split;

    private Rows(double[][] values, int[] labels, long first, String split) {
        this.values = values;
        this.labels = labels;
        this.first = first;
        this.split = split;
    }

    /** Rows of stored numbers, in the model's order of columns; NaN where a cell is missing. */
    public static Rows of(double[]... values) {
        return new Rows(values, null, 0, "test");
    }

    /** Images of a byte for each pixel. */
    public static Rows ofImages(byte[]... images) {
        double[][] values = new double[images.length][];
        for (int i = 0; i < images.length; i++) {
            values[i] = new double[images[i].length];
            for (int j = 0; j < values[i].length; j++) {
                values[i][j] = images[i][j] & 0xff;
            }
        }
        return of(values);
    }

    /** The same, where the first example has another number than 0 in what it is a part of. */
    public Rows from(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("the first number must be at least 0, was " + number);
        }
        return new Rows(values, labels, number, split);
    }

    /** The same of data with another name than {@code test}. */
    public Rows ofData(String name) {
        return new Rows(values, labels, first, Objects.requireNonNull(name, "name"));
    }

    /** The same with the class of each example, 0 and up, which some models are told. */
    public Rows labelled(int... classes) {
        if (classes.length != values.length) {
            throw new IllegalArgumentException(values.length + " examples need as many labels, were " + classes.length);
        }
        return new Rows(values, classes, first, split);
    }

    public int size() {
        return values.length;
    }

    double[] values(int i) {
        return values[i];
    }

    boolean isLabelled() {
        return labels != null;
    }

    int label(int i) {
        return labels[i];
    }

    long number(int i) {
        return first + i;
    }

    String split() {
        return split;
    }
}
