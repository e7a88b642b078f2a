package org.likelihood4j.io;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files that should be small, whoever has made them: no more is read than they may hold. */
public final class SmallFiles {
    private SmallFiles() {}

    /**
     * Reads a file of text in UTF-8.
     *
     * @param mostBytes a longer file is refused
     * @throws FileSystemException if it is longer, or is there and not a file (a folder, a pipe); the reason is fit for a
     *     message
     * @throws java.nio.charset.CharacterCodingException if it is not UTF-8
     * @throws IOException if it cannot be read
     */
    public static String read(Path file, int mostBytes) throws IOException {
        return text(bytes(file, mostBytes));
    }

    /** As {@link #read}, of bytes. */
    public static byte[] bytes(Path file, int mostBytes) throws IOException {
        byte[] bytes;
        try (InputStream in = open(file)) {
            bytes = in.readNBytes(mostBytes + 1);
        }
        if (bytes.length > mostBytes) {
            throw new FileSystemException(
                    file.toString(), null, "larger than the " + mostBytes + " bytes that such a file may have");
        }
        return bytes;
    }

    /**
     * The text of bytes in UTF-8.
     *
     * @throws java.nio.charset.CharacterCodingException if they are not
     */
    public static String text(byte[] bytes) throws IOException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /**
     * Opens a file of lines, of which only one at a time is in memory.
     *
     * @param mostBytes a longer line is refused
     * @throws IOException if it cannot be opened, or is not a file
     */
    public static Lines lines(Path file, int mostBytes) throws IOException {
        return new Lines(file, new BufferedInputStream(open(file), 1 << 16), mostBytes);
    }

    /** The lines of a file in UTF-8, one after the other. */
    public static final class Lines implements AutoCloseable {
        private final Path file;
        private final InputStream in;
        private final int mostBytes;

        private Lines(Path file, InputStream in, int mostBytes) {
            this.file = file;
            this.in = in;
            this.mostBytes = mostBytes;
        }

        /**
         * The next line without its end; {@code null} after the last one.
         *
         * @throws FileSystemException if it is longer than a line may be
         * @throws IOException if it cannot be read, or is not UTF-8
         */
        public String next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int b = in.read();
            if (b < 0) {
                return null;
            }
            for (; b >= 0 && b != '\n'; b = in.read()) {
                if (line.size() == mostBytes) {
                    throw new FileSystemException(
                            file.toString(), null, "a line longer than the " + mostBytes + " bytes that it may have");
                }
                line.write(b);
            }
            return text(line.toByteArray());
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** A pipe would make us wait for what never comes. */
    private static InputStream open(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "not a file");
        }
        return Files.newInputStream(file);
    }
}
