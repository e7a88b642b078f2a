package org.likelihood4j.data.formats;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Files that may be gzipped, which is told by their content, not by their name. */
public final class GzipFile {
    private GzipFile() {}

    /**
     * The content of a file, unpacked; a {@link java.io.EOFException} while it is read says that gzip data end too early.
     *
     * @throws IOException if it cannot be read
     */
    public static InputStream open(Path file) throws IOException {
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
     * What was gzipped, of a stream that is nothing else.
     *
     * @throws IOException if it is not even the beginning of that
     */
    public static InputStream unpacked(InputStream gzip) throws IOException {
        return new OneGzip(gzip);
    }

    /** The first bytes of a file's content, unpacked: at most {@code count}; none where it cannot be read, of which its reader tells. */
    static byte[] start(Path file, int count) {
        try (InputStream in = open(file)) {
            return in.readNBytes(count);
        } catch (IOException e) {
            return new byte[0];
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
}
