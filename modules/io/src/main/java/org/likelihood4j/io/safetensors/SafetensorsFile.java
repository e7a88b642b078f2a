package org.likelihood4j.io.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.io.Printable;

/**
 * An open safetensors file, of which one tensor after the other is read: never more than one is in memory, so that a file may be
 * larger than the heap. As safe as {@link Safetensors}.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final Map<String, SafetensorsHeader.Entry> entries = new HashMap<>();
    /** Where the tensors' bytes begin. */
    private final long data;

    private SafetensorsFile(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        long size = channel.size();
        if (size < Long.BYTES) {
            throw new SafetensorsException(file, "not a safetensors file, it has only " + size + " bytes");
        }
        long headerBytes = take(0, Long.BYTES, "header length")
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        if (headerBytes < 0 || headerBytes > SafetensorsHeader.MOST_BYTES) {
            throw new SafetensorsException(
                    file,
                    "not a safetensors file, its header would have " + Long.toUnsignedString(headerBytes)
                            + " bytes, more than the " + SafetensorsHeader.MOST_BYTES + " that can be read");
        }
        if (headerBytes > size - Long.BYTES) {
            throw new SafetensorsException(
                    file, "truncated, its header has " + headerBytes + " bytes but the file only " + size);
        }
        byte[] json = take(Long.BYTES, (int) headerBytes, "header").array();
        this.data = Long.BYTES + headerBytes;
        this.header = SafetensorsHeader.parse(file, json, size - data);
        header.entries().forEach(entry -> entries.put(entry.name(), entry));
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws SafetensorsException if the file is not a complete and consistent safetensors file, or holds a type that
     *     {@link DType} does not have
     * @throws IOException if the file cannot be read
     */
    public static SafetensorsFile open(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new SafetensorsException(file, "not a file");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new SafetensorsFile(file, channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** The names of its tensors, in the order of their bytes. */
    public List<String> names() {
        return header.entries().stream().map(SafetensorsHeader.Entry::name).toList();
    }

    /** Free text under free keys. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Bytes of all tensors. */
    long bytes() {
        return header.entries().stream()
                .mapToLong(SafetensorsHeader.Entry::bytes)
                .sum();
    }

    /**
     * Reads one tensor.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws SafetensorsException if the file has become shorter meanwhile
     */
    public Tensor tensor(String name) throws IOException {
        SafetensorsHeader.Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no tensor '" + name + "'");
        }
        ByteBuffer bytes =
                take(data + entry.begin(), (int) entry.bytes(), "tensor '" + Printable.shorten(entry.name()) + "'");
        return new Tensor(entry.name(), entry.dtype(), entry.shape(), bytes);
    }

    private ByteBuffer take(long from, int bytes, String what) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.position() < bytes) {
            // In chunks, because a channel keeps a native buffer as large as the largest single read.
            buffer.limit(Math.min(bytes, buffer.position() + CHUNK));
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new SafetensorsException(file, "truncated within the " + what);
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
