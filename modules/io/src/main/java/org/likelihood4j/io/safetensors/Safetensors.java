package org.likelihood4j.io.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.io.AtomicFiles;

/**
 * Reads and writes files of tensors in the safetensors format: the length N of the header as 8 little-endian bytes, N
 * bytes of JSON that give each tensor its type, shape and place, and the tensors' bytes without a gap.
 *
 * <p>Reading runs no code and loads no class that the file names, and allocates no more than the file's size and a multiple of
 * its header, which has at most 4 MiB, so files from strangers are safe to open. A tensor is at most 2 GiB. What is read as a whole is no
 * larger than the heap; {@link SafetensorsFile} reads tensor by tensor.
 */
public final class Safetensors {
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
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            if (open.bytes() > Runtime.getRuntime().maxMemory()) {
                throw new SafetensorsException(
                        file,
                        "its " + open.bytes() + " bytes do not fit in the heap of "
                                + Runtime.getRuntime().maxMemory() + "; LIKELIHOOD4J_HEAP sets its size");
            }
            List<Tensor> tensors = new ArrayList<>();
            for (String name : open.names()) {
                tensors.add(open.tensor(name));
            }
            return new Contents(tensors, open.metadata());
        }
    }

    private static void copy(ByteBuffer data, OutputStream out, byte[] chunk) throws IOException {
        while (data.hasRemaining()) {
            int length = Math.min(chunk.length, data.remaining());
            data.get(chunk, 0, length);
            out.write(chunk, 0, length);
        }
    }
}
