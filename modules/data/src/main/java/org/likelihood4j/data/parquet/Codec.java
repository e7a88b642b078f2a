package org.likelihood4j.data.parquet;

import io.airlift.compress.Decompressor;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.likelihood4j.data.formats.GzipFile;

/** How pages are compressed. The numbers are the format's. */
enum Codec {
    /** Not at all. */
    NONE(0, 1),
    /** The one that most programs write. */
    SNAPPY(1, 32),
    /** With gzip's frame. */
    GZIP(2, 1100),
    /** In the format's own way, without a frame. */
    LZ4_RAW(7, 256),
    /** With its frame. */
    ZSTD(6, 1 << 16);

    private final int number;
    /** How much longer than the compressed bytes the others can be, for those who only say that they are. */
    private final int mostRatio;

    Codec(int number, int mostRatio) {
        this.number = number;
        this.mostRatio = mostRatio;
    }

    /** @throws IOException if it is one that is not read */
    static Codec of(int number) throws IOException {
        for (Codec codec : values()) {
            if (codec.number == number) {
                return codec;
            }
        }
        String name = switch (number) {
            case 3 -> "LZO";
            case 4 -> "Brotli";
            case 5 -> "LZ4 in Hadoop's frame";
            default -> "a codec that is not known (" + number + ")";
        };
        throw new IOException("it is compressed with " + name + "; write it with snappy, gzip, zstd, lz4_raw or none");
    }

    /**
     * The bytes of a page.
     *
     * @param bytes the first of which stand as they are, the others compressed
     * @param plain how many stand as they are
     * @param size how many they all are to be
     * @throws IOException if they are not; nothing is allocated that the compressed ones cannot become
     */
    byte[] decompress(byte[] bytes, int plain, int size) throws IOException {
        if (size - plain > (long) mostRatio * (bytes.length - plain) + Long.BYTES) {
            throw damaged();
        }
        byte[] out = new byte[size];
        System.arraycopy(bytes, 0, out, 0, plain);
        if (size == plain) {
            return out;
        }
        int got = switch (this) {
            case NONE -> copy(bytes, plain, out);
            case GZIP -> inflate(bytes, plain, out);
            case SNAPPY -> decompress(new SnappyDecompressor(), bytes, plain, out);
            case LZ4_RAW -> decompress(new Lz4Decompressor(), bytes, plain, out);
            case ZSTD -> decompress(new ZstdDecompressor(), bytes, plain, out);
        };
        if (got != size - plain) {
            throw damaged();
        }
        return out;
    }

    private static int copy(byte[] bytes, int plain, byte[] out) throws IOException {
        if (bytes.length != out.length) {
            throw damaged();
        }
        System.arraycopy(bytes, plain, out, plain, bytes.length - plain);
        return bytes.length - plain;
    }

    private static int decompress(Decompressor codec, byte[] bytes, int plain, byte[] out) throws IOException {
        try {
            return codec.decompress(bytes, plain, bytes.length - plain, out, plain, out.length - plain);
        } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(damaged().getMessage(), e);
        }
    }

    private static int inflate(byte[] bytes, int plain, byte[] out) throws IOException {
        try (InputStream in = GzipFile.unpacked(new ByteArrayInputStream(bytes, plain, bytes.length - plain))) {
            int got = in.readNBytes(out, plain, out.length - plain);
            return in.read() < 0 ? got : -1;
        } catch (IOException e) {
            throw new IOException(damaged().getMessage(), e);
        }
    }

    private static IOException damaged() {
        return new IOException("a page cannot be unpacked: it is damaged");
    }
}
