package org.likelihood4j.score;

import java.util.Objects;

/**
 * Examples in memory: rows of stored numbers, or images as their pixels, 0 to 255, channel by channel. Not copied, and only read.
 *
 * <p><b>Noise</b>, which most scores need, is a function of the seed, the name of the data and an example's number: so a row's score is the same in whatever
 * company it comes, and that of {@code ./run.sh score} where name and number are the same. The name is {@code input}, as of a file that {@code score --input} reads,
 * and the first number 0, unless {@link #ofData} and {@link #from} say otherwise.
 */
public final class Rows {
    static final double LARGEST_WHOLE = 1 << 20;

    /** As the framework calls the data of a file. */
    private static final String INPUT = "input";

    private final double[][] values;
    private final boolean images;
    private final int[] labels;
    private final long first;
    private final String split;

    private Rows(double[][] values, boolean images, int[] labels, long first, String split) {
        this.values = values;
        this.images = images;
        this.labels = labels;
        this.first = first;
        this.split = split;
    }

    /** Rows of stored numbers, in the model's order of columns; NaN where a cell is missing. */
    public static Rows of(double[]... values) {
        for (int i = 0; i < values.length; i++) {
            requirePresent(values[i], i);
        }
        return new Rows(values, false, null, 0, INPUT);
    }

    /** The same of float32, such as another library has them. */
    public static Rows ofFloats(float[]... values) {
        double[][] doubles = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            requirePresent(values[i], i);
            doubles[i] = new double[values[i].length];
            for (int j = 0; j < doubles[i].length; j++) {
                doubles[i][j] = values[i][j];
            }
        }
        return of(doubles);
    }

    /** Images of a byte for each pixel. */
    public static Rows ofImages(byte[]... images) {
        double[][] values = new double[images.length][];
        for (int i = 0; i < images.length; i++) {
            requirePresent(images[i], i);
            values[i] = new double[images[i].length];
            for (int j = 0; j < values[i].length; j++) {
                values[i][j] = images[i][j] & 0xff;
            }
        }
        return new Rows(values, true, null, 0, INPUT);
    }

    private static void requirePresent(Object example, int place) {
        if (example == null) {
            throw new NullPointerException("the example at place " + place + " is null");
        }
    }

    /** The same, where the first example has another number than 0 in what it is a part of. */
    public Rows from(long number) {
        if (number < 0 || number > Long.MAX_VALUE - values.length) {
            throw new IllegalArgumentException("the first number must be at least 0, and leave room for "
                    + values.length + " rows, was " + number);
        }
        return new Rows(values, images, labels, number, split);
    }

    /** The same of data with another name than {@code input}: {@code test} are a run's own. */
    public Rows ofData(String name) {
        return new Rows(values, images, labels, first, Objects.requireNonNull(name, "name"));
    }

    /** The same with the class of each example, 0 and up, which some models are told; others do not look at it. */
    public Rows labelled(int... classes) {
        if (classes.length != values.length) {
            throw new IllegalArgumentException(values.length + " examples need as many labels, were " + classes.length);
        }
        return new Rows(values, images, classes, first, split);
    }

    public int size() {
        return values.length;
    }

    double[] values(int i) {
        return values[i];
    }

    boolean isOfImages() {
        return images;
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
