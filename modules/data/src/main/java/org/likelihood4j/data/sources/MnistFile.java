package org.likelihood4j.data.sources;

import java.util.List;

/**
 * One of the four files of a data set in MNIST's format.
 *
 * @param stem its name up to the first {@code -idx} or {@code .idx}
 * @param dimensions 3 for images, 1 for labels
 */
record MnistFile(String stem, int dimensions, PublishedChecksum checksum) {
    /** Training images and labels, test images and labels, with these checksums. */
    static List<MnistFile> four(
            PublishedChecksum trainImages,
            PublishedChecksum trainLabels,
            PublishedChecksum testImages,
            PublishedChecksum testLabels) {
        return List.of(
                new MnistFile("train-images", 3, trainImages),
                new MnistFile("train-labels", 1, trainLabels),
                new MnistFile("t10k-images", 3, testImages),
                new MnistFile("t10k-labels", 1, testLabels));
    }

    /** The names under which people keep it, the commonest first; whether it is gzipped shows in its content. */
    List<String> names() {
        String dashed = stem + "-idx" + dimensions + "-ubyte";
        String dotted = stem + ".idx" + dimensions + "-ubyte";
        return checksum.packed()
                ? List.of(dashed + ".gz", dotted + ".gz")
                : List.of(dashed + ".gz", dashed, dotted + ".gz", dotted);
    }

    /** The name that mirrors use, and under which a download is kept. */
    String downloadName() {
        return names().get(0);
    }
}
