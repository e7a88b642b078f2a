package org.likelihood4j.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An IDX file of unsigned bytes, plain or gzipped (told apart by content, not by name): the format of MNIST.
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

    private static final int UNSIGNED_BYTE = 8;

    private final int[] dimensions;
    private final byte[] values;
    private final String sha256;

    private IdxFile(int[] dimensions, byte[] values, String sha256) {
        this.dimensions = dimensions;
        this.values = values;
        this.sha256 = sha256;
    }

    /**
     * Reads a whole file.
     *
     * @param dimensions how many dimensions it must have: 3 for images, 1 for labels
     * @throws DataException if it cannot be read, or is not such a file, is cut short or goes on after its end; the
     *     message names the file
     */
    public static IdxFile read(Path file, int dimensions) {
        try (InputStream in = open(file)) {
            return parse(file, in, dimensions);
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
        return values.length;
    }

    /** All values, the last dimension running fastest: the array itself, for the one caller to keep. */
    byte[] values() {
        return values;
    }

    /** SHA-256 of the uncompressed file, header included, in hex. */
    public String sha256() {
        return sha256;
    }

    private static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            raw.mark(2);
            boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return gzip ? new OneGzip(raw) : raw;
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /**
     * A gzip stream that is all that its file holds. The library's own reader takes what follows for a further stream, which it
     * reads by calling itself: a few thousand empty ones overflow the stack. What is no stream it passes over in silence.
     */
    private static final class OneGzip extends GZIPInputStream {
        private static final int TRAILER = 8;

        private final InputStream raw;
        private boolean reading;

        OneGzip(InputStream raw) throws IOException {
            super(raw, 1 << 16);
            this.raw = raw;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (reading) {
                throw new ZipException("more than one gzip stream");
            }
            reading = true;
            int count = super.read(buffer, offset, length);
            reading = false;
            if (count < 0 && (inf.getRemaining() > TRAILER || raw.read() >= 0)) {
                throw new ZipException("more bytes behind the end of its gzip data");
            }
            return count;
        }
    }

    private static IdxFile parse(Path file, InputStream in, int count) throws IOException {
        byte[] header = in.readNBytes(4 + 4 * count);
        if (header.length < 4 || header[0] != 0 || header[1] != 0 || header[2] != UNSIGNED_BYTE || header[3] != count) {
            throw bad(file, "does not start like an IDX file of unsigned bytes with " + count + " dimensions", null);
        }
        if (header.length < 4 + 4 * count) {
            throw bad(file, "is cut short: it ends within its header", null);
        }
        int[] dimensions = new int[count];
        ByteBuffer.wrap(header, 4, 4 * count).asIntBuffer().get(dimensions);
        String shape =
                Arrays.stream(dimensions).mapToObj(Integer::toUnsignedString).collect(Collectors.joining("x"));
        long declared = 1;
        for (int extent : dimensions) {
            if (extent < 1 || declared * extent > MOST_VALUES) { // both factors are below 2^31: no overflow
                throw bad(file, "declares " + shape + " values; expected at least 1 and at most " + MOST_VALUES, null);
            }
            declared *= extent;
        }
        byte[] values = in.readNBytes((int) declared); // in pieces, as far as the content goes
        if (values.length < declared) {
            throw bad(
                    file,
                    "is cut short: its header declares " + shape + " = " + declared + " values, but only "
                            + values.length + " follow",
                    null);
        }
        if (in.read() >= 0) {
            throw bad(file, "goes on after the " + shape + " = " + declared + " values that its header declares", null);
        }
        MessageDigest digest = Digests.sha256();
        digest.update(header);
        digest.update(values);
        return new IdxFile(dimensions, values, Digests.hex(digest));
    }

    private static DataException bad(Path file, String what, Throwable cause) {
        return new DataException(file + ": " + what + "; remove it, or put the right file in its place", cause);
    }
}
