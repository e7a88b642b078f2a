package org.likelihood4j.training.rounds;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What workers are asked for; the state that they begin with follows it.
 *
 * @param driver of who asks
 * @param from how many steps were taken before
 * @param to how many are taken after it, if the training can go on so far
 * @param factor what returns to a checkpoint have made of the learning rate
 */
record Round(Fingerprint driver, long from, long to, double factor) {
    byte[] head() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(driver.values().size());
            for (Map.Entry<String, String> entry : driver.values().entrySet()) {
                write(out, entry.getKey());
                write(out, entry.getValue());
            }
            out.writeLong(from);
            out.writeLong(to);
            out.writeDouble(factor);
        } catch (IOException e) {
            throw new UncheckedIOException("to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    /** Leaves the state to be read. */
    static Round read(ByteBuffer bytes) {
        Map<String, String> driver = new LinkedHashMap<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            String name = text(bytes);
            driver.put(name, text(bytes));
        }
        return new Round(new Fingerprint(driver), bytes.getLong(), bytes.getLong(), bytes.getDouble());
    }

    private static String text(ByteBuffer bytes) {
        byte[] utf8 = new byte[bytes.getInt()];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
