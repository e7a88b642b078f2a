package org.likelihood4j.data.formats;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Digests;
import org.likelihood4j.data.ExampleShape;

/**
 * An IDX file, plain or gzipped (told apart by content, not by name): the format of MNIST.
 *
 * <p>The format: two zero bytes, the type (8: unsigned byte), the number of dimensions, each dimension as a big-endian
 * 32-bit integer, then the values, the last dimension running fastest. Source: LeCun, Cortes and Burges, "The MNIST
 * database of handwritten digits".
 *
 * <p>Files come from strangers. The header is not believed until the content bears it out: no more is read than it
 * declares plus one byte, and memory grows with what is there, not with what is declared.
 */
public final class IdxFile {
    /**
     * No dimension and no file may hold more than this; MNIST's largest file has 47 million values. Not much more than
     * those, because zeros shrink a thousandfold: a small gzip file could else fill the heap before its end is seen.
     */
    static final int MOST_VALUES = 1 << 26;

    /** The same for files of wider numbers. */
    private static final int MOST_BYTES = 1 << 28;

    private static final int MOST_DIMENSIONS = 4;

    /** By the third byte of a file. */
    private static final Map<Integer, ElementType> TYPES = Map.of(
            0x08, ElementType.UINT8,
            0x09, ElementType.INT8,
            0x0b, ElementType.INT16,
            0x0c, ElementType.INT32,
            0x0d, ElementType.FLOAT32,
            0x0e, ElementType.FLOAT64);

    private final int[] dimensions;
    private final ElementType type;
    private final byte[] values;
    private final String sha256;

    private IdxFile(int[] dimensions, ElementType type, byte[] values, String sha256) {
        this.dimensions = dimensions;
        this.type = type;
        this.values = values;
        this.sha256 = sha256;
    }

    /**
     * Reads a whole file of unsigned bytes.
     *
     * @param dimensions how many dimensions it must have: 3 for images, 1 for labels
     * @throws DataException if it cannot be read, or is not such a file, is cut short or goes on after its end; the
     *     message names the file
     */
    public static IdxFile read(Path file, int dimensions) {
        return open(file, in -> parse(file, in, header(file, in, dimensions)));
    }

    /**
     * Reads a whole file of any type with 1 to 4 dimensions.
     *
     * @throws DataException as {@link #read(Path, int)}
     */
    public static IdxFile read(Path file) {
        return open(file, in -> parse(file, in, header(file, in, 0)));
    }

    /** Some examples of a file of any type with 1 to 4 dimensions, by their numbers, ascending. */
    static NumberArray readRows(Path file, int[] rows) {
        return open(file, in -> {
            Header header = header(file, in, 0);
            return new NumberArray(header.dimensions(), header.type(), ByteOrder.BIG_ENDIAN, false, new byte[0])
                    .readRows(file, in, rows);
        });
    }

    /**
     * The shape of an example, from the header alone.
     *
     * @throws DataException as {@link #read(Path, int)}
     */
    static ExampleShape shape(Path file) {
        Header header = open(file, in -> header(file, in, 0));
        return NumberArray.shape(file, header.dimensions());
    }

    /** Whether a file begins like one. */
    static boolean isIdx(Path file) {
        byte[] start = GzipFile.start(file, 4);
        return start.length == 4
                && start[0] == 0
                && start[1] == 0
                && TYPES.containsKey((int) start[2])
                && start[3] >= 1
                && start[3] <= MOST_DIMENSIONS;
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    private static <T> T open(Path file, Reader<T> reader) {
        try (InputStream in = GzipFile.open(file)) {
            return reader.read(in);
        } catch (EOFException e) {
            throw bad(file, "is cut short: its gzip data ends too early", e);
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file", e);
        } catch (IOException e) {
            throw bad(
                    file,
                    "cannot be read (" + (e.getMessage() == null ? "input/output error" : e.getMessage()) + ")",
                    e);
        }
    }

    /** The extent of each dimension, each at least 1. */
    public int[] dimensions() {
        return dimensions.clone();
    }

    /** How many values there are: the product of the dimensions. */
    public int size() {
        return values.length / type.width();
    }

    NumberArray array() {
        return new NumberArray(dimensions, type, ByteOrder.BIG_ENDIAN, false, values);
    }

    /** All values of a file of unsigned bytes, the last dimension running fastest: the array itself, for the one caller to keep. */
    public byte[] values() {
        return values;
    }

    /** SHA-256 of the uncompressed file, header included, in hex. */
    public String sha256() {
        return sha256;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Header(int[] dimensions, ElementType type, byte[] bytes) {
        String shape() {
            return Arrays.stream(dimensions).mapToObj(Integer::toUnsignedString).collect(Collectors.joining("x"));
        }
    }

    /** @param count of the dimensions of unsigned bytes; 0 for any of any type */
    private static Header header(Path file, InputStream in, int count) throws IOException {
        byte[] start = in.readNBytes(4);
        boolean known = start.length == 4 && start[0] == 0 && start[1] == 0;
        ElementType type = known ? TYPES.get((int) start[2]) : null;
        if (type == null
                || start[3] < 1
                || start[3] > MOST_DIMENSIONS
                || (count > 0 && (type != ElementType.UINT8 || start[3] != count))) {
            String expected = count == 0 ? "of 1 to " + MOST_DIMENSIONS : "of unsigned bytes with " + count;
            throw bad(file, "does not start like an IDX file " + expected + " dimensions", null);
        }
        byte[] extents = in.readNBytes(4 * start[3]);
        if (extents.length < 4 * start[3]) {
            throw bad(file, "is cut short: it ends within its header", null);
        }
        int[] dimensions = new int[start[3]];
        ByteBuffer.wrap(extents).asIntBuffer().get(dimensions);
        byte[] bytes = Arrays.copyOf(start, 4 + extents.length);
        System.arraycopy(extents, 0, bytes, 4, extents.length);
        Header header = new Header(dimensions, type, bytes);
        int most = Math.min(MOST_VALUES, MOST_BYTES / type.width());
        long declared = 1;
        for (int extent : dimensions) {
            if (extent < 1 || declared * extent > most) { // both factors are below 2^31: no overflow
                throw bad(
                        file, "declares " + header.shape() + " values; expected at least 1 and at most " + most, null);
            }
            declared *= extent;
        }
        return header;
    }

    private static IdxFile parse(Path file, InputStream in, Header header) throws IOException {
        String shape = header.shape();
        int width = header.type().width();
        int declared = Arrays.stream(header.dimensions()).reduce(1, (a, b) -> a * b);
        byte[] values = in.readNBytes(declared * width); // in pieces, as far as the content goes
        if (values.length < declared * width) {
            throw bad(
                    file,
                    "is cut short: its header declares " + shape + " = " + declared + " values, but only "
                            + values.length / width + " follow",
                    null);
        }
        if (in.read() >= 0) {
            throw bad(file, "goes on after the " + shape + " = " + declared + " values that its header declares", null);
        }
        MessageDigest digest = Digests.sha256();
        digest.update(header.bytes());
        digest.update(values);
        return new IdxFile(header.dimensions(), header.type(), values, Digests.hex(digest));
    }

    private static DataException bad(Path file, String what, Throwable cause) {
        return new DataException(file + ": " + what + "; remove it, or put the right file in its place", cause);
    }
}
