package org.likelihood4j.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Digests;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.formats.GzipFile;

/**
 * One of the binary files of CIFAR-10: for each image a byte with its class and 3,072 with its pixels, channel by channel, row by
 * row.
 *
 * @param images how many
 * @param sha256 of its content, in hex
 */
record CifarFile(String name, int images, String sha256) implements PublishedFile<ImageSet> {
    static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    /** Files as they are unpacked, in a folder of the archive's or without it; or gzipped one by one. */
    @Override
    public List<String> names() {
        return List.of(name, CifarArchive.FOLDER + "/" + name, name + ".gz");
    }

    @Override
    public ImageSet read(Path path) {
        try (InputStream in = GzipFile.open(path)) {
            return read(path.toString(), in);
        } catch (IOException e) {
            throw new DataException(path + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Reads the file from where its first byte is next.
     *
     * @param from what is read, for messages
     */
    ImageSet read(String from, InputStream in) throws IOException {
        byte[] pixels = new byte[images * SHAPE.size()];
        int[] labels = new int[images];
        MessageDigest digest = Digests.sha256();
        byte[] image = new byte[1 + SHAPE.size()];
        for (int i = 0; i < images; i++) {
            int length = in.readNBytes(image, 0, image.length);
            digest.update(image, 0, length);
            if (length < image.length) {
                throw wrong(from, "ends after " + (i * (long) image.length + length) + " bytes");
            }
            labels[i] = image[0] & 0xff;
            System.arraycopy(image, 1, pixels, i * SHAPE.size(), SHAPE.size());
        }
        if (in.read() >= 0) {
            throw wrong(from, "goes on after " + (long) images * image.length + " bytes");
        }
        String found = Digests.hex(digest);
        if (!found.equals(sha256)) {
            throw wrong(from, "has " + found);
        }
        return ImageSet.owning(SHAPE, pixels, labels);
    }

    private DataException wrong(String from, String found) {
        return new DataException(from + ": is not CIFAR-10's " + name + ": expected " + sha256
                + " (SHA-256 of the unpacked content), but it " + found
                + "; remove or replace it (a missing file is downloaded)");
    }
}
