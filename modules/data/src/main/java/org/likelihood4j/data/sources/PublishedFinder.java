package org.likelihood4j.data.sources;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.io.AtomicFiles;

/** Finds each file of a data set in some folders, or else fetches it into the first of them; both only if the checksum fits. */
final class PublishedFinder {
    /** Names folders that hold data sets, separated as in the system's PATH. */
    static final String FOLDERS_VARIABLE = "LIKELIHOOD4J_DATASETS";

    /**
     * What is looked for, in words.
     *
     * @param title of the data set
     * @param files such as "the four files of MNIST"
     * @param list how to get them by hand: lines that name each file and its checksum
     */
    record Wanted(String title, String files, List<String> list) {}

    private final Wanted wanted;
    private final List<URI> mirrors;
    private final List<Path> folders;
    private final Download download;

    /**
     * @param mirrors addresses of folders, each ending in {@code /}; tried in this order
     * @param folders where to look, in this order; the first is where downloads go
     */
    PublishedFinder(Wanted wanted, List<URI> mirrors, List<Path> folders, Download download) {
        if (folders.isEmpty()) {
            throw new DataException(wanted.title() + ": needs at least one folder to look in and to download to");
        }
        this.wanted = wanted;
        this.mirrors = List.copyOf(mirrors);
        this.folders = List.copyOf(folders);
        this.download = download;
    }

    /**
     * The folders that the environment's {@link #FOLDERS_VARIABLE} names.
     *
     * @throws DataException if the variable holds something that cannot be a path
     */
    static List<Path> named(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (String name : environment.getOrDefault(FOLDERS_VARIABLE, "").split(File.pathSeparator, -1)) {
            if (name.isBlank()) {
                continue;
            }
            try {
                folders.add(Path.of(name));
            } catch (InvalidPathException e) {
                throw new DataException(FOLDERS_VARIABLE + ": \"" + name + "\" is not a path", e);
            }
        }
        return folders;
    }

    /**
     * The folder of a data set's name in the project's {@code datasets} folder, and in each folder that the environment names.
     *
     * @throws DataException if the variable holds something that cannot be a path
     */
    static List<Path> folders(String name, Path projectDatasets, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        folders.add(projectDatasets.resolve(name));
        named(environment).forEach(folder -> folders.add(folder.resolve(name)));
        return List.copyOf(folders);
    }

    /** @throws DataException if a file with that name has other content, or there is none and no mirror gives it */
    <T> T get(PublishedFile<T> file, ProgressListener progress) {
        Optional<Path> found = find(file.names());
        // A file that is there but wrong is an error, never passed over: using another one behind its back would hide
        // it.
        return found.isPresent() ? file.read(found.get()) : fetch(file, progress);
    }

    /** The first of the names that is a file, in the first folder that has one. */
    Optional<Path> find(List<String> names) {
        return folders.stream()
                .flatMap(folder -> names.stream().map(folder::resolve))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private <T> T fetch(PublishedFile<T> file, ProgressListener progress) {
        Path target = folders.get(0).resolve(file.downloadName());
        List<String> failures = new ArrayList<>();
        for (URI mirror : mirrors) {
            URI source = mirror.resolve(file.downloadName());
            List<T> content = new ArrayList<>(1);
            try {
                AtomicFiles.createFolders(target.toAbsolutePath().getParent());
                AtomicFiles.fill(target, temporary -> {
                    download.fetch(source, temporary, "downloading " + file.downloadName(), progress);
                    content.add(file.read(temporary));
                });
                return content.get(0);
            } catch (FileSystemException e) {
                // This machine's fault: no other mirror would do better.
                throw new DataException(
                        target + ": cannot be written (" + e
                                + "); check the folder's permissions and free space, or put " + wanted.files()
                                + " into another folder that " + FOLDERS_VARIABLE + " names",
                        e);
            } catch (IOException e) {
                failures.add(source + ": " + e);
            } catch (DataException e) {
                // The temporary file is gone again; its name would only confuse.
                failures.add(source + ": gave something else than this file, or a part of it");
            }
        }
        throw new DataException(advice(file, failures));
    }

    private String advice(PublishedFile<?> missing, List<String> failures) {
        List<String> lines = new ArrayList<>();
        lines.add(wanted.title() + ": " + missing.downloadName() + " was not found and could not be downloaded.");
        failures.forEach(failure -> lines.add("  tried " + failure));
        lines.addAll(wanted.list());
        lines.add("and put " + (wanted.list().size() > 2 ? "them" : "it")
                + " into the first of these folders, or any other of them:");
        folders.forEach(folder -> lines.add("  " + folder));
        return String.join("\n", lines);
    }
}
