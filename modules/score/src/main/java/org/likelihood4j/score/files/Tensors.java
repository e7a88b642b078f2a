package org.likelihood4j.score.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The tensors of a file in the safetensors format: the length of the header as 8 little-endian bytes, the header, JSON that gives each
 * tensor its type, shape and place, and the tensors' bytes.
 */
public final class Tensors {
    private static final int LARGEST_HEADER = 1 << 24;

    /** All functions together make so many times the tensors, at most, and some more of a small export: 32 MB. */
    private static final long MOST_TIMES = 64;

    private static final long FEW = 1 << 22;

    private final String name;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final IdentityHashMap<double[], Map<Integer, double[][]>> rows = new IdentityHashMap<>();
    private long made;

    /**
     * A tensor.
     *
     * @param values row after row
     */
    @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
    public record Tensor(int[] shape, double[] values) {}

    private Tensors(String name) {
        this.name = name;
    }

    /**
     * Reads a file of float32 and float64 tensors.
     *
     * @param name of the file, for messages
     * @throws ExportException if it is none; one line
     */
    public static Tensors read(String name, byte[] bytes) {
        Tensors read = new Tensors(name);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long header = bytes.length < Long.BYTES ? -1 : buffer.getLong();
        if (header < 2 || header > LARGEST_HEADER || header > buffer.remaining()) {
            throw new ExportException(name + ": no safetensors file, or one that was cut off");
        }
        String text;
        try {
            ByteBuffer part = buffer.slice().limit((int) header);
            text = StandardCharsets.UTF_8.newDecoder().decode(part).toString();
        } catch (CharacterCodingException e) {
            throw new ExportException(name + ": its header is no text", e);
        }
        ByteBuffer data = buffer.position(Long.BYTES + (int) header).slice().order(ByteOrder.LITTLE_ENDIAN);
        long[] taken = {0};
        Json.parse(name + ", header", text).entries().forEach((key, entry) -> {
            if (!key.equals("__metadata__")) {
                int[] place = place(entry, data);
                taken[0] += place[1] - place[0];
                if (taken[0] > data.capacity()) {
                    throw entry.unknown("tensors that share no bytes");
                }
                read.tensors.put(key, tensor(entry, place, data));
            }
        });
        return read;
    }

    private static int[] place(Json entry, ByteBuffer data) {
        int[] place = entry.get("data_offsets").integers(0, data.capacity());
        if (place.length != 2 || place[1] < place[0]) {
            throw entry.get("data_offsets").unknown("where its bytes begin and end");
        }
        return place;
    }

    private static Tensor tensor(Json entry, int[] place, ByteBuffer data) {
        String type = entry.get("dtype").text();
        boolean doubles = type.equals("F64");
        if (!doubles && !type.equals("F32")) {
            throw entry.get("dtype").unknown("F32 or F64");
        }
        int[] shape = entry.get("shape").integers(0, Integer.MAX_VALUE);
        long size = 1;
        for (int dimension : shape) {
            size = dimension == 0 ? 0 : Math.min(size * dimension, Integer.MAX_VALUE);
        }
        if (place[1] - place[0] != size * (doubles ? 8 : 4)) {
            throw entry.get("data_offsets").unknown("the place of " + size + " numbers of type " + type);
        }
        double[] values = new double[(int) size];
        ByteBuffer part = data.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(place[0]);
        for (int i = 0; i < values.length; i++) {
            values[i] = doubles ? part.getDouble() : part.getFloat();
        }
        return new Tensor(shape, values);
    }

    /**
     * The tensor of a name.
     *
     * @throws ExportException if there is none
     */
    public Tensor get(String key) {
        Tensor tensor = tensors.get(key);
        if (tensor == null) {
            throw new ExportException(name + ": has no tensor " + JsonParser.printable(key));
        }
        return tensor;
    }

    /**
     * Counts numbers that are made of the tensors once and for all: masked, turned, repeated, in rows.
     *
     * @throws ExportException if all functions together make too many
     */
    public void make(long numbers) {
        long size = tensors.values().stream()
                .mapToLong(tensor -> tensor.values().length)
                .sum();
        made += numbers;
        if (made > MOST_TIMES * size + FEW) {
            throw new ExportException("the program makes more than " + (made - numbers) + " constants of the " + size
                    + " numbers of its tensors");
        }
    }

    /**
     * The rows of a matrix as arrays of their own: those of a tensor once for all programs that have it.
     *
     * @param matrix row after row
     */
    public double[][] rows(double[] matrix, int columns) {
        return rows.computeIfAbsent(matrix, whole -> new HashMap<>()).computeIfAbsent(columns, width -> {
            make(matrix.length);
            double[][] split = new double[matrix.length / width][];
            Arrays.setAll(split, row -> Arrays.copyOfRange(matrix, row * width, (row + 1) * width));
            return split;
        });
    }
}
