package org.likelihood4j.score;

import java.util.Arrays;
import java.util.List;
import org.likelihood4j.score.ScorerFunction.Input;
import org.likelihood4j.score.ScorerFunction.Kind;
import org.likelihood4j.score.files.ExampleException;
import org.likelihood4j.score.files.ExportException;

/**
 * How examples become the inputs of functions.
 *
 * @param columns of rows; empty of images
 * @param dimension numbers of an example
 * @param conditionClasses how many classes the model is told examples to be of; 0 of most
 * @param leavesOut whether the model can leave missing cells out
 * @param single whether the model's numbers are float32
 * @param seed of noise that is renewed
 * @param runSeed of noise that an example has once and for all
 */
record ExampleInputs(
        List<ExportColumn> columns,
        int dimension,
        int conditionClasses,
        boolean leavesOut,
        boolean single,
        long seed,
        long runSeed) {
    /**
     * Checks that rows are what a function takes.
     *
     * @throws ExampleException if not, by their numbers
     */
    void check(ScorerFunction function, Rows rows) {
        requireKind(rows);
        if (function.has(Kind.CONDITION) && !rows.isLabelled()) {
            throw new ExampleException("the model is told each example's class: give labels");
        }
        for (int i = 0; i < rows.size(); i++) {
            requireLength(rows, i);
            for (int j = 0; j < dimension; j++) {
                checkCell(rows, i, j, rows.values(i)[j]);
            }
            if (function.has(Kind.CONDITION)) {
                requireClass(rows.label(i));
            }
        }
    }

    /**
     * Checks what a function is told of each row; whatever else a row has is not looked at.
     *
     * @throws ExampleException if not, by their numbers
     */
    void checkTold(ScorerFunction function, Rows rows) {
        boolean classes = function.has(Kind.CONDITION);
        if (classes && !rows.isLabelled()) {
            throw new ExampleException("the model is told each example's class: give labels");
        }
        for (int i = 0; i < rows.size(); i++) {
            if (classes) {
                requireClass(rows.label(i));
            }
            for (Input input : function.inputs().values()) {
                for (int place : input.places()) {
                    requireLength(rows, i);
                    checkCell(rows, i, place, rows.values(i)[place]);
                }
            }
        }
    }

    /** Rows without anything. */
    Rows blank(int count) {
        double[][] rows = new double[count][];
        Arrays.fill(rows, new double[dimension]);
        return Rows.of(rows);
    }

    private void requireKind(Rows rows) {
        if (rows.isOfImages() && !columns.isEmpty()) {
            throw new ExampleException("the model takes rows, of the columns "
                    + ExportColumn.names(
                            columns.stream().map(ExportColumn::name).toList()) + ", not images");
        }
    }

    private void requireLength(Rows rows, int i) {
        if (rows.values(i).length != dimension) {
            throw new ExampleException((columns.isEmpty() ? "image " : "row ") + rows.number(i) + ": "
                    + rows.values(i).length + " numbers, expected " + dimension);
        }
    }

    private void checkCell(Rows rows, int i, int j, double value) {
        boolean missing = Double.isNaN(value) && leavesOut;
        if (columns.isEmpty() && !(value >= 0 && value <= 255 && value == Math.rint(value))) {
            throw new ExampleException(
                    "image " + rows.number(i) + ", number " + j + ": expected a pixel, 0 to 255, was " + value);
        }
        if (!columns.isEmpty() && !missing && !columns.get(j).holds(value)) {
            throw new ExampleException("row " + rows.number(i) + ", "
                    + columns.get(j).refused(value).getMessage());
        }
    }

    private void requireClass(int label) {
        if (label < 0 || label >= conditionClasses) {
            throw new ExampleException("a class is a number from 0 to " + (conditionClasses - 1) + ", was " + label);
        }
    }

    /** Of rows of which each is there {@code each} times in turn, a draw after the other. */
    void fill(Input input, Rows rows, int each, int from, int count, double[] into, int at) {
        int width = input.columns();
        for (int i = 0; i < count; i++) {
            int row = (from + i) / each;
            int place = at + i * width;
            switch (input.kind()) {
                case DATA -> {
                    for (int j = 0; j < width; j++) {
                        into[place + j] = shown(rows.values(row)[j]);
                    }
                }
                case PRESENT -> {
                    for (int j = 0; j < width; j++) {
                        into[place + j] = Double.isNaN(rows.values(row)[j]) ? 0 : 1;
                    }
                }
                case NOISE -> {
                    NoiseFill noise = input.noise().orElseThrow();
                    long key = noise.key(seed, runSeed, rows.split(), rows.number(row), (from + i) % each);
                    noise.fill(key, 1, into, place);
                }
                case CONDITION -> tell(rows.label(row), width, into, place);
                case GIVEN -> {
                    for (int j = 0; j < width; j++) {
                        into[place + j] = shown(rows.values(row)[input.places().get(j)]);
                    }
                }
                case WEIGHT -> Arrays.fill(into, place, place + width, 1);
                case VALUE -> throw new ExportException("the function wants " + input.name() + ", which no row has");
            }
        }
    }

    /** As the model sees a number in its own precision; missing ones are 0. */
    private double shown(double value) {
        if (Double.isNaN(value)) {
            return 0;
        }
        return single ? (float) value : value;
    }

    /** That an example is of a class. */
    private static void tell(int label, int width, double[] into, int place) {
        Arrays.fill(into, place, place + width, 0);
        into[place + label] = 1;
    }
}
