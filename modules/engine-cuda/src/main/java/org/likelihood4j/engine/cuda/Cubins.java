package org.likelihood4j.engine.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.engine.cuda.toolkit.KernelCompiler;

/**
 * Machine code of kernels, kept in a folder: a step of a large model takes two seconds to compile, and is the same in each run.
 * A file is named by all that its contents depend on, and begins with their SHA-256: what a crash has cut is compiled again, and so is what
 * cannot be kept or read. Any file may be deleted at any time.
 */
final class Cubins {
    private static final int HASH = 32;

    private final Path folder;

    /** In a folder, which is made if there is something to keep. */
    Cubins(Path folder) {
        this.folder = folder;
    }

    /** The code of a text, compiled unless it is there. */
    byte[] code(KernelCompiler compiler, String text, List<String> options) {
        String of = compiler.version() + "\n" + String.join(" ", options) + "\n" + text;
        Path file = folder.resolve(HexFormat.of().formatHex(hash(of.getBytes(StandardCharsets.UTF_8))) + ".cubin");
        return kept(file).orElseGet(() -> {
            byte[] code = compiler.compile(text, options.toArray(String[]::new));
            keep(file, code);
            return code;
        });
    }

    private static Optional<byte[]> kept(Path file) {
        try {
            byte[] all = Files.readAllBytes(file);
            byte[] code = Arrays.copyOfRange(all, Math.min(HASH, all.length), all.length);
            return Arrays.equals(all, 0, Math.min(HASH, all.length), hash(code), 0, HASH)
                    ? Optional.of(code)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void keep(Path file, byte[] code) {
        try {
            Files.createDirectories(folder);
            // Whole or not at all, whoever else compiles the same.
            Path part = Files.createTempFile(folder, "cubin", ".part");
            try {
                byte[] all = Arrays.copyOf(hash(code), HASH + code.length);
                System.arraycopy(code, 0, all, HASH, code.length);
                Files.write(part, all);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            // The next run compiles it again.
        }
    }

    private static byte[] hash(byte[] of) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(of);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
