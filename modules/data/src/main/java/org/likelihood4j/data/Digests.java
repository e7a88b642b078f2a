package org.likelihood4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 and MD5, which every Java platform must have. */
public final class Digests {
    private Digests() {}

    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    /**
     * MD5 of a file as it is, in hex.
     *
     * @throws DataException if it cannot be read
     */
    public static String md5(Path file) {
        MessageDigest digest = digest("MD5");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        return hex(digest);
    }

    /** Ends the digest and gives it as lower-case hex digits. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + algorithm + ", which its specification demands", e);
        }
    }
}
