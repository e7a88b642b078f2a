package org.likelihood4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The SHA-256 of each file of a folder, in the form that {@code sha256sum --check SHA256SUMS} reads. */
public final class ChecksumFile {
    public static final String FILE = "SHA256SUMS";

    private static final int MOST_BYTES = 1 << 16;

    private final Map<String, MessageDigest> digests = new LinkedHashMap<>();

    /** A stream that sums what passes through it to {@code out}. */
    public OutputStream over(String name, OutputStream out) {
        MessageDigest digest = sha256();
        digests.put(name, digest);
        return new DigestOutputStream(out, digest);
    }

    /** The file's text, once all is written. */
    public String text() {
        StringBuilder text = new StringBuilder();
        digests.forEach((name, digest) -> text.append(HexFormat.of().formatHex(digest.digest()))
                .append("  ")
                .append(name)
                .append('\n'));
        return text.toString();
    }

    /** What is wrong with these files of a folder; {@code null} if they are as they were summed. */
    public static String problem(Path folder, List<String> names) {
        List<String> sums;
        try {
            sums = SmallFiles.read(folder.resolve(FILE), MOST_BYTES).lines().toList();
        } catch (IOException e) {
            return FILE + ": " + IoReasons.of(e);
        }
        for (String name : names) {
            try {
                if (!sums.contains(sum(folder.resolve(name)) + "  " + name)) {
                    return name + ": its SHA-256 is not that of " + FILE;
                }
            } catch (IOException e) {
                return name + ": " + IoReasons.of(e);
            }
        }
        return null;
    }

    /** The SHA-256 of a file, in hex. */
    public static String sum(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of a text in UTF-8, in hex. */
    public static String sum(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
