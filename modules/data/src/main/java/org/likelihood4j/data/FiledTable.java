package org.likelihood4j.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Labelled rows as a {@link Table} has them, but in a temporary file: of each row there are its label and place in
 * memory, 8 bytes. Whoever asks for rows has them for the moment. Immutable.
 */
public final class FiledTable implements Examples {
    /** Rows that are looked at together where nobody asked for them. */
    private static final int TOGETHER = 512;

    private final VectorShape shape;
    private final RowFile rows;
    /** Null without labels. */
    private final int[] labels;

    private final int[] places;
    private final boolean holes;
    private final int first;
    private final int count;

    private FiledTable(
            VectorShape shape, RowFile rows, int[] labels, int[] places, boolean holes, int first, int count) {
        this.shape = shape;
        this.rows = rows;
        this.labels = labels;
        this.places = places;
        this.holes = holes;
        this.first = first;
        this.count = count;
    }

    /** Takes rows in the order of their places. */
    public static final class Writer {
        private final VectorShape shape;
        private final int[] places;
        private final RowFile.Writer file;
        private boolean holes;

        /**
         * Of no row yet.
         *
         * @param folder on a disk with room for all
         * @param places of each row
         * @throws DataException if there is no room
         */
        public Writer(Path folder, VectorShape shape, int[] places) {
            this.shape = shape;
            this.places = places.clone();
            this.file = new RowFile.Writer(RowFile.create(folder, places.length, shape.size()), this.places);
        }

        /**
         * Takes a row.
         *
         * @param i its number in the table
         * @param row NaN where a cell is missing
         */
        public void add(int i, double[] row) {
            for (int j = 0; j < row.length; j++) {
                holes |= Double.isNaN(row[j]);
                Table.requireNumber(shape, i, j, row[j], true);
            }
            file.add(i, row);
        }

        /**
         * All rows, when all have come.
         *
         * @param labels of each row, which are no longer the caller's; null without labels
         */
        public FiledTable table(int[] labels) {
            return new FiledTable(shape, file.finished(), labels, places, holes, 0, places.length);
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
        return places[first + Objects.checkIndex(i, count)];
    }

    @Override
    public boolean hasHoles() {
        return holes
                && (count == places.length
                        || IntStream.range(0, count)
                                .anyMatch(i -> Arrays.stream(values(i)).anyMatch(Double::isNaN)));
    }

    @Override
    public double[] values(int i) {
        return rows.row(first + Objects.checkIndex(i, count));
    }

    @Override
    public StoredValues.Reals gather(int[] indices) {
        double[] gathered = new double[Math.multiplyExact(indices.length, shape.size())];
        for (int from = 0, to; from < indices.length; from = to) {
            to = from + 1;
            while (to < indices.length && indices[to] == indices[to - 1] + 1) {
                to++;
            }
            Objects.checkFromToIndex(indices[from], indices[from] + to - from, count);
            rows.read(first + indices[from], to - from, gathered, from * shape.size());
        }
        return new StoredValues.Reals(gathered);
    }

    @Override
    public FiledTable slice(int from, int to) {
        Objects.checkFromToIndex(from, to, count);
        return new FiledTable(shape, rows, labels, places, holes, first + from, to - from);
    }

    @Override
    public FiledTable withLabels(int... others) {
        int[] all = new int[first + count];
        System.arraycopy(others, 0, all, first, count);
        return new FiledTable(shape, rows, all, places, holes, first, count);
    }

    @Override
    public FiledTable withoutLabels() {
        return new FiledTable(shape, rows, null, places, holes, first, count);
    }

    /** In memory. */
    @Override
    public Table select(int[] indices) {
        Table table = Table.owningHoles(
                        shape,
                        gather(indices).numbers(),
                        Arrays.stream(indices).map(this::label).toArray())
                .withPlaces(Arrays.stream(indices).map(this::place).toArray());
        return labels == null ? table.withoutLabels() : table;
    }

    @Override
    public String sha256() {
        return Table.sha256(shape, count, this::values, this::label);
    }

    @Override
    public String sha256(int[] indices) {
        double[][] some = new double[TOGETHER][];
        return Table.sha256(
                shape,
                indices.length,
                i -> {
                    if (i % TOGETHER == 0) {
                        int[] next = Arrays.copyOfRange(indices, i, Math.min(indices.length, i + TOGETHER));
                        double[] numbers = gather(next).numbers();
                        Arrays.setAll(
                                some,
                                row -> row < next.length
                                        ? Arrays.copyOfRange(numbers, row * shape.size(), (row + 1) * shape.size())
                                        : null);
                    }
                    return some[i % TOGETHER];
                },
                i -> label(indices[i]));
    }
}
