package org.likelihood4j.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.Compressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.likelihood4j.data.parquet.CellType.Meaning;
import org.likelihood4j.data.parquet.CellType.Stored;

/** The examples of the format's own description, and what programs other than Spark write. */
class EncodingsTest {
    private static final CellType TEXT = new CellType(Stored.BYTES, 0, Meaning.TEXT, 0);

    private static ByteBuffer hex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static List<Object> cells(Values values, int count) throws IOException {
        List<Object> cells = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cells.add(values.next());
        }
        return cells;
    }

    /** Numbers 0 to 7 of three bits, and a run of eight fours. */
    @Test
    void runsAndGroups() throws IOException {
        Hybrid numbers = new Hybrid(hex("03 88c6fa 10 04"), 3);
        for (int i = 0; i < 8; i++) {
            assertThat(numbers.next()).isEqualTo(i);
        }
        for (int i = 0; i < 8; i++) {
            assertThat(numbers.next()).isEqualTo(4);
        }
        assertThatThrownBy(numbers::next).hasMessage("a page ends too early");
    }

    /** 1, 2, 3, 4, 5: all differences are 1, and take no bits. Then 7, 5, 3, 1, 2, 3, 4, 5: the least is -2, the others are 0 and 3. */
    @Test
    void differences() throws IOException {
        CellType whole = new CellType(Stored.INT64, 0, Meaning.PLAIN, 0);
        Values equal = Encoding.of(Encoding.DELTA, whole, hex("8001 04 05 02 02 00000000"), null, 5);
        assertThat(cells(equal, 5)).containsExactly(1L, 2L, 3L, 4L, 5L);
        // Two bits each: 0 0 0 3 3 3 3, of which a part has 32.
        Values others = Encoding.of(Encoding.DELTA, whole, hex("8001 04 08 0e 03 02000000 c03f 000000000000"), null, 8);
        assertThat(cells(others, 8)).containsExactly(7L, 5L, 3L, 1L, 2L, 3L, 4L, 5L);
        assertThatThrownBy(() -> Encoding.of(Encoding.DELTA, whole, hex("8001 04 09 0e"), null, 8))
                .hasMessage("a page of differences is damaged");
        assertThatThrownBy(() -> Encoding.of(Encoding.DELTA, whole, hex("8001 00 05 02"), null, 8))
                .hasMessage("a page of differences is damaged");
    }

    /** 1, 2, 3, 4, 5 again: the format lets writers leave anything for parts that no number is left for. */
    @Test
    void widthsOfPartsThatAreNotThere() throws IOException {
        CellType whole = new CellType(Stored.INT64, 0, Meaning.PLAIN, 0);
        Values equal = Encoding.of(Encoding.DELTA, whole, hex("8001 04 05 02 02 00 ff 41 80"), null, 5);
        assertThat(cells(equal, 5)).containsExactly(1L, 2L, 3L, 4L, 5L);
        String texts = HexFormat.of().formatHex("HelloWorldFoobarABCDEF".getBytes(StandardCharsets.US_ASCII));
        Values behind =
                Encoding.of(Encoding.DELTA_LENGTH, TEXT, hex("8001 04 04 0a 00 01ff4180 02000000" + texts), null, 4);
        assertThat(cells(behind, 4)).containsExactly("Hello", "World", "Foobar", "ABCDEF");
        // The second part has the last of 34 numbers.
        for (String needed : List.of("41 00 00 00", "ff 00 00 00", "00 41 00 00", "00 ff 00 00")) {
            Values wrong = Encoding.of(Encoding.DELTA, whole, hex("8001 04 22 02 02" + needed), null, 34);
            assertThatThrownBy(() -> cells(wrong, 34)).hasMessage("a page of differences is damaged");
        }
    }

    /** Hello, World, Foobar, ABCDEF; then axis, axle, babble, babyhood by what each shares with the one before. */
    @Test
    void textsByTheirLengths() throws IOException {
        // 5, 5, 6, 6: differences 0, 1, 0.
        String lengths = "8001 04 04 0a 00 01000000 02000000";
        String texts = HexFormat.of().formatHex("HelloWorldFoobarABCDEF".getBytes(StandardCharsets.US_ASCII));
        Values plain = Encoding.of(Encoding.DELTA_LENGTH, TEXT, hex(lengths + texts), null, 4);
        assertThat(cells(plain, 4)).containsExactly("Hello", "World", "Foobar", "ABCDEF");
        // 0, 2, 0, 3: differences 2, -2, 3, of which the least is -2 and the others are 4, 0, 5 in three bits.
        String shared = "8001 04 04 00 03 03000000 440100000000000000000000";
        // axis, le, babble, yhood: 4, 2, 6, 5: differences -2, 4, -1, the least -2, then 0, 6, 1.
        String rest = "8001 04 04 08 03 03000000 700000000000000000000000"
                + HexFormat.of().formatHex("axislebabbleyhood".getBytes(StandardCharsets.US_ASCII));
        Values fronts = Encoding.of(Encoding.DELTA_BYTES, TEXT, hex(shared + rest), null, 4);
        assertThat(cells(fronts, 4)).containsExactly("axis", "axle", "babble", "babyhood");
    }

    /** Each number's first bytes, then its second ones, and so on. */
    @Test
    void bytesApart() throws IOException {
        CellType numbers = new CellType(Stored.FLOAT, 0, Meaning.PLAIN, 0);
        // 1 is 3f800000, -2 is c0000000.
        Values values = Encoding.of(Encoding.SPLIT, numbers, hex("0000 0000 8000 3fc0"), null, 2);
        assertThat(cells(values, 2)).containsExactly(1f, -2f);
        assertThatThrownBy(values::next).hasMessage("a page ends too early");
    }

    /** Of a page whose cells are all missing nothing is there, however long they would be. */
    @Test
    void noBytesApart() throws IOException {
        CellType wide = new CellType(Stored.FIXED, Integer.MAX_VALUE, Meaning.PLAIN, 0);
        Values none = Encoding.of(Encoding.SPLIT, wide, hex(""), null, 3);
        assertThatThrownBy(none::next).hasMessage("a page ends too early");
    }

    @Test
    void meaningsThatSparkDoesNotWrite() throws IOException {
        CellType half = new CellType(Stored.FIXED, 2, Meaning.HALF, 0);
        assertThat(cells(Encoding.of(Encoding.PLAIN, half, hex("003c 00c0 0100 007c 007e ff7b"), null, 6), 6)
                        .toString())
                .isEqualTo(List.of(1f, -2f, 0x1p-24f, Float.POSITIVE_INFINITY, Float.NaN, 65504f)
                        .toString());
        CellType unsigned = new CellType(Stored.INT64, 0, Meaning.UNSIGNED, 0);
        assertThat(unsigned.of(-1L)).isEqualTo(BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
        assertThat(new CellType(Stored.INT32, 0, Meaning.UNSIGNED, 0).of(-1L)).isEqualTo(4_294_967_295L);
        assertThat(new CellType(Stored.INT32, 0, Meaning.TIME_MILLIS, 0).of(3_600_000L))
                .isEqualTo("01:00");
        CellType uuid = new CellType(Stored.FIXED, 16, Meaning.UUID, 0);
        assertThat(cells(Encoding.of(Encoding.PLAIN, uuid, hex("00112233445566778899aabbccddeeff"), null, 1), 1))
                .containsExactly("00112233-4455-6677-8899-aabbccddeeff");
        assertThatThrownBy(() -> cells(Encoding.of(Encoding.PLAIN, TEXT, hex("01000000 ff"), null, 1), 1))
                .hasMessage("a text is not UTF-8");
    }

    @Test
    void pagesThatPromiseMuchAreRefusedBeforeAnythingIsAllocated() {
        byte[] packed = new byte[100];
        for (Codec codec : List.of(Codec.SNAPPY, Codec.GZIP, Codec.LZ4_RAW, Codec.NONE)) {
            assertThatThrownBy(() -> codec.decompress(packed, 0, 1 << 30))
                    .hasMessage("a page cannot be unpacked: it is damaged");
        }
        for (Codec codec : Codec.values()) {
            assertThatThrownBy(() -> codec.decompress(packed, 0, 1000))
                    .isInstanceOf(IOException.class)
                    .hasMessage("a page cannot be unpacked: it is damaged");
        }
        assertThatThrownBy(() -> new Room(1000).take(1001)).hasMessageContaining("a quarter of the heap");
    }

    /** As pages of version 2 have before the others those that say where cells are missing. */
    @Test
    void bytesBeforeThoseThatAreCompressed() throws IOException {
        byte[] cells = "0123456789".repeat(50).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(cells);
        }
        Map<Codec, byte[]> packed = Map.of(
                Codec.NONE, cells,
                Codec.GZIP, gzip.toByteArray(),
                Codec.SNAPPY, packed(new SnappyCompressor(), cells),
                Codec.LZ4_RAW, packed(new Lz4Compressor(), cells),
                Codec.ZSTD, packed(new ZstdCompressor(), cells));
        assertThat(packed).containsOnlyKeys(Codec.values());
        for (Map.Entry<Codec, byte[]> each : packed.entrySet()) {
            for (byte[] levels : List.of(new byte[0], new byte[] {3, 1, 4})) {
                Codec codec = each.getKey();
                byte[] page = join(levels, each.getValue());
                assertThat(codec.decompress(page, levels.length, levels.length + cells.length))
                        .as("%s", codec)
                        .isEqualTo(join(levels, cells));
                assertThat(codec.decompress(page, levels.length, levels.length)).isEqualTo(levels);
                for (int wrong : new int[] {-1, 1}) {
                    assertThatThrownBy(
                                    () -> codec.decompress(page, levels.length, levels.length + cells.length + wrong))
                            .hasMessage("a page cannot be unpacked: it is damaged");
                }
            }
        }
    }

    private static byte[] packed(Compressor codec, byte... bytes) {
        byte[] out = new byte[codec.maxCompressedLength(bytes.length)];
        return Arrays.copyOf(out, codec.compress(bytes, 0, bytes.length, out, 0, out.length));
    }

    private static byte[] join(byte[] first, byte... second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** The library would call itself for each. */
    @Test
    void manyEmptyGzipStreamsAreRefused() throws IOException {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        new GZIPOutputStream(one).close();
        byte[] many = new byte[one.size() * 20_000];
        for (int i = 0; i < many.length; i += one.size()) {
            System.arraycopy(one.toByteArray(), 0, many, i, one.size());
        }
        assertThatThrownBy(() -> Codec.GZIP.decompress(many, 0, 10))
                .hasMessage("a page cannot be unpacked: it is damaged");
    }

    /** A number of a word that is not there, and words that were never given. */
    @Test
    void wordsThatAreNotThere() throws IOException {
        Object[] words = {"a", "b"};
        Values values = Encoding.of(Encoding.RLE_DICTIONARY, TEXT, hex("02 04 02"), words, 2);
        assertThatThrownBy(values::next).hasMessage("a page has a number without a word");
        assertThatThrownBy(() -> Encoding.of(Encoding.RLE_DICTIONARY, TEXT, hex("02 04 02"), null, 2))
                .hasMessage("a page of numbers of words has no words");
    }
}
