package org.likelihood4j.runs.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.likelihood4j.io.AppendedFile;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.SmallFiles;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunState;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code metrics.jsonl}: whole lines only, and none twice.
 *
 * <p>What an {@link AppendedFile} leaves torn, by a crash, {@link #cut} removes.
 */
public final class MetricsFile {
    private static final int MOST_BYTES = 1 << 30;

    private final Path file;
    private final AppendedFile lines;

    public MetricsFile(Path file, Consumer<String> warnings) {
        this.file = file;
        this.lines = new AppendedFile(file, "lines", warnings);
    }

    /**
     * Makes the file, or opens the one that is there.
     *
     * @throws RunException if it cannot be written
     */
    public void open() {
        try {
            lines.open();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Appends a line, now or, if the disk is full, later.
     *
     * @throws RunException if the file is no longer there
     */
    public void append(String line) {
        try {
            lines.append((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new RunException(file + ": is gone; was the run's folder deleted or moved?", e);
        }
    }

    /** Returns when all lines are on the disk. */
    public void force() throws IOException {
        lines.force();
    }

    /** The same; for the end, after which there is no other try. */
    public void close() {
        try {
            force();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Removes, in one step, what a training that goes on from here will write again: lines of later steps and epochs, and a last
     * line that is torn. Other lines tell what happened, and stay.
     *
     * @throws RunException if the file cannot be read or written
     */
    public void cut(RunState state) {
        try {
            lines.flush();
            if (!Files.exists(file)) {
                return;
            }
            byte[] all = SmallFiles.bytes(file, MOST_BYTES);
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            for (int from = 0; from < all.length; ) {
                int end = from;
                while (end < all.length && all[end] != '\n') {
                    end++;
                }
                byte[] line = Arrays.copyOfRange(all, from, end);
                if (stays(line, end == all.length, state)) {
                    kept.writeBytes(line);
                    kept.write('\n');
                }
                from = end + 1;
            }
            if (!Arrays.equals(kept.toByteArray(), all)) {
                AtomicFiles.write(file, kept.toByteArray());
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static boolean stays(byte[] line, boolean unfinished, RunState state) {
        try {
            JsonNode json = JsonFiles.LINE.readTree(line);
            if (MetricsEvent.Kind.STEP.is(json)) {
                return json.path(MetricsKeys.STEP).asLong(0) <= state.step();
            }
            return !MetricsEvent.Kind.EPOCH.is(json)
                    || json.path(MetricsKeys.EPOCH).asLong(0) <= state.epoch();
        } catch (JacksonException e) {
            return !unfinished;
        }
    }

    /** Whether the last line says that a training came to its end. */
    public static boolean saysEnded(Path file) {
        try {
            String text = SmallFiles.read(file, MOST_BYTES);
            JsonNode last =
                    JsonFiles.LINE.readTree(text.substring(text.stripTrailing().lastIndexOf('\n') + 1));
            return text.endsWith("\n")
                    && MetricsEvent.Kind.END.is(last)
                    && EndReason.of(last.path(MetricsKeys.REASON).asString(""))
                            .filter(EndReason::isOver)
                            .isPresent();
        } catch (IOException | JacksonException e) {
            return false;
        }
    }

    private RunException unwritable(IOException e) {
        return new RunException(file + ": cannot be written (" + IoReasons.of(e) + ")", e);
    }
}
