package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.List;
import org.likelihood4j.data.tables.TypedCell;

/** Small files of twelve rows, written by Apache Spark 4.0.4, and what is in them: a row is a function of its place. */
public final class ParquetSamples {
    static final int ROWS = 12;
    static final List<String> NAMES =
            List.of("place", "x", "f", "truth", "n", "word", "day", "point", "clock", "money", "bytes", "list");

    /** Codec and version of the format, and what differs from plain values. */
    static final List<String> ALL = List.of("snappy-v1-words", "zstd-v2", "gzip-v2-split", "lz4_raw-v1");

    private ParquetSamples() {}

    /** The bytes of a file. */
    public static byte[] bytes(String name) {
        try (InputStream in = ParquetSamples.class.getResourceAsStream("/parquet/" + name + ".base64")) {
            return Base64.getMimeDecoder().decode(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Object cell(String name, int place) {
        return switch (name) {
            case "place" -> (long) place;
            case "x" -> place % 4 == 3 ? null : place * 1.5 - 3;
            case "f" -> place / 3f;
            case "truth" -> place % 5 == 4 ? null : place % 2 == 0;
            case "n" -> (long) place - 5;
            case "word" -> "w" + place % 3;
            case "day" -> LocalDate.of(2024, 1, 1).plusDays(40L * place);
            case "point" -> Instant.parse("2024-01-01T00:00:00Z").plusMillis(3_661_001L * place);
            case "clock" -> LocalDateTime.of(2024, 2, 3, 4, 5, 6).plusMinutes(place);
            case "money" -> BigDecimal.valueOf(place * 7L - 30, 2);
            case "bytes" -> new byte[] {(byte) place, (byte) (place * 20)};
            case "list" -> TypedCell.Nested.CELL;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
