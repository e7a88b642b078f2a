package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.likelihood4j.data.columns.ColumnKind;

/**
 * What the values of a column are: how they are stored, and what that means.
 *
 * @param length of values of {@link Stored#FIXED}, bytes
 * @param scale of decimals: digits behind the point
 */
record CellType(Stored stored, int length, Meaning meaning, int scale) {
    private static final int MOST_SCALE = 1000;
    /** Bytes of a decimal number. */
    private static final int MOST_DIGITS = 64;

    private static final long JULIAN_1970 = 2_440_588;

    /** How values are stored; in the order of the format's numbers. */
    enum Stored {
        BOOLEAN(0),
        INT32(4),
        INT64(8),
        /** Dates as Impala and old Spark wrote them. */
        INT96(12),
        FLOAT(4),
        DOUBLE(8),
        BYTES(0),
        FIXED(0);

        private final int bytes;

        Stored(int bytes) {
            this.bytes = bytes;
        }

        /** @throws IOException if there is none of this number */
        static Stored of(int number) throws IOException {
            Stored[] all = values();
            if (number < 0 || number >= all.length) {
                throw new IOException("its description is damaged");
            }
            return all[number];
        }
    }

    /** What stored values mean. */
    enum Meaning {
        PLAIN,
        UNSIGNED,
        DECIMAL,
        TEXT,
        DATE,
        TIME_MILLIS,
        TIME_MICROS,
        TIME_NANOS,
        /** Of a clock on a wall. */
        LOCAL_MILLIS,
        LOCAL_MICROS,
        LOCAL_NANOS,
        /** Points in time. */
        UTC_MILLIS,
        UTC_MICROS,
        UTC_NANOS,
        UUID,
        HALF,
        /** Of no use in a table. */
        OTHER
    }

    CellType {
        if (scale < 0 || scale > MOST_SCALE || (stored == Stored.FIXED && length < 1)) {
            throw new IllegalArgumentException("its description is damaged");
        }
    }

    /** Whether cells are bytes that mean nothing else. */
    boolean isBinary() {
        return (stored == Stored.BYTES || stored == Stored.FIXED) && meaning == Meaning.PLAIN;
    }

    /** What a column of it holds, where that is no question. */
    Optional<ColumnKind> kind() {
        if (stored == Stored.BOOLEAN) {
            return Optional.of(new ColumnKind.Truth());
        }
        return switch (meaning) {
            case DATE, LOCAL_MILLIS, LOCAL_MICROS, LOCAL_NANOS, UTC_MILLIS, UTC_MICROS, UTC_NANOS ->
                Optional.of(new ColumnKind.Date());
            default -> stored == Stored.INT96 ? Optional.of(new ColumnKind.Date()) : Optional.empty();
        };
    }

    /** How many bytes a value takes; 0 where that differs. */
    int width() {
        return stored == Stored.FIXED ? length : stored.bytes;
    }

    /** A cell, from the whole number that is stored. */
    Object of(long value) {
        return switch (meaning) {
            case UNSIGNED -> unsigned(value);
            case DECIMAL -> BigDecimal.valueOf(value, scale);
            case DATE -> LocalDate.ofEpochDay(value);
            case TIME_MILLIS -> time(value, 1_000_000);
            case TIME_MICROS -> time(value, 1_000);
            case TIME_NANOS -> time(value, 1);
            case LOCAL_MILLIS -> local(instant(value, 1_000));
            case LOCAL_MICROS -> local(instant(value, 1_000_000));
            case LOCAL_NANOS -> local(instant(value, 1_000_000_000));
            case UTC_MILLIS -> instant(value, 1_000);
            case UTC_MICROS -> instant(value, 1_000_000);
            case UTC_NANOS -> instant(value, 1_000_000_000);
            default -> value;
        };
    }

    private Object unsigned(long value) {
        if (stored == Stored.INT32) {
            return Integer.toUnsignedLong((int) value);
        }
        return value >= 0 ? (Object) value : BigInteger.valueOf(value).add(BigInteger.ONE.shiftLeft(Long.SIZE));
    }

    /** Times of day are no dates, and stay text. */
    private static String time(long value, long nanos) {
        long day = LocalTime.MAX.toNanoOfDay() / nanos;
        return value < 0 || value > day
                ? Long.toString(value)
                : LocalTime.ofNanoOfDay(value * nanos).toString();
    }

    private static Instant instant(long value, long perSecond) {
        return Instant.ofEpochSecond(
                Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond));
    }

    private static LocalDateTime local(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    /** A cell, from the bytes that are stored. */
    Object of(byte[] bytes, int from, int size) throws IOException {
        if (stored == Stored.INT96) {
            ByteBuffer in = ByteBuffer.wrap(bytes, from, size).order(ByteOrder.LITTLE_ENDIAN);
            long nanos = in.getLong();
            long day = Integer.toUnsignedLong(in.getInt()) - JULIAN_1970;
            return Instant.ofEpochSecond(day * 86_400, nanos);
        }
        return switch (meaning) {
            case TEXT -> text(bytes, from, size);
            case DECIMAL -> {
                if (size == 0 || size > MOST_DIGITS) {
                    throw new IOException("a decimal number has " + size + " bytes");
                }
                yield new BigDecimal(new BigInteger(bytes, from, size), scale);
            }
            case UUID -> uuid(ByteBuffer.wrap(bytes, from, size));
            case HALF -> half((bytes[from] & 0xff) | bytes[from + 1] << 8);
            default -> Arrays.copyOfRange(bytes, from, from + size);
        };
    }

    private static String text(byte[] bytes, int from, int size) throws IOException {
        for (int i = from; i < from + size; i++) {
            if (bytes[i] < 0) {
                try {
                    return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, from, size))
                            .toString();
                } catch (CharacterCodingException e) {
                    throw new IOException("a text is not UTF-8", e);
                }
            }
        }
        return new String(bytes, from, size, StandardCharsets.US_ASCII);
    }

    private static String uuid(ByteBuffer in) {
        return new UUID(in.getLong(), in.getLong()).toString();
    }

    /** A number of 16 bits. */
    private static Float half(int bits) {
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        float sign = (bits & 0x8000) == 0 ? 1 : -1;
        if (exponent == 0) {
            return sign * Math.scalb((float) fraction, -24);
        } else if (exponent == 0x1f) {
            return fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
        }
        return sign * Math.scalb(1 + fraction / 1024f, exponent - 15);
    }
}
