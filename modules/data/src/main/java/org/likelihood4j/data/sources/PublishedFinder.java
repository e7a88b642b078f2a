package org.likelihood4j.data.sources;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.formats.IdxFile;
import org.likelihood4j.io.AtomicFiles;

/** Finds each file of a data set in some folders, or else fetches it into the first of them; both only if the checksum fits. */
final class MnistFinder {
    /** Names folders that hold data sets, separated as in the system's PATH. */
    static final String FOLDERS_VARIABLE = "LIKELIHOOD4J_DATASETS";

    private final MnistSet set;
    private final List<Path> folders;
    private final Download download;

    /**
     * @param folders where to look, in this order; the first is where downloads go
     */
    MnistFinder(MnistSet set, List<Path> folders, Download download) {
        this.set = set;
        this.folders = List.copyOf(folders);
        this.download = download;
    }

    /** @throws DataException if a file with that name has other content, or there is none and no mirror gives it */
    IdxFile get(MnistFile file, ProgressListener progress) {
        Optional<Path> found = find(file);
        return found.isPresent() ? check(file, found.get()) : fetch(file, progress);
    }

    private Optional<Path> find(MnistFile file) {
        return folders.stream()
                .flatMap(folder -> file.names().stream().map(folder::resolve))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** A file that is there but wrong is an error, never passed over: using another one behind its back would hide it. */
    private IdxFile check(MnistFile file, Path path) {
        IdxFile content = IdxFile.read(path, file.dimensions());
        PublishedChecksum expected = file.checksum();
        String found = expected.of(path, content);
        if (!found.equals(expected.hex())) {
            throw new DataException(path + ": is not " + set.title() + "'s " + file.stem() + " file: expected "
                    + expected.hex() + " (" + expected.kind() + "), but found " + found
                    + "; remove or replace it (a missing file is downloaded)");
        }
        return content;
    }

    private IdxFile fetch(MnistFile file, ProgressListener progress) {
        Path target = folders.get(0).resolve(file.downloadName());
        List<String> failures = new ArrayList<>();
        for (URI mirror : set.mirrors()) {
            URI source = mirror.resolve(file.downloadName());
            IdxFile[] content = new IdxFile[1];
            try {
                AtomicFiles.createFolders(target.toAbsolutePath().getParent());
                AtomicFiles.fill(target, temporary -> {
                    download.fetch(source, temporary, "downloading " + file.downloadName(), progress);
                    content[0] = check(file, temporary);
                });
                return content[0];
            } catch (FileSystemException e) {
                // This machine's fault: no other mirror would do better.
                throw new DataException(
                        target + ": cannot be written (" + e
                                + "); check the folder's permissions and free space, or put"
                                + " the four files of " + set.title() + " into another folder that "
                                + FOLDERS_VARIABLE + " names",
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

    private String advice(MnistFile missing, List<String> failures) {
        StringBuilder text = new StringBuilder();
        text.append(set.title())
                .append(": ")
                .append(missing.downloadName())
                .append(" was not found and could not be downloaded.");
        for (String failure : failures) {
            text.append("\n  tried ").append(failure);
        }
        text.append("\nGet these four files (gzipped as named")
                .append(missing.checksum().packed() ? "; " : ", or unpacked without .gz; ")
                .append(missing.checksum().kind())
                .append("):");
        for (MnistFile file : set.files()) {
            text.append("\n  ")
                    .append(file.downloadName())
                    .append("  ")
                    .append(file.checksum().hex());
        }
        text.append("\nand put them into the first of these folders, or any other of them:");
        for (Path folder : folders) {
            text.append("\n  ").append(folder);
        }
        return text.toString();
    }
}
