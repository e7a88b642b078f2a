package org.likelihood4j.laboratory.lessons;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.likelihood4j.laboratory.verify.Matrices;
import org.likelihood4j.random.CounterRandom;

/** Rows of numbers {@code [N][size]}, as formulas take them. */
public final class NumberRows {
    private NumberRows() {}

    /** Each number as a row of its own. */
    public static double[][] column(double... values) {
        return Arrays.stream(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
    }

    /** One number of each row. */
    public static double[] take(int column, double[][] rows) {
        return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
    }

    /** The same row again and again. */
    public static double[][] repeated(int count, double... row) {
        return IntStream.range(0, count).mapToObj(i -> row.clone()).toArray(double[][]::new);
    }

    /** Standard normal draws, the same on every machine. */
    public static double[][] normal(int count, int size, long seed) {
        double[] flat = new double[count * size];
        CounterRandom.fillNormal(CounterRandom.key(seed, "lesson/normal"), flat, 0, flat.length);
        return Matrices.rows(flat, size);
    }

    /** Draws that are uniform on [0, 1), the same on every machine. */
    public static double[][] uniform(int count, int size, long seed) {
        double[] flat = new double[count * size];
        CounterRandom.fillUniform(CounterRandom.key(seed, "lesson/uniform"), flat, 0, flat.length);
        return Matrices.rows(flat, size);
    }

    /** {@code from} to {@code to}, evenly, both ends included. */
    public static double[] range(double from, double to, int count) {
        return IntStream.range(0, count)
                .mapToDouble(i -> from + (to - from) * i / (count - 1))
                .toArray();
    }
}
