package org.likelihood4j.io.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsHostileTest {
    @TempDir
    Path folder;

    /** A header, the number of bytes behind it, and the message behind the file's name. */
    static Stream<Arguments> hostileHeaders() {
        return Stream.of(
                arguments("", 0, "not a safetensors file, its header is not a JSON object"),
                arguments("[]", 0, "not a safetensors file, its header is not a JSON object"),
                arguments(" {}", 0, "not a safetensors file, its header is not a JSON object"),
                arguments("{", 0, "its header is not valid JSON"),
                arguments("{} {}", 0, "its header is not valid JSON"),
                arguments("{'w': 1}", 0, "its header is not valid JSON"),
                arguments("{\"w\":" + "[".repeat(100_000), 0, "its header is not valid JSON"),
                arguments("{\"w\":" + "1".repeat(100_000) + "}", 0, "its header is not valid JSON"),
                arguments(
                        "{\"w\":" + entry("F32", "[1]", 0, 4) + ",\"w\":" + entry("F32", "[1]", 4, 8) + "}",
                        8,
                        "its header has a name twice"),
                arguments(
                        "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                        4,
                        "its header has a name twice"),
                arguments("{\"w\": 5}", 0, "tensor 'w': expected exactly dtype, shape and data_offsets"),
                arguments(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}",
                        4,
                        "tensor 'w': expected exactly dtype, shape and data_offsets"),
                arguments(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}",
                        4,
                        "tensor 'w': expected exactly dtype, shape and data_offsets"),
                arguments(
                        one(entry("BF16", "[2]", 0, 4)),
                        4,
                        "tensor 'w': type \"BF16\" is not supported, only [F32, F64, I64]"),
                arguments(
                        "{\"w\":{\"dtype\":3,\"shape\":[1],\"data_offsets\":[0,4]}}",
                        4,
                        "tensor 'w': type 3 is not supported, only [F32, F64, I64]"),
                arguments(
                        one(entry("F32", "[-1]", 0, 4)),
                        4,
                        "tensor 'w': shape may only hold whole numbers from 0 to 2^63 - 1"),
                arguments(
                        one(entry("F32", "[1.0]", 0, 4)),
                        4,
                        "tensor 'w': shape may only hold whole numbers from 0 to 2^63 - 1"),
                arguments(
                        one(entry("F32", "[18446744073709551617]", 0, 4)),
                        4,
                        "tensor 'w': shape may only hold whole numbers from 0 to 2^63 - 1"),
                arguments(one(entry("F32", "4", 0, 4)), 4, "tensor 'w': shape is not a list of numbers"),
                arguments(
                        one(entry("F32", "[4294967296,4294967296]", 0, 0)),
                        0,
                        "tensor 'w': shape [4294967296, 4294967296] is larger than any file"),
                arguments(
                        one(entry("F32", "[0,9223372036854775807]", 0, 0)),
                        0,
                        "tensor 'w': shape [0, 9223372036854775807] is larger than any file"),
                arguments(
                        one(entry("F64", "[2]", 0, 8)),
                        8,
                        "tensor 'w': shape [2] of F64 needs 16 bytes, data_offsets [0, 8] hold 8"),
                arguments(one(entry("F32", "[1]", 8, 4)), 8, "tensor 'w': data_offsets [8, 4] end before they begin"),
                arguments(
                        one(entry("F32", "[1]", -4, 0)),
                        4,
                        "tensor 'w': data_offsets may only hold whole numbers from 0 to 2^63 - 1"),
                arguments(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,2,4]}}",
                        4,
                        "tensor 'w': data_offsets must be two numbers"),
                arguments(
                        one(entry("F32", "[2]", 0, 8)),
                        7,
                        "tensor 'w': truncated, its bytes end at 8 but the file holds only 7"),
                arguments(one(entry("F32", "[1]", 0, 4)), 5, "1 bytes that belong to no tensor at its end"),
                arguments("{}", 3, "3 bytes that belong to no tensor at its end"),
                arguments(
                        one(entry("F32", "[1]", 4, 8)),
                        8,
                        "tensor 'w': its bytes start at 4, leaving a gap after those before, which end at 0"),
                arguments(
                        "{\"a\":" + entry("F32", "[2]", 0, 8) + ",\"b\":" + entry("F32", "[2]", 4, 12) + "}",
                        12,
                        "tensor 'b': its bytes start at 4, overlapping those before, which end at 8"),
                arguments("{\"__metadata__\": 5}", 0, "__metadata__ is not a JSON object"),
                arguments("{\"__metadata__\": {\"k\": 5}}", 0, "__metadata__: the value of 'k' is not text"),
                arguments(
                        "{\"a\\n\\u001b[31m\\u202e\": 5}",
                        0,
                        "tensor 'a \\u001b[31m\\u202e': expected exactly dtype, shape and data_offsets"));
    }

    @ParameterizedTest
    @MethodSource("hostileHeaders")
    void hostileHeadersAreRefusedInOneLine(String header, int dataBytes, String message) throws IOException {
        Path file = file(header.getBytes(StandardCharsets.UTF_8), header.length(), dataBytes);
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(SafetensorsException.class)
                .hasMessage(file + ": " + message);
    }

    @Test
    void headerLengthsThatCannotBe() throws IOException {
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        assertRefused(file(json, 3, 0), "truncated, its header has 3 bytes but the file only 10");
        assertRefused(
                file(json, 100_000_001, 0),
                "not a safetensors file, its header would have 100000001 bytes, more than the 4194304 that can be read");
        assertRefused(
                file(json, -1, 0),
                "not a safetensors file, its header would have 18446744073709551615 bytes, more than the 4194304 that"
                        + " can be read");
        Path tiny = Files.write(folder.resolve("tiny"), new byte[7]);
        assertRefused(tiny, "not a safetensors file, it has only 7 bytes");
    }

    @Test
    void aHeaderThatIsNotUtf8() throws IOException {
        byte[] json = "{\"caf\u00e9\": 1}".getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(file(json, json.length, 0), "not a safetensors file, its header is not UTF-8");
    }

    @Test
    void aMissingFileIsNotADamagedOne() {
        assertThatThrownBy(() -> Safetensors.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void everyCutIsNoticed() throws IOException {
        byte[] whole = small();
        Path file = folder.resolve("cut");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(SafetensorsException.class);
        }
    }

    @Test
    void aDamagedFileIsRefusedOrRead() throws IOException {
        byte[] whole = small();
        Path file = folder.resolve("damaged");
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = whole.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                damaged[random.nextInt(damaged.length - 12)] =
                        (byte) (i % 2 == 0 ? random.nextInt() : '0' + random.nextInt(10));
            }
            Files.write(file, damaged);
            try {
                Safetensors.read(file);
            } catch (SafetensorsException e) {
                assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n", "Exception", "tools.jackson");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    private byte[] small() throws IOException {
        Path file = folder.resolve("small");
        Safetensors.write(
                file,
                List.of(Tensor.ofFloats("w", new float[] {1}, 1), Tensor.ofDoubles("v", new double[] {2}, 1, 1)),
                Map.of("k", "v"));
        return Files.readAllBytes(file);
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(SafetensorsException.class)
                .hasMessage(file + ": " + message);
    }

    private static String entry(String dtype, String shape, long begin, long end) {
        return "{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + "," + end + "]}";
    }

    private static String one(String entry) {
        return "{\"w\":" + entry + "}";
    }

    private Path file(byte[] json, long headerBytes, int dataBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(headerBytes).put(json);
        return Files.write(folder.resolve("file"), bytes.array());
    }
}
