package org.likelihood4j.score.codes;

import java.util.zip.Deflater;

/**
 * How many bits a lossless compressor needs for an image: what any program that knows no data can tell of how simple it is. PNG's (ISO/IEC 15948):
 * each channel's lines as differences from the pixel on the left, above, or Paeth's of both and the corner, or as they are, of
 * which the shortest is taken, in deflate's code. That is zlib's, of which a Java may have another version, which needs a few bits more or less.
 */
public final class ImageComplexity implements AutoCloseable {
    private static final int FILTERS = 4;

    private final int height;
    private final int width;
    private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);

    /** Of images of so many pixels in a column and in a row. */
    public ImageComplexity(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /** Bits, of values 0 to 255, (C, H, W). */
    public double bits(double[] image) {
        int least = Integer.MAX_VALUE;
        for (int filter = 0; filter < FILTERS; filter++) {
            least = Math.min(least, deflated(filtered(image, filter)));
        }
        return 8.0 * least;
    }

    private byte[] filtered(double[] image, int filter) {
        byte[] differences = new byte[image.length];
        for (int i = 0; i < image.length; i++) {
            boolean first = i % width == 0;
            boolean top = i / width % height == 0;
            int left = first ? 0 : (int) image[i - 1];
            int up = top ? 0 : (int) image[i - width];
            int corner = first || top ? 0 : (int) image[i - width - 1];
            int guess = switch (filter) {
                case 0 -> 0;
                case 1 -> left;
                case 2 -> up;
                default -> paeth(left, up, corner);
            };
            differences[i] = (byte) ((int) image[i] - guess);
        }
        return differences;
    }

    private static int paeth(int left, int up, int corner) {
        int guess = left + up - corner;
        int toLeft = Math.abs(guess - left);
        int toUp = Math.abs(guess - up);
        int toCorner = Math.abs(guess - corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private int deflated(byte[] bytes) {
        deflater.reset();
        deflater.setInput(bytes);
        deflater.finish();
        byte[] out = new byte[bytes.length + 64];
        int count = 0;
        while (!deflater.finished()) {
            count += deflater.deflate(out);
        }
        return count;
    }

    /** Gives the compressor's memory back. */
    @Override
    public void close() {
        deflater.end();
    }
}
