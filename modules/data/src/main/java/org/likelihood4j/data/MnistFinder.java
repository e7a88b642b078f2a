package org.likelihood4j.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.data.io.AtomicFiles;

/** Finds each file of MNIST in some folders, or else fetches it into the first of them; both only if the checksum fits. */
final class MnistFinder {
    private final List<MnistFile> files;
    private final List<Path> folders;
    private final List<URI> mirrors;
    private final Download download;

    /**
     * @param files all files, for the message that tells which ones to get
     * @param folders where to look, in this order; the first is where downloads go
     * @param mirrors addresses of folders, each ending in {@code /}; tried in this order
     */
    MnistFinder(List<MnistFile> files, List<Path> folders, List<URI> mirrors, Download download) {
        this.files = List.copyOf(files);
        this.folders = List.copyOf(folders);
        this.mirrors = List.copyOf(mirrors);
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
    private static IdxFile check(MnistFile file, Path path) {
        IdxFile content = IdxFile.read(path, file.dimensions());
        if (!content.sha256().equals(file.sha256())) {
            throw new DataException(path + ": is not MNIST's " + file.stem() + " file: expected SHA-256 "
                    + file.sha256() + " of the uncompressed content, but found " + content.sha256()
                    + "; remove or replace it (a missing file is downloaded)");
        }
        return content;
    }

    private IdxFile fetch(MnistFile file, ProgressListener progress) {
        Path target = folders.get(0).resolve(file.downloadName());
        List<String> failures = new ArrayList<>();
        for (URI mirror : mirrors) {
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
                                + " the four files of MNIST into another folder that " + MnistSource.FOLDERS_VARIABLE
                                + " names",
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
        text.append("MNIST: ").append(missing.downloadName()).append(" was not found and could not be downloaded.");
        for (String failure : failures) {
            text.append("\n  tried ").append(failure);
        }
        text.append("\nGet these four files (gzipped as named, or unpacked without .gz;")
                .append(" SHA-256 of the unpacked content):");
        for (MnistFile file : files) {
            text.append("\n  ").append(file.downloadName()).append("  ").append(file.sha256());
        }
        text.append("\nand put them into the first of these folders, or any other of them:");
        for (Path folder : folders) {
            text.append("\n  ").append(folder);
        }
        return text.toString();
    }
}
