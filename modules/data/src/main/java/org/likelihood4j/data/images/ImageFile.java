package org.likelihood4j.data.images;

import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.images.EncodedPicture.DamageException;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.SmallFiles;

/**
 * A picture's file as pixels of a given shape: the middle of the picture, as large as the shape's proportions allow, is scaled
 * ({@link Resampling}) and turned as its {@link Orientation} says. What its pixels are, {@link PixelRows} decides.
 *
 * <p>Files come from strangers: a file is read only up to a limit, the size that its header declares is checked before anything is
 * decoded, a large picture is decoded a part at a time, and whatever the decoder makes of damage becomes one line.
 */
public final class ImageFile {
    static final int MOST_BYTES = 1 << 28;
    /** Telephones have up to 200 million. */
    static final int MOST_PIXELS = 1 << 28;
    /** At up to 8 bytes each. */
    static final int MOST_AT_ONCE = 1 << 25;
    /** What is left of a picture that has other proportions than the shape has to be worth its name. */
    private static final double LEAST_USED = 1.0 / 32;

    private static final int WHITE = 255;
    /** What may be in memory at once, on however many cores: of files, and of decoded pixels. A large picture comes alone. */
    private static final Semaphore BYTES = new Semaphore(MOST_BYTES);

    private static final Semaphore PIXELS = new Semaphore(2 * MOST_AT_ONCE);

    private ImageFile() {}

    /**
     * Reads and scales.
     *
     * @param target receives {@code shape.size()} bytes from {@code offset} on
     * @throws DataException if the file cannot be read, or is no such picture; the message names it
     */
    public static void read(Path file, ImageShape shape, byte[] target, int offset) {
        read(file, shape, target, offset, MOST_AT_ONCE);
    }

    /**
     * The same, with a limit.
     *
     * @param mostAtOnce how many pixels are decoded at once
     */
    public static void read(Path file, ImageShape shape, byte[] target, int offset, int mostAtOnce) {
        told(file, () -> {
            int bytes = (int) Math.min(Files.size(file), MOST_BYTES);
            BYTES.acquireUninterruptibly(bytes);
            try {
                decode(file, SmallFiles.bytes(file, MOST_BYTES), shape, target, offset, mostAtOnce);
            } finally {
                BYTES.release(bytes);
            }
        });
    }

    /**
     * The same of a picture that is no file of its own.
     *
     * @param name for messages
     * @param content what would be in the file
     */
    public static void read(Path name, byte[] content, ImageShape shape, byte[] target, int offset) {
        told(name, () -> decode(name, content, shape, target, offset, MOST_AT_ONCE));
    }

    @FunctionalInterface
    private interface Reading {
        void read() throws IOException;
    }

    /** Reads, with what is wrong in one line. */
    private static void told(Path file, Reading reading) {
        try {
            reading.read();
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file", e);
        } catch (DataException e) {
            throw e;
        } catch (FileSystemException e) {
            throw unreadable(file, e.getReason(), e);
        } catch (IOException e) {
            throw unreadable(file, e.getMessage(), e);
        } catch (RuntimeException e) {
            // The decoders trip over damage in many ways, whose messages say nothing about the file.
            throw unreadable(file, null, e);
        }
    }

    private static void decode(Path file, byte[] content, ImageShape shape, byte[] target, int offset, int mostAtOnce)
            throws IOException {
        EncodedPicture encoded = PictureKind.open(file, content);
        try (PictureDecoder decoder = new PictureDecoder(encoded, content)) {
            check(file, decoder);
            long size = (long) decoder.width() * decoder.height();
            int pixels = size <= MOST_AT_ONCE ? (int) size : 2 * MOST_AT_ONCE;
            PIXELS.acquireUninterruptibly(pixels);
            try {
                byte[] stored = new byte[shape.size()];
                scale(file, decoder, encoded.orientation().stored(shape), stored, mostAtOnce);
                encoded.orientation().turn(stored, shape, target, offset);
            } finally {
                PIXELS.release(pixels);
            }
        }
    }

    private static DataException unreadable(Path file, String reason, Exception e) {
        String shown = reason == null ? "it is damaged" : Printable.line(reason);
        return new DataException(file + ": cannot be read as a picture (" + shown + ")", e);
    }

    private static void check(Path file, PictureDecoder decoder) throws IOException {
        int width = decoder.width();
        int height = decoder.height();
        if (width < 1 || height < 1 || (long) width * height > MOST_PIXELS) {
            throw new DataException(file + ": declares " + width + "x" + height
                    + " pixels; expected at least 1 and at most " + MOST_PIXELS);
        }
        if (decoder.pixelsAtOnce() > MOST_AT_ONCE || (!decoder.divides() && (long) width * height > MOST_AT_ONCE)) {
            throw new DamageException("its parts are too large");
        }
    }

    private static void scale(Path file, PictureDecoder decoder, ImageShape shape, byte[] target, int mostAtOnce)
            throws IOException {
        int width = decoder.width();
        int height = decoder.height();
        double usedWidth = Math.min(width, height * ((double) shape.width() / shape.height()));
        double usedHeight = Math.min(height, width * ((double) shape.height() / shape.width()));
        double used = usedWidth / width * (usedHeight / height);
        if (used < LEAST_USED) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: is %dx%d pixels large, of which the middle of the shape %dx%d would be %.2g%%;"
                            + " expected at least %.2g%%",
                    file,
                    width,
                    height,
                    shape.width(),
                    shape.height(),
                    100 * used,
                    100 * LEAST_USED));
        }
        Scaling scaling = new Scaling(
                shape,
                new Resampling(width, (width - usedWidth) / 2, usedWidth, shape.width()),
                new Resampling(height, (height - usedHeight) / 2, usedHeight, shape.height()));
        if ((long) width * height <= mostAtOnce || !decoder.divides()) {
            scaling.add(decoder.decode(new Rectangle(width, height), shape.channels()), 0, 0, height);
        } else {
            parts(decoder, scaling, height, mostAtOnce);
        }
        scaling.finish(target);
    }

    /** All rows are decoded, also those that are not used, so that missing ones are noticed. */
    private static void parts(PictureDecoder decoder, Scaling scaling, int height, int mostAtOnce) throws IOException {
        int left = scaling.across.low();
        int used = scaling.across.high() - left;
        int rows = Math.max(1, mostAtOnce / used);
        for (int y = 0; y < height; y += rows) {
            int some = Math.min(rows, height - y);
            scaling.add(decoder.decode(new Rectangle(left, y, used, some), scaling.shape.channels()), left, y, some);
        }
    }

    /** The sums that become the new pixels, row by row of the old ones. */
    private static final class Scaling {
        private final ImageShape shape;
        private final Resampling across;
        private final Resampling down;
        private final float[] sums;
        private final float[] scaled;

        Scaling(ImageShape shape, Resampling across, Resampling down) {
            this.shape = shape;
            this.across = across;
            this.down = down;
            this.sums = new float[shape.size()];
            this.scaled = new float[shape.width()];
        }

        /** Adds rows {@code from} on, of which the first pixel is the picture's pixel {@code left}. */
        void add(PixelRows rows, int left, int from, int count) {
            int plane = shape.width() * shape.height();
            for (int y = Math.max(from, down.low()); y < Math.min(from + count, down.high()); y++) {
                float[][] old = rows.read(y - from);
                for (int c = 0; c < old.length; c++) {
                    for (int x = 0; x < scaled.length; x++) {
                        scaled[x] = across.apply(old[c], left, x);
                    }
                    for (int i = 0; i < down.target(); i++) {
                        float weight = down.weight(i, y);
                        for (int x = 0; weight > 0 && x < scaled.length; x++) {
                            sums[c * plane + i * scaled.length + x] += weight * scaled[x];
                        }
                    }
                }
            }
        }

        void finish(byte[] target) {
            for (int i = 0; i < sums.length; i++) {
                target[i] = (byte) Math.max(0, Math.min(WHITE, Math.round(sums[i])));
            }
        }
    }
}
