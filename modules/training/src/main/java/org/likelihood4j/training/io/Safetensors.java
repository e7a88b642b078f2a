package org.likelihood4j.training.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.data.io.AtomicFiles;
import org.likelihood4j.data.io.Printable;

/**
 * Reads and writes files of tensors in the safetensors format: the length N of the header as 8 little-endian bytes, N
 * bytes of JSON that give each tensor its type, shape and place, and the tensors' bytes without a gap.
 *
 * <p>Reading runs no code and loads no class that the file names, and allocates no more than the file's size and a multiple of
 * its header, which has at most 4 MiB, so files from strangers are safe to open. A tensor is at most 2 GiB, a file may be
 * larger, but no larger than the heap.
 */
public final class Safetensors {
    /**
     * The longest header. The format allows 100 MB, but a header takes up to 70 times its length in memory while it is read, and
     * that of the deepest model that a configuration can ask for has three quarters of this.
     */
    static final int MAX_HEADER_BYTES = 1 << 22;

    private static final int CHUNK = 1 << 20;

    private Safetensors() {}

    /**
     * What a file holds.
     *
     * @param tensors in the order of their bytes
     * @param metadata free text under free keys
     */
    public record Contents(List<Tensor> tensors, Map<String, String> metadata) {
        /** Makes both unmodifiable. */
        public Contents {
            tensors = List.copyOf(tensors);
            metadata = Map.copyOf(metadata);
        }

        /**
         * The tensor of a name.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Tensor tensor(String name) {
            return tensors.stream()
                    .filter(t -> t.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no tensor '" + name + "'"));
        }
    }

    /**
     * Creates or replaces a file in one step. The same arguments give the same bytes.
     *
     * @param tensors in the order in which they shall stand in the file
     * @param metadata free text under free keys; written in the order of the keys
     * @throws IllegalArgumentException if two tensors have one name, or the format's own name {@code __metadata__}
     * @throws IOException if the disk fails
     */
    public static void write(Path file, List<Tensor> tensors, Map<String, String> metadata) throws IOException {
        AtomicFiles.write(file, out -> write(out, tensors, metadata));
    }

    /** Writes the same content to a stream, which stays open. */
    public static void write(OutputStream out, List<Tensor> tensors, Map<String, String> metadata) throws IOException {
        byte[] header = SafetensorsHeader.format(tensors, metadata);
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        byte[] chunk = new byte[CHUNK];
        for (Tensor tensor : tensors) {
            copy(tensor.data(), out, chunk);
        }
    }

    /**
     * Reads a whole file.
     *
     * @throws SafetensorsException if the file is not a complete and consistent safetensors file, or holds a type that
     *     {@link DType} does not have
     * @throws IOException if the file cannot be read
     */
    public static Contents read(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new SafetensorsException(file, "not a file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < Long.BYTES) {
                throw new SafetensorsException(file, "not a safetensors file, it has only " + size + " bytes");
            }
            long headerBytes = take(channel, Long.BYTES, file, "header length")
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (headerBytes < 0 || headerBytes > MAX_HEADER_BYTES) {
                throw new SafetensorsException(
                        file,
                        "not a safetensors file, its header would have " + Long.toUnsignedString(headerBytes)
                                + " bytes, more than the " + MAX_HEADER_BYTES + " that can be read");
            }
            if (headerBytes > size - Long.BYTES) {
                throw new SafetensorsException(
                        file, "truncated, its header has " + headerBytes + " bytes but the file only " + size);
            }
            if (size > Runtime.getRuntime().maxMemory()) {
                throw new SafetensorsException(
                        file,
                        "its " + size + " bytes do not fit in the heap of "
                                + Runtime.getRuntime().maxMemory() + "; LIKELIHOOD4J_HEAP sets its size");
            }
            byte[] json = take(channel, (int) headerBytes, file, "header").array();
            SafetensorsHeader header = SafetensorsHeader.parse(file, json, size - Long.BYTES - headerBytes);
            List<Tensor> tensors = new ArrayList<>();
            for (SafetensorsHeader.Entry entry : header.entries()) {
                ByteBuffer data =
                        take(channel, (int) entry.bytes(), file, "tensor '" + Printable.shorten(entry.name()) + "'");
                tensors.add(new Tensor(entry.name(), entry.dtype(), entry.shape(), data));
            }
            return new Contents(tensors, header.metadata());
        }
    }

    private static void copy(ByteBuffer data, OutputStream out, byte[] chunk) throws IOException {
        while (data.hasRemaining()) {
            int length = Math.min(chunk.length, data.remaining());
            data.get(chunk, 0, length);
            out.write(chunk, 0, length);
        }
    }

    private static ByteBuffer take(FileChannel channel, int bytes, Path file, String what) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.position() < bytes) {
            // In chunks, because a channel keeps a native buffer as large as the largest single read.
            buffer.limit(Math.min(bytes, buffer.position() + CHUNK));
            if (channel.read(buffer) < 0) {
                throw new SafetensorsException(file, "truncated within the " + what);
            }
        }
        return buffer.flip();
    }
}
