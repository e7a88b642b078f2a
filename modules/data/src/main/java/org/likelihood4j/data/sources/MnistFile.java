package org.likelihood4j.data.sources;

import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.formats.IdxFile;

/**
 * One of the four files of a data set in MNIST's format.
 *
 * @param title of the data set
 * @param stem its name up to the first {@code -idx} or {@code .idx}
 * @param dimensions 3 for images, 1 for labels
 */
record MnistFile(String title, String stem, int dimensions, PublishedChecksum checksum)
        implements PublishedFile<IdxFile> {
    /** Training images and labels, test images and labels, with these checksums. */
    static List<MnistFile> four(
            String title,
            PublishedChecksum trainImages,
            PublishedChecksum trainLabels,
            PublishedChecksum testImages,
            PublishedChecksum testLabels) {
        return List.of(
                new MnistFile(title, "train-images", 3, trainImages),
                new MnistFile(title, "train-labels", 1, trainLabels),
                new MnistFile(title, "t10k-images", 3, testImages),
                new MnistFile(title, "t10k-labels", 1, testLabels));
    }

    /** Whether it is gzipped shows in its content. */
    @Override
    public List<String> names() {
        String dashed = stem + "-idx" + dimensions + "-ubyte";
        String dotted = stem + ".idx" + dimensions + "-ubyte";
        return checksum.packed()
                ? List.of(dashed + ".gz", dotted + ".gz")
                : List.of(dashed + ".gz", dashed, dotted + ".gz", dotted);
    }

    @Override
    public IdxFile read(Path path) {
        IdxFile content = IdxFile.read(path, dimensions);
        String found = checksum.of(path, content);
        if (!found.equals(checksum.hex())) {
            throw new DataException(
                    path + ": is not " + title + "'s " + stem + " file: expected " + checksum.hex() + " ("
                            + checksum.kind() + "), but found " + found
                            + "; remove or replace it (a missing file is downloaded)");
        }
        return content;
    }
}
