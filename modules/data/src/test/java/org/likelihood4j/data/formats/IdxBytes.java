package org.likelihood4j.data.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.GZIPOutputStream;
import org.likelihood4j.data.Digests;

/** Makes IDX files, good ones and bad ones. */
public final class IdxBytes {
    private IdxBytes() {}

    /** A file with this header, and values that count up from {@code start}, as many as {@code length} says. */
    public static byte[] file(int magic, int start, int length, int... dimensions) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + length);
        bytes.putInt(magic);
        for (int extent : dimensions) {
            bytes.putInt(extent);
        }
        for (int i = 0; i < length; i++) {
            bytes.put((byte) (start + i));
        }
        return bytes.array();
    }

    public static byte[] images(int start, int count) {
        return file(0x803, start, count * 784, count, 28, 28);
    }

    public static byte[] labels(int count) {
        return file(0x801, 0, count, count);
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    public static String sha256(byte[] content) {
        MessageDigest digest = Digests.sha256();
        digest.update(content);
        return Digests.hex(digest);
    }
}
