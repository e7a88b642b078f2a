package org.likelihood4j.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Labelled images in memory, immutable. Pixels are unsigned bytes, one image after the other, each image channel-major
 * (C, H, W).
 */
public final class ImageSet implements Examples {
    private final ImageShape shape;
    private final byte[] pixels;
    /** Null without labels. */
    private final int[] labels;

    /** Null where they are the indices. */
    private final int[] places;

    private final List<String> files;
    private final int first;
    private final int count;

    /**
     * Copies the arrays.
     *
     * @param pixels {@code labels.length * shape.size()} unsigned bytes
     * @param labels one class number (0 or more) per image; its length is the number of images
     * @throws DataException if the lengths do not agree or a label is negative
     */
    public ImageSet(ImageShape shape, byte[] pixels, int[] labels) {
        this(shape, pixels.clone(), labels.clone(), null, List.of(), 0, labels.length);
        long expected = (long) labels.length * shape.size();
        if (pixels.length != expected) {
            throw new DataException("image set: " + labels.length + " labels and shape " + shape + " need " + expected
                    + " pixel bytes, but there are " + pixels.length);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw new DataException("image set: label " + i + " is " + labels[i] + ", but labels start at 0");
            }
        }
    }

    private ImageSet(
            ImageShape shape, byte[] pixels, int[] labels, int[] places, List<String> files, int first, int count) {
        this.shape = Objects.requireNonNull(shape, "shape");
        this.pixels = pixels;
        this.labels = labels;
        this.places = places;
        this.files = files;
        this.first = first;
        this.count = count;
    }

    /** Takes the arrays over without a copy: for sources in this package, which keep no reference to them. */
    public static ImageSet owning(ImageShape shape, byte[] pixels, int[] labels) {
        if (pixels.length != (long) labels.length * shape.size()) {
            throw new IllegalArgumentException(pixels.length + " pixels for " + labels.length + " images of " + shape);
        }
        return new ImageSet(shape, pixels, labels, null, List.of(), 0, labels.length);
    }

    @Override
    public ImageSet withLabels(int... others) {
        int[] all = new int[first + count];
        System.arraycopy(others, 0, all, first, count);
        return new ImageSet(shape, pixels, all, places, files, first, count);
    }

    @Override
    public ImageSet withoutLabels() {
        return new ImageSet(shape, pixels, null, places, files, first, count);
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public int size() {
        return count;
    }

    /** The same images, all of an array, with their places among the files that were there. */
    public ImageSet withFiles(List<String> names, int[] others) {
        return new ImageSet(shape, pixels, labels, others, List.copyOf(names), first, count);
    }

    @Override
    public List<String> files() {
        return files;
    }

    @Override
    public boolean labelled() {
        return labels != null;
    }

    @Override
    public int label(int i) {
        int at = first + Objects.checkIndex(i, count);
        return labels == null ? 0 : labels[at];
    }

    @Override
    public int place(int i) {
        int at = first + Objects.checkIndex(i, count);
        return places == null ? at : places[at];
    }

    /** One value, 0 to 255. {@code position} counts in (C, H, W) order within the image. */
    public int pixel(int image, int position) {
        return pixels[start(image) + Objects.checkIndex(position, shape.size())] & 0xff;
    }

    /** Copies the {@code shape().size()} bytes of one image to {@code target}, from {@code offset} on. */
    public void copyPixels(int image, byte[] target, int offset) {
        System.arraycopy(pixels, start(image), target, offset, shape.size());
    }

    /** A copy of the bytes of image {@code i}, (C, H, W). */
    public byte[] image(int i) {
        byte[] copy = new byte[shape.size()];
        copyPixels(i, copy, 0);
        return copy;
    }

    @Override
    public ImageSet slice(int from, int to) {
        Objects.checkFromToIndex(from, to, count);
        return new ImageSet(shape, pixels, labels, places, files, first + from, to - from);
    }

    /**
     * The SHA-256, in hex, of channels, height, width and count (big-endian 32-bit), then the pixels, then the labels
     * (big-endian 32-bit).
     */
    @Override
    public String sha256() {
        MessageDigest digest = Digests.sha256();
        ByteBuffer numbers = ByteBuffer.allocate(4 * Math.max(4, count));
        numbers.putInt(shape.channels()).putInt(shape.height()).putInt(shape.width());
        numbers.putInt(count);
        digest.update(numbers.array(), 0, numbers.position());
        digest.update(pixels, first * shape.size(), count * shape.size());
        numbers.clear();
        for (int i = 0; i < count; i++) {
            numbers.putInt(label(i));
        }
        digest.update(numbers.array(), 0, numbers.position());
        return Digests.hex(digest);
    }

    @Override
    public double[] values(int i) {
        return new StoredValues.Pixels(image(i)).doubles();
    }

    @Override
    public StoredValues.Pixels gather(int[] indices) {
        byte[] gathered = new byte[Math.multiplyExact(indices.length, shape.size())];
        for (int row = 0; row < indices.length; row++) {
            copyPixels(indices[row], gathered, row * shape.size());
        }
        return new StoredValues.Pixels(gathered);
    }

    @Override
    public ImageSet select(int[] indices) {
        int[] chosen =
                labels == null ? null : Arrays.stream(indices).map(this::label).toArray();
        int[] from = Arrays.stream(indices).map(this::place).toArray();
        return new ImageSet(shape, gather(indices).bytes(), chosen, from, files, 0, indices.length);
    }

    private int start(int image) {
        return (first + Objects.checkIndex(image, count)) * shape.size();
    }
}
