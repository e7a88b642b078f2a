package org.likelihood4j.data;

import java.util.List;

/**
 * One of the four files of MNIST.
 *
 * @param stem its name up to the first {@code -idx} or {@code .idx}
 * @param dimensions 3 for images, 1 for labels
 * @param sha256 of the uncompressed file, in hex
 */
record MnistFile(String stem, int dimensions, String sha256) {
    static final MnistFile TRAIN_IMAGES =
            new MnistFile("train-images", 3, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");
    static final MnistFile TRAIN_LABELS =
            new MnistFile("train-labels", 1, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");
    static final MnistFile TEST_IMAGES =
            new MnistFile("t10k-images", 3, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");
    static final MnistFile TEST_LABELS =
            new MnistFile("t10k-labels", 1, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

    /** Training images and labels, test images and labels. */
    static final List<MnistFile> ALL = List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

    /** The names under which people keep it, the commonest first; whether it is gzipped shows in its content. */
    List<String> names() {
        String dashed = stem + "-idx" + dimensions + "-ubyte";
        String dotted = stem + ".idx" + dimensions + "-ubyte";
        return List.of(dashed + ".gz", dashed, dotted + ".gz", dotted);
    }

    /** The name that mirrors use, and under which a download is kept. */
    String downloadName() {
        return names().get(0);
    }
}
