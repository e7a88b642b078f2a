package org.likelihood4j.training.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.likelihood4j.io.AppendedFile;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.training.tensorboard.EventRecord;

/**
 * The event file of one process. Nothing that happens to it ends a training: its numbers are in {@code metrics.jsonl} too.
 */
final class TensorBoardFile {
    /** What is kept for a disk that is full. */
    private static final int MOST_WAITING = 1 << 26;

    private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\..*");

    private final Path file;
    private final AppendedFile records;
    private final Consumer<String> warnings;
    private boolean given;

    private TensorBoardFile(Path file, Consumer<String> warnings) {
        this.file = file;
        this.records = new AppendedFile(file, "events", warnings);
        this.warnings = warnings;
    }

    /**
     * Makes a new file. TensorBoard reads those of a folder one after the other in the order of their names, which say the second
     * in which they were made: so the new one is named after all that are there, whatever the clock says.
     */
    static TensorBoardFile create(Path folder, Consumer<String> warnings) {
        Instant now = Instant.now();
        TensorBoardFile made;
        try {
            AtomicFiles.createFolders(folder);
            long second = Math.max(now.getEpochSecond(), newest(folder) + 1);
            Path file = folder.resolve(String.format(Locale.ROOT, "events.out.tfevents.%010d.likelihood4j", second));
            made = new TensorBoardFile(file, warnings);
            made.records.open();
        } catch (IOException e) {
            made = new TensorBoardFile(folder, warnings);
            made.giveUp("cannot be written (" + IoReasons.of(e) + ")");
        }
        made.append(EventRecord.version(now));
        return made;
    }

    private static long newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(name -> Long.parseLong(name.group(1)))
                    .max()
                    .orElse(0);
        }
    }

    void append(byte[] event) {
        if (given) {
            return;
        }
        if (records.waiting() > MOST_WAITING) {
            giveUp("could not be written for too long");
            return;
        }
        try {
            records.append(event);
        } catch (NoSuchFileException e) {
            giveUp("is gone");
        }
    }

    /** For the end: returns when all is on the disk, as far as the disk takes it. */
    void close() {
        if (given) {
            return;
        }
        try {
            records.force();
        } catch (IOException e) {
            giveUp("cannot be written (" + IoReasons.of(e) + ")");
        }
    }

    private void giveUp(String problem) {
        given = true;
        warnings.accept(file + ": " + problem + "; the training goes on without events for TensorBoard");
    }
}
