package org.likelihood4j.score;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.files.Json;
import org.likelihood4j.score.files.Tensors;

/** What an export's files hold, of the version that is read here. */
record ExportFiles(Json model, Json program, Tensors tensors) {
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;
    private static final String MODEL = "model.json";
    private static final String PROGRAM = "program.json";
    private static final String WEIGHTS = "weights.safetensors";
    private static final String SUMS = "sha256";

    /** In the place of its own sum, of which {@code model.json} has the sum. */
    private static final String NO_SUM = "0".repeat(64);

    /** @throws ExportException if they are of another format or version */
    ExportFiles {
        requireFormat(model, "likelihood4j-export");
        requireFormat(program, "likelihood4j-program");
    }

    private static void requireFormat(Json json, String format) {
        if (!json.get("format").text().equals(format)) {
            throw json.get("format").unknown(format);
        }
        if (json.get("formatVersion").integer(1, Integer.MAX_VALUE) != Scorer.FORMAT_VERSION) {
            throw json.get("formatVersion")
                    .unknown("format version " + Scorer.FORMAT_VERSION + "; export the run again");
        }
    }

    static ExportFiles of(Path folder) {
        return of(read(folder.resolve(MODEL)), read(folder.resolve(PROGRAM)), read(folder.resolve(WEIGHTS)));
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ExportException(file + ": too large");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ExportException(
                    file + ": cannot be read; an export has " + MODEL + ", " + PROGRAM + " and " + WEIGHTS, e);
        }
    }

    static ExportFiles of(Class<?> owner, String folder) {
        return of(read(owner, folder, MODEL), read(owner, folder, PROGRAM), read(owner, folder, WEIGHTS));
    }

    private static byte[] read(Class<?> owner, String folder, String file) {
        try (InputStream in = owner.getResourceAsStream(folder + "/" + file)) {
            if (in == null) {
                throw new ExportException("the class path has no " + folder + "/" + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ExportException(folder + "/" + file + ": cannot be read", e);
        }
    }

    static ExportFiles of(byte[] model, byte[] program, byte[] weights) {
        Json description = json(MODEL, model);
        // Earlier exports, and such as others write, may have no sums.
        if (description.has(SUMS)) {
            Json sums = description.get(SUMS);
            requireWritten(PROGRAM, sha256(program), sum(sums.get(PROGRAM)));
            requireWritten(WEIGHTS, sha256(weights), sum(sums.get(WEIGHTS)));
            String own = sum(sums.get(MODEL));
            // As long as it was, since a sum is as long as the zeros.
            byte[] unsigned = new String(model, StandardCharsets.UTF_8)
                    .replace('"' + own + '"', '"' + NO_SUM + '"')
                    .getBytes(StandardCharsets.UTF_8);
            requireWritten(MODEL, sha256(unsigned), own);
        }
        return new ExportFiles(description, json(PROGRAM, program), Tensors.read(WEIGHTS, weights));
    }

    private static String sum(Json sum) {
        String text = sum.text();
        if (!text.matches("[0-9a-f]{64}")) {
            throw sum.unknown("a SHA-256, 64 hexadecimal digits");
        }
        return text;
    }

    /** A byte that a copy has changed may be a weight's, with which everything is computed all the same. */
    private static void requireWritten(String name, String is, String written) {
        if (!is.equals(written)) {
            throw new ExportException(name + ": is not the file that was written for this export (SHA-256 " + is
                    + ", expected " + written + "); copy the export again, or export the run again");
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Json json(String name, byte[] bytes) {
        try {
            return Json.parse(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new ExportException(name + ": is no text in UTF-8", e);
        }
    }
}
