package org.likelihood4j.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bytes to be sent, with the tag by which a browser says that it has them already. */
public final class Content {
    private final byte[] bytes;
    private final String tag;

    private Content(byte[] bytes) {
        this.bytes = bytes;
        this.tag = '"' + HexFormat.of().formatHex(sha256(bytes), 0, 16) + '"';
    }

    /** @param bytes not copied, and not to be changed any more */
    static Content of(byte[] bytes) {
        return new Content(bytes);
    }

    static Content of(String text) {
        return new Content(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        return bytes;
    }

    /** Equal for equal bytes only; with its quotes, as HTTP has it. */
    String tag() {
        return tag;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
