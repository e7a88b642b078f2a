package org.likelihood4j.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A file that grows by whole pieces. One that the disk does not take is kept in memory, with those that follow, and tried again
 * with the next one; a part of it that has been written is taken back.
 */
public final class AppendedFile {
    private final Path file;
    private final String pieces;
    private final Consumer<String> warnings;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private boolean warned;

    /** @param pieces what the warning calls them: "lines" */
    public AppendedFile(Path file, String pieces, Consumer<String> warnings) {
        this.file = file;
        this.pieces = pieces;
        this.warnings = warnings;
    }

    /** Makes the file, or opens the one that is there. */
    public void open() throws IOException {
        write(new byte[0], StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /**
     * Appends a piece, now or, if the disk is full, later.
     *
     * @throws NoSuchFileException if the file is no longer there
     */
    public void append(byte[] piece) throws NoSuchFileException {
        waiting.writeBytes(piece);
        try {
            flush();
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            if (!warned) {
                warnings.accept(file + ": cannot be written (" + IoReasons.of(e) + "); its " + pieces
                        + " are kept in memory and tried again");
            }
            warned = true;
        }
    }

    /** Bytes that the disk has not taken yet. */
    public int waiting() {
        return waiting.size();
    }

    /** Tries once more to write what is kept. */
    public void flush() throws IOException {
        if (waiting.size() > 0) {
            write(waiting.toByteArray(), StandardOpenOption.WRITE);
            waiting.reset();
            warned = false;
        }
    }

    /** Returns when all pieces are on the disk. */
    public void force() throws IOException {
        flush();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void write(byte[] bytes, OpenOption... options) throws IOException {
        try (FileChannel channel = FileChannel.open(file, options)) {
            long size = channel.size();
            try {
                channel.position(size);
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                takeBack(channel, size, e);
                throw e;
            }
        }
    }

    private static void takeBack(FileChannel channel, long size, IOException failure) {
        try {
            channel.truncate(size);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
