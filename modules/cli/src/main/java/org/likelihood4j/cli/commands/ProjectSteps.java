package org.likelihood4j.cli.commands;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.laboratory.device.DeviceComparison;
import org.likelihood4j.laboratory.device.StoredSteps;

/** What {@code steps.json} in a folder of configurations keeps of what their steps gave. */
final class ProjectSteps {
    static final String NAME = "steps.json";

    private final Path folder;
    private StoredSteps stored;

    private ProjectSteps(Path folder, StoredSteps stored) {
        this.folder = folder;
        this.stored = stored;
    }

    /** Of no configuration. */
    static ProjectSteps none(Path folder) {
        return new ProjectSteps(folder, new StoredSteps(Map.of()));
    }

    /** The folder's; not read unless one of some files is there. */
    static ProjectSteps read(Path folder, Collection<Path> files) {
        ProjectSteps none = none(folder);
        return files.stream().anyMatch(file -> none.name(file).isPresent())
                ? new ProjectSteps(folder, StoredSteps.read(folder.resolve(NAME)))
                : none;
    }

    /** The same, to be added to. */
    static ProjectSteps storing(Path folder, Collection<Path> files) {
        ProjectSteps steps = read(folder, files);
        for (Path file : files) {
            if (steps.name(file).isEmpty()) {
                throw new UserError(file + ": --store keeps what the configs in " + folder
                        + " give: put it there, or leave out --store");
            }
        }
        if (!Files.isWritable(folder)) {
            throw new UserError(folder + ": cannot be written, where --store keeps " + NAME + ": leave out --store");
        }
        return steps;
    }

    /**
     * How the device's steps are to what is kept of them.
     *
     * @param shown the difference as a part of what is tolerated; "other" where the configuration or its examples are not those that were kept,
     *     "-" where none were
     * @param mistake what is wrong, and what to do; none if nothing is
     */
    record Held(String shown, Optional<String> mistake) {}

    Held held(Path file, ExampleShape shape, DeviceComparison found) {
        Optional<StoredSteps.Entry> kept = name(file).map(name -> stored.steps().get(name));
        if (kept.isEmpty()) {
            return new Held("-", Optional.empty());
        } else if (!kept.get().isOf(entry(file, shape, found))) {
            return new Held("other", Optional.empty());
        }
        double part = found.fromStored(kept.get().numbers());
        // Of other parameters or a number that is none there is no part.
        String shown = part == 0 ? "0" : Double.isFinite(part) ? String.format(Locale.ROOT, "%.1e", part) : "NOT";
        return new Held(
                shown,
                part <= 1
                        ? Optional.empty()
                        : Optional.of(file + ": its steps are not within what is tolerated of those in "
                                + folder.resolve(NAME) + "; if models were changed, make them anew by check-device"
                                + " --device cpu --seconds 0 --store"));
    }

    /** Keeps them from now on, and forgets those of files that are gone. */
    void keep(Path file, ExampleShape shape, DeviceComparison found) {
        stored = stored.with(name(file).orElseThrow(), entry(file, shape, found))
                .retaining(name -> Files.exists(folder.resolve(name)));
        stored.save(folder.resolve(NAME));
    }

    private static StoredSteps.Entry entry(Path file, ExampleShape shape, DeviceComparison found) {
        String examples = shape instanceof VectorShape row ? row.columns().toString() : shape.toString();
        try {
            return new StoredSteps.Entry(
                    StoredSteps.digest(Files.readString(file)), StoredSteps.digest(examples), found.numbers());
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read (" + IoReasons.of(e) + ")");
        }
    }

    /** Where a configuration is in the folder; none of others. */
    private Optional<String> name(Path file) {
        try {
            Path home = folder.toRealPath();
            Path real = file.toRealPath();
            return real.startsWith(home)
                    ? Optional.of(home.relativize(real).toString().replace(File.separatorChar, '/'))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
