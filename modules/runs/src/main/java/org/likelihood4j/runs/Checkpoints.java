package org.likelihood4j.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.AtomicFiles.PathBody;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.SmallFiles;

/**
 * The checkpoints of a run: each a folder that appears whole or not at all, under a name of its own, and is never written
 * again. {@code last} and {@code best} are small files that hold a folder's name; beside those two the newest ones are kept.
 */
public final class Checkpoints {
    /** The pointer to the checkpoint with the best validation. */
    public static final String BEST = "best";

    /** A checkpoint's folder: at the end of an epoch, or of a step within the next one. */
    private static final Pattern FOLDER = Pattern.compile("epoch-(\\d{1,18})(?:-step-(\\d{1,18}))?");

    /** From the oldest to the newest. */
    private static final Comparator<Path> BY_AGE =
            Comparator.<Path>comparingLong(folder -> number(folder, 1)).thenComparingLong(folder -> number(folder, 2));

    private static final int MOST_POINTER_BYTES = 100;
    private static final int MOST_LISTED = 20;

    private final RunDirectory run;
    private final Path folder;
    private final int keep;

    /** Of a run that is only read. */
    public Checkpoints(RunDirectory run) {
        this(run, Integer.MAX_VALUE);
    }

    /** @param keep how many of the newest are kept, beside the best */
    public Checkpoints(RunDirectory run, int keep) {
        this.run = run;
        this.folder = run.checkpoints();
        this.keep = keep;
    }

    /**
     * Saves a checkpoint and points {@code last} at it, and {@code best} too if it is, or if no epoch has been compared yet: the
     * commands look for the best.
     *
     * @param body fills the folder, see {@link CheckpointFolder#write}
     * @param withinEpoch whether the epoch after {@code state.epoch()} has begun: the checkpoint's name then says the step
     * @throws IOException if it cannot be written; earlier checkpoints stay
     * @throws RunException if the run is no longer there
     */
    public void save(RunState state, PathBody body, boolean best, boolean withinEpoch) throws IOException {
        run.requireThere();
        String name = RunDirectory.epochName(state.epoch())
                + (withinEpoch ? String.format(Locale.ROOT, "-step-%07d", state.step()) : "");
        AtomicFiles.createFolders(folder);
        Path target = folder.resolve(name);
        // There already, if the last try failed after it.
        if (!Files.isDirectory(target) || CheckpointFolder.damage(target) != null) {
            AtomicFiles.createFolder(target, body);
        }
        point(name, best || state.best().epoch() == 0);
        removeOld();
    }

    private void point(String name, boolean best) throws IOException {
        AtomicFiles.write(folder.resolve("last"), name + "\n");
        if (best) {
            AtomicFiles.write(folder.resolve(BEST), name + "\n");
        }
    }

    private void removeOld() throws IOException {
        List<Path> all = all();
        Set<String> kept = new LinkedHashSet<>();
        all.subList(Math.max(0, all.size() - keep), all.size())
                .forEach(newest -> kept.add(newest.getFileName().toString()));
        for (String pointer : List.of("last", BEST)) {
            if (Files.exists(folder.resolve(pointer))) {
                kept.add(SmallFiles.read(folder.resolve(pointer), MOST_POINTER_BYTES)
                        .strip());
            }
        }
        for (Path checkpoint : all) {
            if (!kept.contains(checkpoint.getFileName().toString())) {
                AtomicFiles.delete(checkpoint);
            }
        }
    }

    /** From the oldest to the newest. */
    private List<Path> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory)
                    .filter(child -> isCheckpoint(child.getFileName().toString()))
                    .sorted(BY_AGE)
                    .toList();
        }
    }

    private static boolean isCheckpoint(String name) {
        return FOLDER.matcher(name).matches();
    }

    /** A number of a checkpoint's name: its epoch (1) or its step (2), -1 without. */
    private static long number(Path folder, int group) {
        Matcher name = FOLDER.matcher(folder.getFileName().toString());
        return name.matches() && name.group(group) != null ? Long.parseLong(name.group(group)) : -1;
    }

    /**
     * The newest checkpoint that is as it was saved. Newer ones are set aside, so that their names are free, and told of.
     *
     * @return empty if none was ever saved
     * @throws RunException if every one is damaged, or the folder cannot be read or written
     */
    public Optional<Path> newestWhole(Consumer<String> warnings) {
        try {
            List<Path> all = all();
            List<String> problems = new ArrayList<>();
            for (int i = all.size() - 1; i >= 0; i--) {
                Path checkpoint = all.get(i);
                String problem = CheckpointFolder.damage(checkpoint);
                if (problem == null) {
                    for (int newer = i + 1; newer < all.size(); newer++) {
                        warnings.accept(all.get(newer) + ": damaged (" + problems.get(all.size() - 1 - newer)
                                + "); it is kept as " + setAside(all.get(newer)) + ", and "
                                + checkpoint.getFileName() + " is used");
                    }
                    return Optional.of(checkpoint);
                }
                problems.add(problem);
            }
            if (!all.isEmpty()) {
                throw new RunException(folder + ": no checkpoint is whole; the newest, "
                        + all.get(all.size() - 1).getFileName() + ": " + problems.get(0)
                        + "; nothing to resume from, train a new run");
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new RunException(folder + ": cannot be read and put in order (" + IoReasons.of(e) + ")", e);
        }
    }

    /**
     * Deletes the checkpoints that were saved within an epoch after the newest one of an epoch's end, if there is such.
     *
     * @throws RunException if they cannot be deleted
     */
    public void discardWithinEpoch() {
        try {
            List<Path> all = all();
            int end = all.size() - 1;
            while (end >= 0 && number(all.get(end), 2) >= 0) {
                end--;
            }
            for (Path within : end < 0 ? List.<Path>of() : all.subList(end + 1, all.size())) {
                AtomicFiles.delete(within);
            }
            if (end >= 0) {
                goOnFrom(all.get(end), false);
            }
        } catch (IOException e) {
            throw new RunException(folder + ": cannot be read and put in order (" + IoReasons.of(e) + ")", e);
        }
    }

    private static String setAside(Path checkpoint) throws IOException {
        for (int number = 1; ; number++) {
            String name = checkpoint.getFileName() + ".damaged" + (number == 1 ? "" : "-" + number);
            if (!Files.exists(checkpoint.resolveSibling(name))) {
                Files.move(checkpoint, checkpoint.resolveSibling(name));
                return name;
            }
        }
    }

    /**
     * Makes the pointers agree with the checkpoint that a training goes on from: a crash may have come before they were written,
     * or what they name may have been damaged.
     *
     * @param isBest whether it is the best
     */
    public void goOnFrom(Path checkpoint, boolean isBest) throws IOException {
        point(checkpoint.getFileName().toString(), isBest || !namesOneThatIsThere(folder.resolve(BEST)));
    }

    private boolean namesOneThatIsThere(Path pointer) {
        try {
            return isThere(SmallFiles.read(pointer, MOST_POINTER_BYTES).strip());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The folder of a checkpoint.
     *
     * @param name {@code last}, {@code best}, or a folder's own name
     */
    public Path locate(String name) {
        try {
            boolean isPointer = name.equals("last") || name.equals(BEST);
            if (isPointer && Files.exists(folder.resolve(name))) {
                return target(folder.resolve(name));
            }
            if (isThere(name)) {
                return folder.resolve(name);
            }
            throw new RunException(folder + ": no checkpoint '" + Printable.shorten(name) + "'; " + available());
        } catch (IOException e) {
            throw new RunException(folder + ": cannot be read (" + IoReasons.of(e) + ")", e);
        }
    }

    private Path target(Path pointer) {
        String target;
        try {
            target = SmallFiles.read(pointer, MOST_POINTER_BYTES).strip();
        } catch (IOException e) {
            throw new RunException(pointer + ": cannot be read (" + IoReasons.of(e) + ")", e);
        }
        if (!isThere(target)) {
            throw new RunException(
                    pointer + ": names the checkpoint '" + Printable.shorten(target) + "', which is not there");
        }
        return folder.resolve(target);
    }

    /** Whether this is the plain name of a checkpoint that is there, and there itself, not at the end of a link. */
    private boolean isThere(String name) {
        return isCheckpoint(name) && Files.isDirectory(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    private String available() throws IOException {
        if (!Files.isDirectory(folder)) {
            return "the run has not saved any yet";
        }
        try (Stream<Path> children = Files.list(folder)) {
            List<String> names = children.map(child -> child.getFileName().toString())
                    .filter(child -> isCheckpoint(child) || child.equals("last") || child.equals(BEST))
                    .limit(MOST_LISTED)
                    .sorted()
                    .toList();
            return names.isEmpty() ? "the run has not saved any yet" : "there are " + String.join(", ", names);
        }
    }
}
