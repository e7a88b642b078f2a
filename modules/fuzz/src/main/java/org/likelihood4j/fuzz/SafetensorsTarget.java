package org.likelihood4j.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.SafetensorsException;
import org.likelihood4j.io.safetensors.Tensor;

/**
 * A file of tensors. An input that starts with a brace is the header alone, up to its first zero byte, and gets its true length
 * in front: else nearly all would end there.
 */
final class SafetensorsTarget implements Target {
    @Override
    public String name() {
        return "safetensors";
    }

    @Override
    public String description() {
        return "a file of tensors, read, written and read again";
    }

    @Override
    public List<String> words() {
        return List.of(
                "__metadata__",
                "dtype",
                "shape",
                "data_offsets",
                "F32",
                "F64",
                "I64",
                "BF16",
                "9223372036854775807",
                "4294967296",
                "18446744073709551616",
                "-1",
                "1e999999999",
                "NaN",
                "null",
                "\\\\u0000",
                "\\\\u001b",
                "\\\\ud800");
    }

    @Override
    public List<byte[]> corpus() throws IOException {
        Path file = Files.createTempFile("likelihood4j-fuzz", ".safetensors");
        List<Tensor> tensors = List.of(
                Tensor.ofFloats("encoder/weight", new float[] {1, 2, 3, 4}, 2, 2),
                Tensor.ofDoubles("empty", new double[0], 0, 3),
                Tensor.ofLongs("step", new long[] {7}));
        Safetensors.write(file, tensors, Map.of("format", "likelihood4j"));
        byte[] whole = Files.readAllBytes(file);
        Files.delete(file);
        List<byte[]> corpus = new ArrayList<>(List.of(whole, "{}".getBytes(StandardCharsets.UTF_8)));
        corpus.add(java.util.Arrays.copyOfRange(whole, Long.BYTES, whole.length));
        corpus.add(("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[4,12]}}\0abcdefghijkl")
                .getBytes(StandardCharsets.UTF_8));
        return corpus;
    }

    @Override
    public void run(byte[] input, Path folder) throws IOException {
        Path file = Files.write(folder.resolve("fuzzed.safetensors"), whole(input));
        Safetensors.Contents contents;
        try {
            contents = Safetensors.read(file);
        } catch (SafetensorsException e) {
            Refusals.check(e, file.toString(), new String(input, StandardCharsets.UTF_8));
            return;
        }
        Path copy = folder.resolve("copy.safetensors");
        Safetensors.write(copy, contents.tensors(), contents.metadata());
        Refusals.require(Safetensors.read(copy).equals(contents), "does not read as it was written: " + contents);
    }

    private static byte[] whole(byte[] input) {
        if (input.length == 0 || input[0] != '{') {
            return input;
        }
        int length = 0;
        while (length < input.length && input[length] != 0) {
            length++;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array());
        out.write(input, 0, length);
        out.write(input, Math.min(input.length, length + 1), Math.max(0, input.length - length - 1));
        return out.toByteArray();
    }
}
