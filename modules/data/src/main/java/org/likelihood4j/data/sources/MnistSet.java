package org.likelihood4j.data.sources;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A published data set in MNIST's format: 60,000 training and 10,000 test images, 1x28x28, in 10 classes.
 *
 * @param name in configurations, and of its folder
 * @param title for people
 * @param files training images and labels, test images and labels
 * @param mirrors addresses of folders, each ending in {@code /}; tried in this order
 */
record MnistSet(String name, String title, List<MnistFile> files, List<URI> mirrors) {
    static final MnistSet MNIST = new MnistSet(
            "mnist",
            "MNIST",
            MnistFile.four(
                    "MNIST",
                    new PublishedChecksum.Content("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
                    new PublishedChecksum.Content("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
                    new PublishedChecksum.Content("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                    new PublishedChecksum.Content("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
            List.of(
                    URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"),
                    URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/")));

    /** Xiao, Rasul and Vollgraf 2017. */
    static final MnistSet FASHION = new MnistSet(
            "fashion-mnist",
            "Fashion-MNIST",
            MnistFile.four(
                    "Fashion-MNIST",
                    new PublishedChecksum.Packed("8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                    new PublishedChecksum.Packed("25c81989df183df01b3e8a0aad5dffbe"),
                    new PublishedChecksum.Packed("bef4ecab320f06d8554ea6380940ec79"),
                    new PublishedChecksum.Packed("bb300cfdad3c16e7a12a480ee83cd310")),
            List.of(
                    URI.create("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
                    URI.create("https://storage.googleapis.com/tensorflow/tf-keras-datasets/")));

    MnistSet {
        files = List.copyOf(files);
        mirrors = List.copyOf(mirrors);
    }

    PublishedFinder.Wanted wanted() {
        PublishedChecksum checksum = files.get(0).checksum();
        List<String> list = new ArrayList<>();
        list.add("Get these four files (gzipped as named" + (checksum.packed() ? "; " : ", or unpacked without .gz; ")
                + checksum.kind() + "):");
        files.forEach(file ->
                list.add("  " + file.downloadName() + "  " + file.checksum().hex()));
        return new PublishedFinder.Wanted(title, "the four files of " + title, list);
    }
}
