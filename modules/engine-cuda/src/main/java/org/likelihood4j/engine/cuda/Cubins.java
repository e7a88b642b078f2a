package org.likelihood4j.engine.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.likelihood4j.engine.cuda.toolkit.KernelCompiler;

/**
 * Machine code of kernels, kept in a folder: a step of a large model takes two seconds to compile, and is the same in each run.
 * A file is named by all that its contents depend on, so it is never wrong, and may be deleted at any time.
 */
final class Cubins {
    private final Path folder;

    /** In a folder, which is made if there is something to keep. */
    Cubins(Path folder) {
        this.folder = folder;
    }

    /** The code of a text, compiled unless it is there. */
    byte[] code(KernelCompiler compiler, String text, List<String> options) {
        Path file = folder.resolve(key(compiler.version() + "\n" + String.join(" ", options) + "\n" + text) + ".cubin");
        try {
            if (Files.exists(file)) {
                return Files.readAllBytes(file);
            }
            byte[] code = compiler.compile(text, options.toArray(String[]::new));
            Files.createDirectories(folder);
            // Whole or not at all, whoever else compiles the same.
            Path part = Files.createTempFile(folder, "cubin", ".part");
            Files.write(part, code);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return code;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep compiled kernels in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static String key(String of) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
