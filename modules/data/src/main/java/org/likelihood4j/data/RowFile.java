package org.likelihood4j.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.likelihood4j.io.IoReasons;

/**
 * Rows of numbers in a file that has no name any more, so that it goes with this process, however that ends: for more
 * rows than memory holds. From any thread.
 *
 * <p>Nobody closes it: a table, its slices and others made of it share one, and none of them knows that it is the last.
 * What was opened goes with the object, or the process, and the disk's room with it.
 */
final class RowFile {
    /** What is read or put in order at once. */
    private static final int BLOCK = 1 << 20;

    private static final int STRETCH = 1 << 25;
    /** Of what waits to be written. */
    private static final int WAITING = 1 << 25;

    private final Path folder;
    private final RandomAccessFile file;
    private final int count;
    private final int width;
    /** Neighbours, which are read one after the other more often than not. */
    private double[] block = new double[0];

    private int blockStart;

    private RowFile(Path folder, RandomAccessFile file, int count, int width) {
        this.folder = folder;
        this.file = file;
        this.count = count;
        this.width = width;
    }

    /**
     * A file for so many rows.
     *
     * @throws DataException if the folder's disk has no room for them
     */
    static RowFile create(Path folder, int count, int width) {
        try {
            Files.createDirectories(folder);
            long needed = (long) count * width * Double.BYTES;
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < needed) {
                throw new DataException(String.format(
                        Locale.ROOT,
                        "%s: %,d training rows of %,d columns are put there, which takes %.1f GB, and %.1f are free",
                        folder,
                        count,
                        width,
                        needed / 1e9,
                        free / 1e9));
            }
            Path path = Files.createTempFile(folder, "likelihood4j-", ".rows");
            return new RowFile(folder, unnamed(path), count, width);
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** That file, without its name where the system can have one that is open without. */
    private static RandomAccessFile unnamed(Path path) throws IOException {
        try {
            return new RandomAccessFile(path.toFile(), "rw");
        } finally {
            if (!path.toFile().delete()) {
                path.toFile().deleteOnExit();
            }
        }
    }

    private static DataException failed(Path folder, IOException e) {
        return new DataException(
                folder + ": cannot hold the training rows that are put there (" + IoReasons.of(e) + ")", e);
    }

    /** One row; not to be written. */
    synchronized double[] row(int i) {
        int at = i - blockStart;
        if (at < 0 || at >= block.length / width) {
            int rows = Math.max(1, Math.min(count - i, BLOCK / (width * Double.BYTES)));
            double[] next = new double[rows * width];
            read(i, rows, next, 0);
            block = next;
            blockStart = i;
            at = 0;
        }
        return Arrays.copyOfRange(block, at * width, (at + 1) * width);
    }

    /** Neighbouring rows. */
    synchronized void read(int from, int rows, double[] target, int at) {
        byte[] bytes = new byte[Math.multiplyExact(rows, width * Double.BYTES)];
        try {
            file.seek(offset(from));
            file.readFully(bytes);
        } catch (IOException e) {
            throw failed(folder, e);
        }
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(target, at, rows * width);
    }

    private long offset(long row) {
        return row * width * Double.BYTES;
    }

    private void write(long offset, byte[] bytes, int length) {
        try {
            file.seek(offset);
            file.write(bytes, 0, length);
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /**
     * Fills a file with rows that come in another order than they are kept in. Each stretch of the file is first filled
     * as its rows come, and put in order when all have come: so the disk is read and written in large pieces.
     */
    static final class Writer {
        private final RowFile rows;
        private final int[] places;
        private final int stretch;
        private final ByteBuffer[] waiting;
        private final long[] written;

        /**
         * Of no row yet.
         *
         * @param places of each row that is kept: rows come in the ascending order of these
         */
        Writer(RowFile rows, int[] places) {
            this(rows, places, STRETCH);
        }

        /** @param most bytes of a stretch */
        Writer(RowFile rows, int[] places, int most) {
            this.rows = rows;
            this.places = places;
            int bytes = rows.width * Double.BYTES;
            this.stretch = Math.max(1, most / bytes);
            int stretches = (places.length + stretch - 1) / stretch;
            this.waiting = new ByteBuffer[stretches];
            this.written = new long[stretches];
            int each = Math.max(1, Math.min(BLOCK, WAITING / Math.max(1, stretches)) / bytes) * bytes;
            Arrays.setAll(waiting, i -> ByteBuffer.allocate(each));
            Arrays.setAll(written, i -> rows.offset((long) i * stretch));
        }

        /** Takes the row that is kept as number i. */
        void add(int i, double[] row) {
            ByteBuffer buffer = waiting[i / stretch];
            for (double value : row) {
                buffer.putDouble(value);
            }
            if (!buffer.hasRemaining()) {
                flush(i / stretch);
            }
        }

        private void flush(int i) {
            rows.write(written[i], waiting[i].array(), waiting[i].position());
            written[i] += waiting[i].position();
            waiting[i].clear();
        }

        /** All rows, when all have come. */
        RowFile finished() {
            for (int i = 0; i < waiting.length; i++) {
                flush(i);
                int from = i * stretch;
                order(from, from + Math.min(places.length - from, stretch));
            }
            return rows;
        }

        private void order(int from, int to) {
            int bytes = rows.width * Double.BYTES;
            double[] come = new double[(to - from) * rows.width];
            rows.read(from, to - from, come, 0);
            int[] order = PartialExamples.sorted(Arrays.copyOfRange(places, from, to));
            ByteBuffer kept = ByteBuffer.allocate((to - from) * bytes);
            DoubleBuffer numbers = kept.asDoubleBuffer();
            for (int i = 0; i < order.length; i++) {
                numbers.put(order[i] * rows.width, come, i * rows.width, rows.width);
            }
            rows.write(rows.offset(from), kept.array(), kept.capacity());
        }
    }
}
