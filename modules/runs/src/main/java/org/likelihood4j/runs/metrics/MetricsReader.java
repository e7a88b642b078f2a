package org.likelihood4j.runs.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code metrics.jsonl}, of a training that is over or that still goes on: each call of {@link #read} gives the lines that
 * have come since the one before. What the lines say is told by {@link MetricsEvent}.
 *
 * <p>One line at a time is in memory. A last line without its end is being written, and waits for the next call. A file that was
 * replaced or cut, as a resume does, is read anew.
 */
public final class MetricsReader {
    /** The longest line known, of an epoch of a VAE with 4096 latents, has 2 MB. */
    private static final int MOST_LINE_BYTES = 1 << 24;

    private static final int TAIL = 256;

    private final Path file;
    private Object key;
    private long offset;
    private long lines;
    private byte[] tail = {};
    private boolean unfinished;

    /** @param file which need not be there yet */
    public MetricsReader(Path file) {
        this.file = file;
    }

    /** What is told of a file. */
    public interface Sink {
        /** Nothing that was told before holds any longer; the file is read from its beginning. */
        void restarted();

        /** A line, which is a JSON object; whether it is one that we know is for the receiver to see. */
        void line(JsonNode line);

        /** A line that is no JSON object, or too long for one of ours: it is left out. */
        void damaged(long number);
    }

    /**
     * Tells what is new.
     *
     * @return whether there was anything
     * @throws RunException if the file is there and cannot be read
     */
    public boolean read(Sink sink) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A pipe would make us wait for what never comes.
            throw new RunException(file + ": not a file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            boolean restarted = offset > 0 && !goesOn(channel, now);
            if (restarted) {
                restart(sink);
            }
            key = now;
            long before = offset;
            readLines(channel, sink);
            return restarted || offset > before;
        } catch (NoSuchFileException e) {
            if (offset == 0) {
                return false;
            }
            restart(sink);
            return true;
        } catch (IOException e) {
            throw new RunException(file + ": cannot be read (" + IoReasons.of(e) + ")", e);
        }
    }

    /** Whether the file ended, when it was last read, within a line: one that is being written, or was cut off. */
    public boolean endsWithinLine() {
        return unfinished;
    }

    private void restart(Sink sink) {
        offset = 0;
        lines = 0;
        tail = new byte[0];
        unfinished = false;
        sink.restarted();
    }

    /** A file of another key may be the same copied, and one of the same key another that got its place: so both are asked. */
    private boolean goesOn(FileChannel channel, Object now) throws IOException {
        if (!Objects.equals(key, now) || channel.size() < offset) {
            return false;
        }
        ByteBuffer there = ByteBuffer.allocate(tail.length);
        long at = offset - tail.length;
        while (there.hasRemaining() && channel.read(there, at + there.position()) > 0) {}
        return !there.hasRemaining() && there.flip().equals(ByteBuffer.wrap(tail));
    }

    private void readLines(FileChannel channel, Sink sink) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long length = 0;
        channel.position(offset);
        while (channel.read(buffer.clear()) > 0) {
            byte[] bytes = buffer.array();
            int from = 0;
            for (int i = 0; i < buffer.position(); i++) {
                if (bytes[i] != '\n') {
                    continue;
                }
                add(line, bytes, from, i);
                length += i + 1 - from;
                offset += length;
                tell(line.toByteArray(), length, sink);
                line.reset();
                length = 0;
                from = i + 1;
            }
            add(line, bytes, from, buffer.position());
            length += buffer.position() - from;
        }
        unfinished = length > 0;
        tail = new byte[(int) Math.min(TAIL, offset)];
        ByteBuffer last = ByteBuffer.wrap(tail);
        while (last.hasRemaining() && channel.read(last, offset - tail.length + last.position()) > 0) {}
    }

    private static void add(ByteArrayOutputStream line, byte[] bytes, int from, int to) {
        line.write(bytes, from, Math.max(0, Math.min(to - from, MOST_LINE_BYTES + 1 - line.size())));
    }

    private void tell(byte[] line, long length, Sink sink) {
        lines++;
        JsonNode json = null;
        if (length <= MOST_LINE_BYTES) {
            try {
                json = JsonFiles.LINE.readTree(line);
            } catch (JacksonException e) {
                json = null;
            }
        }
        if (json != null && json.isObject()) {
            sink.line(json);
        } else if (length > 1) {
            sink.damaged(lines);
        }
    }
}
