package org.likelihood4j.io.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(
                file,
                List.of(
                        Tensor.ofFloats("w", new float[] {1, -2}, 2, 1),
                        Tensor.ofDoubles("d", new double[] {0.5}),
                        Tensor.ofLongs("n", new long[] {258}, 1)),
                Map.of("step", "7", "a", "\u00e9\"")); // out of order, and with what JSON must escape or encode

        String json = "{\"__metadata__\":{\"a\":\"\u00e9\\\"\",\"step\":\"7\"},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"d\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[8,16]},"
                + "\"n\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[16,24]}}";
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        int padded = (header.length + 7) / 8 * 8;
        ByteBuffer expected = ByteBuffer.allocate(8 + padded + 24);
        expected.put((byte) padded).position(8);
        expected.put(header).put(" ".repeat(padded - header.length).getBytes(StandardCharsets.UTF_8));
        expected.put(HexFormat.ofDelimiter(" ")
                .parseHex("00 00 80 3f 00 00 00 c0 00 00 00 00 00 00 e0 3f 02 01 00 00 00 00 00 00"));
        assertThat(padded).isGreaterThan(header.length).isLessThan(256);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    }

    @Test
    void whatIsWrittenReadsBackEqual() throws IOException {
        List<Tensor> tensors = List.of(
                Tensor.ofFloats("a/weight", new float[] {Float.MIN_VALUE, Float.NaN, -0f, 4, 5, 6}, 2, 3),
                Tensor.ofFloats("odd", new float[] {1}, 1, 1, 1),
                Tensor.ofDoubles("empty", new double[0], 3, 0),
                Tensor.ofDoubles("scalar", new double[] {Math.PI}),
                Tensor.ofLongs("", new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, 2));
        Map<String, String> metadata = Map.of("k\n", "v\u2028", "", "");
        Path file = folder.resolve("a");
        Safetensors.write(file, tensors, metadata);
        Safetensors.Contents contents = Safetensors.read(file);
        assertThat(contents.tensors()).isEqualTo(tensors);
        assertThat(contents.metadata()).isEqualTo(metadata);
        assertThat(contents.tensor("a/weight").toFloats()).containsExactly(Float.MIN_VALUE, Float.NaN, -0f, 4, 5, 6);
        assertThat(contents.tensor("scalar").toDoubles()).containsExactly(Math.PI);
        assertThat(contents.tensor("").toLongs()).containsExactly(Long.MIN_VALUE, Long.MAX_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> contents.tensor("x"));
        assertThatThrownBy(() -> contents.tensor("scalar").toFloats())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor 'scalar' is of type F64, not F32");
    }

    @Test
    void nothingAtAllIsAFileToo() throws IOException {
        Safetensors.write(folder.resolve("a"), List.of(), Map.of());
        assertThat(Safetensors.read(folder.resolve("a"))).isEqualTo(new Safetensors.Contents(List.of(), Map.of()));
        assertThat(Files.readAllBytes(folder.resolve("a"))).hasSize(16);
    }

    @Test
    void theHeaderMayNameTensorsInAnyOrder() throws IOException {
        Path file = file("""
                {"b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]},
                 "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}""", 8);
        assertThat(Safetensors.read(file).tensors()).extracting(Tensor::name).containsExactly("a", "b");
    }

    @Test
    void manyMegabytesComeBackWhole() throws IOException {
        float[] values = new float[5_000_000];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        Path file = folder.resolve("large");
        Safetensors.write(file, List.of(Tensor.ofFloats("w", values, values.length)), Map.of());
        assertThat(Safetensors.read(file).tensor("w").toFloats()).isEqualTo(values);
    }

    @Test
    void namesMustBeUsable() {
        Tensor tensor = Tensor.ofFloats("w", new float[] {1}, 1);
        Tensor metadata = Tensor.ofFloats("__metadata__", new float[] {1}, 1);
        Path file = folder.resolve("a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.write(file, List.of(tensor, tensor), Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Safetensors.write(file, List.of(metadata), Map.of()));
        assertThat(file).doesNotExist();
    }

    @Test
    void tensorsAreCheckedAndOwnTheirView() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.ofFloats("w", new float[] {1, 2}, 3))
                .withMessage("tensor 'w' of type F32 and shape [3] has 8 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> Tensor.ofFloats("w", new float[] {1, 2}, -1, -2));
        Tensor tensor = Tensor.ofFloats("w", new float[] {1, 2}, 2);
        tensor.data().getFloat();
        assertThat(tensor.data().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(tensor.toFloats()).containsExactly(1, 2);
        assertThat(tensor.data().isReadOnly()).isTrue();
        ByteBuffer whole = ByteBuffer.allocate(16);
        Tensor part = new Tensor("p", DType.F64, List.of(1L), whole.position(8));
        assertThat(part.toDoubles()).containsExactly(0);
    }

    private Path file(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        return Files.write(folder.resolve("file"), bytes.array());
    }
}
