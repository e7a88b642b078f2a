package org.likelihood4j.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;

/**
 * Labelled rows in memory, as the numbers that their columns store, immutable; every number is finite, or NaN where a cell is missing, which
 * only tables have that were made so.
 */
public final class Table implements Examples {
    private final VectorShape shape;
    private final double[] values;
    /** Null without labels. */
    private final int[] labels;

    /** Null where they are the indices. */
    private final int[] places;
    /** Null if the density is not known. */
    private final double[] logDensities;

    private final int first;
    private final int count;

    /**
     * Copies the arrays.
     *
     * @param values {@code labels.length * shape.size()} numbers, row after row
     * @param labels one class number (0 or more) per row; its length is the number of rows
     * @throws DataException if the lengths do not agree, a label is negative or a number is not finite
     */
    public Table(VectorShape shape, double[] values, int[] labels) {
        this(shape, values.clone(), labels.clone(), null, null, 0, labels.length);
        check(false);
    }

    private Table(
            VectorShape shape,
            double[] values,
            int[] labels,
            int[] places,
            double[] logDensities,
            int first,
            int count) {
        this.shape = Objects.requireNonNull(shape, "shape");
        this.values = values;
        this.labels = labels;
        this.places = places;
        this.logDensities = logDensities;
        this.first = first;
        this.count = count;
    }

    /** Takes the arrays over without a copy: for sources in this package, which keep no reference to them. */
    public static Table owning(VectorShape shape, double[] values, int[] labels) {
        Table table = new Table(shape, values, labels, null, null, 0, labels.length);
        table.check(false);
        return table;
    }

    /** The same, with NaN where cells are missing. */
    public static Table owningHoles(VectorShape shape, double[] values, int[] labels) {
        Table table = new Table(shape, values, labels, null, null, 0, labels.length);
        table.check(true);
        return table;
    }

    @Override
    public Table withLabels(int... others) {
        int[] all = new int[first + count];
        System.arraycopy(others, 0, all, first, count);
        return new Table(shape, values, all, places, logDensities, first, count);
    }

    @Override
    public Table withoutLabels() {
        return new Table(shape, values, null, places, logDensities, first, count);
    }

    /**
     * The same rows with other names of their columns.
     *
     * @throws DataException if they are more or fewer
     */
    public Table withColumns(VectorShape other) {
        if (other.size() != shape.size()) {
            throw new DataException("table: has " + shape + ", not " + other);
        }
        Table table = new Table(other, values, labels, places, logDensities, first, count);
        table.requireNumbers(true);
        return table;
    }

    /** The same rows with their places in what they were read from, one for each. */
    public Table withPlaces(int[] others) {
        if (others.length != count || first != 0) {
            throw new IllegalArgumentException(others.length + " places for " + count + " rows from " + first);
        }
        return new Table(shape, values, labels, others.clone(), logDensities, 0, count);
    }

    /** The same rows with the log of the density that they were drawn from, nats, one for each. */
    public Table withLogDensities(double[] densities) {
        if (densities.length != count) {
            throw new IllegalArgumentException(densities.length + " densities for " + count + " rows");
        }
        return new Table(shape, gather(all()).numbers(), labels(), places(), densities.clone(), 0, count);
    }

    private int[] all() {
        return IntStream.range(0, count).toArray();
    }

    private int[] labels() {
        return labels == null ? null : Arrays.copyOfRange(labels, first, first + count);
    }

    private int[] places() {
        return IntStream.range(0, count).map(this::place).toArray();
    }

    @Override
    public OptionalDouble logDensity(int i) {
        Objects.checkIndex(i, count);
        return logDensities == null ? OptionalDouble.empty() : OptionalDouble.of(logDensities[first + i]);
    }

    private void check(boolean holes) {
        long expected = (long) count * shape.size();
        if (values.length != expected) {
            throw new DataException("table: " + count + " rows of " + shape + " need " + expected
                    + " numbers, but there are " + values.length);
        }
        for (int i = 0; i < count; i++) {
            if (label(i) < 0) {
                throw new DataException("table: label " + i + " is " + label(i) + ", but labels start at 0");
            }
        }
        requireNumbers(holes);
    }

    private void requireNumbers(boolean holes) {
        int width = shape.size();
        for (int row = 0; row < values.length / width; row++) {
            for (int at = 0; at < width; at++) {
                requireNumber(shape, row, at, values[row * width + at], holes);
            }
        }
    }

    /** @param holes whether it may be NaN */
    static void requireNumber(VectorShape shape, int row, int at, double value, boolean holes) {
        if (holes && Double.isNaN(value)) {
            return;
        }
        Column column = shape.columns().get(at);
        if (!Double.isFinite(value)) {
            throw new DataException(
                    "table: row " + row + ", column '" + column.name() + "' is " + value + ", which is not finite");
        }
        if (!column.kind().holds(value)) {
            throw new DataException("table: row " + row + ", column '" + column.name() + "' is " + value
                    + ", but a column of type " + column.kind().word() + " holds "
                    + column.kind().expected());
        }
    }

    @Override
    public VectorShape shape() {
        return shape;
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public boolean hasHoles() {
        int width = shape.size();
        return Arrays.stream(values, first * width, (first + count) * width).anyMatch(Double::isNaN);
    }

    @Override
    public boolean labelled() {
        return labels != null;
    }

    @Override
    public int label(int i) {
        int at = first + Objects.checkIndex(i, count);
        return labels == null ? 0 : labels[at];
    }

    @Override
    public int place(int i) {
        int at = first + Objects.checkIndex(i, count);
        return places == null ? at : places[at];
    }

    @Override
    public double[] values(int i) {
        int start = (first + Objects.checkIndex(i, count)) * shape.size();
        return Arrays.copyOfRange(values, start, start + shape.size());
    }

    @Override
    public StoredValues.Reals gather(int[] indices) {
        int size = shape.size();
        double[] gathered = new double[Math.multiplyExact(indices.length, size)];
        for (int row = 0; row < indices.length; row++) {
            int start = (first + Objects.checkIndex(indices[row], count)) * size;
            System.arraycopy(values, start, gathered, row * size, size);
        }
        return new StoredValues.Reals(gathered);
    }

    @Override
    public Table slice(int from, int to) {
        Objects.checkFromToIndex(from, to, count);
        return new Table(shape, values, labels, places, logDensities, first + from, to - from);
    }

    @Override
    public Table select(int[] indices) {
        int[] chosen =
                labels == null ? null : Arrays.stream(indices).map(this::label).toArray();
        int[] from = Arrays.stream(indices).map(this::place).toArray();
        double[] densities = logDensities == null
                ? null
                : Arrays.stream(indices)
                        .mapToDouble(i -> logDensity(i).orElseThrow())
                        .toArray();
        return new Table(shape, gather(indices).numbers(), chosen, from, densities, 0, indices.length);
    }

    /** Of the columns' names and what they hold, the number of rows, and each row's numbers (IEEE 754, big-endian) and label. */
    @Override
    public String sha256() {
        return sha256(shape, count, this::values, this::label);
    }

    @Override
    public String sha256(int[] indices) {
        return sha256(shape, indices.length, i -> values(indices[i]), i -> label(indices[i]));
    }

    /** Of rows wherever they are, which are asked for one after the other. */
    static String sha256(VectorShape shape, int count, IntFunction<double[]> values, IntUnaryOperator labels) {
        MessageDigest digest = Digests.sha256();
        for (Column column : shape.columns()) {
            String what = column.kind() instanceof ColumnKind.Real ? column.name() : column.toString();
            digest.update(what.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        digest.update(ByteBuffer.allocate(4).putInt(count).flip());
        ByteBuffer row = ByteBuffer.allocate(8 * shape.size() + 4);
        for (int i = 0; i < count; i++) {
            row.clear();
            for (double value : values.apply(i)) {
                row.putDouble(value);
            }
            digest.update(row.putInt(labels.applyAsInt(i)).flip());
        }
        return Digests.hex(digest);
    }
}
