package org.likelihood4j.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.formats.GzipFile;

/**
 * The archive in which CIFAR-10 is published, with its binary files. It is never unpacked: what is not one of them is not looked at,
 * and each of them is held against its checksum.
 *
 * @param files which are wanted, in this order
 */
record CifarArchive(List<CifarFile> files) implements PublishedFile<List<ImageSet>> {
    static final String NAME = "cifar-10-binary.tar.gz";
    static final String FOLDER = "cifar-10-batches-bin";

    CifarArchive {
        files = List.copyOf(files);
    }

    @Override
    public List<String> names() {
        return List.of(NAME);
    }

    @Override
    public List<ImageSet> read(Path path) {
        Map<String, ImageSet> found = new HashMap<>();
        try (InputStream content = GzipFile.open(path);
                TarArchiveInputStream archive = new TarArchiveInputStream(content)) {
            for (TarArchiveEntry entry = archive.getNextEntry();
                    entry != null && found.size() < files.size();
                    entry = archive.getNextEntry()) {
                for (CifarFile file : files) {
                    if (entry.isFile() && entry.getName().equals(FOLDER + "/" + file.name())) {
                        found.put(file.name(), file.read(path + ": " + entry.getName(), archive));
                    }
                }
            }
        } catch (IOException e) {
            throw new DataException(path + ": cannot be read as an archive (" + e.getMessage() + ")", e);
        }
        List<ImageSet> sets = new ArrayList<>();
        for (CifarFile file : files) {
            ImageSet set = found.get(file.name());
            if (set == null) {
                throw new DataException(
                        path + ": has no " + FOLDER + "/" + file.name() + ", so it is not CIFAR-10's binary version");
            }
            sets.add(set);
        }
        return sets;
    }
}
