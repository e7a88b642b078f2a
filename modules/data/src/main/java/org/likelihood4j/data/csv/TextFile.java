package org.likelihood4j.data.csv;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.formats.GzipFile;

/** Text files as programs write them: UTF-8, or UTF-16 with its mark; gzipped or not. What is no text is refused by what it is. */
final class TextFile {
    /** Unpacked, for gzip shrinks blanks a thousandfold. More than the most numbers that are read, in 17 digits each. */
    private static final long MOST_BYTES = 1L << 32;

    private TextFile() {}

    /**
     * The characters of a file, without a byte order mark.
     *
     * @throws IOException if it is no text; the message says what it is
     */
    static Reader open(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new DataException(file + ": is not a file");
        }
        // What is not compressed is no larger than it is.
        InputStream in = new Limited(GzipFile.open(file), Math.max(MOST_BYTES, Files.size(file)));
        try {
            return decoded(in);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * The characters of a stream that is not compressed, without a byte order mark.
     *
     * @throws IOException if it is no text; the message says what it is
     */
    static Reader decoded(InputStream bytes) throws IOException {
        InputStream in = new BufferedInputStream(bytes, 1 << 13);
        in.mark(4);
        byte[] start = in.readNBytes(4);
        in.reset();
        Charset charset = charset(start);
        in.skipNBytes(mark(charset, start));
        return new InputStreamReader(in, charset.newDecoder());
    }

    private static Charset charset(byte[] start) throws IOException {
        if (startsWith(start, 'P', 'K', 3, 4)) {
            throw new IOException("it is a zip archive or an Excel workbook; save the table as CSV");
        } else if (startsWith(start, 'P', 'A', 'R', '1')) {
            throw new IOException("it is a Parquet file; set data.type to parquet");
        } else if (startsWith(start, 0x93, 'N', 'U', 'M')) {
            throw new IOException("it is a NumPy file; set data.type to npy");
        } else if (startsWith(start, 0xd0, 0xcf, 0x11, 0xe0)) {
            throw new IOException("it is an old Excel workbook; save the table as CSV");
        } else if (startsWith(start, 0x1f, 0x8b)) {
            throw new IOException("it is gzipped twice; unpack it once");
        } else if (startsWith(start, 0xff, 0xfe, 0, 0) || startsWith(start, 0, 0, 0xfe, 0xff)) {
            throw new IOException("it is UTF-32; save it as UTF-8");
        } else if (startsWith(start, 0xff, 0xfe)) {
            return StandardCharsets.UTF_16LE;
        } else if (startsWith(start, 0xfe, 0xff)) {
            return StandardCharsets.UTF_16BE;
        } else if (start.length == 4 && (start[0] == 0) != (start[1] == 0) && (start[2] == 0) != (start[3] == 0)) {
            throw new IOException("it seems to be UTF-16 without a byte order mark; save it as UTF-8");
        }
        return StandardCharsets.UTF_8;
    }

    /** The bytes of the mark. */
    private static int mark(Charset charset, byte[] start) {
        if (charset.equals(StandardCharsets.UTF_8)) {
            return startsWith(start, 0xef, 0xbb, 0xbf) ? 3 : 0;
        }
        return 2;
    }

    private static boolean startsWith(byte[] start, int... bytes) {
        boolean same = start.length >= bytes.length;
        for (int i = 0; same && i < bytes.length; i++) {
            same = (start[i] & 0xff) == bytes[i];
        }
        return same;
    }

    private static final class Limited extends FilterInputStream {
        private final long most;
        private long read;

        Limited(InputStream in, long most) {
            super(in);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int bytes) throws IOException {
            read += bytes;
            if (read > most) {
                throw new IOException("it holds more than " + (most >> 30) + " GiB of text");
            }
        }
    }
}
