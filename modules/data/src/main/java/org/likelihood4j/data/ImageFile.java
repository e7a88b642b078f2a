package org.likelihood4j.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.likelihood4j.data.io.Printable;
import org.likelihood4j.data.io.SmallFiles;

/**
 * A PNG or JPEG file as pixels of a given shape: the middle of the picture, as large as the shape's proportions allow, is scaled
 * ({@link Resampling}). What is transparent is white. Colours become grey by ITU-R BT.601's weights.
 *
 * <p>Files come from strangers: a file is read only up to a limit, the size that its header declares is checked before anything is
 * decoded, and whatever the decoder makes of damage becomes one line.
 */
final class ImageFile {
    static final int MOST_BYTES = 1 << 26;
    /** At up to 8 bytes each; a photograph has 2^23 to 2^25. */
    static final int MOST_PIXELS = 1 << 25;

    static final String SUFFIXES_FOR_PEOPLE = ".png, .jpg, .gif, .bmp, .tif, .wbmp";

    private static final Set<String> READ =
            Set.of(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".wbmp");
    /** Pictures of kinds that are not read, so that nobody takes them for files beside the pictures. */
    private static final Set<String> KNOWN = Set.of(
            ".webp", ".heic", ".heif", ".avif", ".jp2", ".j2k", ".jpx", ".jxl", ".jxr", ".psd", ".svg", ".svgz", ".ico",
            ".tga", ".pcx", ".pbm", ".pgm", ".ppm", ".pnm", ".pam", ".pfm", ".hdr", ".exr", ".dng", ".cr2", ".cr3",
            ".nef", ".arw", ".orf", ".rw2", ".raf", ".xcf", ".dds", ".fits", ".dcm");

    private static final int WHITE = 255;

    private ImageFile() {}

    /** Whether a file's name says that it is a picture, of a kind that can be read or of another. */
    static boolean isNamed(Path file) {
        return READ.contains(suffix(file)) || KNOWN.contains(suffix(file));
    }

    /** What a file's name ends with, such as {@code .png}, in small letters; empty if there is no dot. */
    static String suffix(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : Printable.line(Printable.shorten(name.substring(dot)));
    }

    /**
     * Reads and scales.
     *
     * @param target receives {@code shape.size()} bytes from {@code offset} on
     * @throws DataException if the file cannot be read, or is no such picture; the message names it
     */
    static void read(Path file, ImageShape shape, byte[] target, int offset) {
        BufferedImage picture;
        try {
            picture = decode(file, SmallFiles.bytes(file, MOST_BYTES));
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
        scale(picture, shape, target, offset);
    }

    private static DataException unreadable(Path file, String reason, Exception e) {
        String shown = reason == null ? "it is damaged" : Printable.line(Printable.shorten(reason));
        return new DataException(file + ": cannot be read as a picture (" + shown + ")", e);
    }

    private static BufferedImage decode(Path file, byte[] content) throws IOException {
        String format = format(file, content);
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
            if (!readers.hasNext()) {
                throw new IOException("this Java cannot read " + format);
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                int width = reader.getWidth(0);
                int height = reader.getHeight(0);
                if (width < 1 || height < 1 || (long) width * height > MOST_PIXELS) {
                    throw new DataException(file + ": declares " + width + "x" + height
                            + " pixels; expected at least 1 and" + " at most " + MOST_PIXELS);
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        }
    }

    /** By content: a JPEG that is named .png is still one. */
    private static String format(Path file, byte[] content) {
        if (content.length > 3 && content[0] == (byte) 0x89 && content[1] == 'P' && content[2] == 'N') {
            return "png";
        } else if (content.length > 3 && content[0] == (byte) 0xff && content[1] == (byte) 0xd8) {
            return "jpeg";
        }
        throw new DataException(file + ": is neither a PNG nor a JPEG file");
    }

    private static void scale(BufferedImage picture, ImageShape shape, byte[] target, int offset) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        double usedWidth = Math.min(width, height * ((double) shape.width() / shape.height()));
        double usedHeight = Math.min(height, width * ((double) shape.height() / shape.width()));
        Resampling across = new Resampling(width, (width - usedWidth) / 2, usedWidth, shape.width());
        Resampling down = new Resampling(height, (height - usedHeight) / 2, usedHeight, shape.height());
        float[] sums = new float[shape.size()];
        float[] scaled = new float[shape.width()];
        int plane = shape.width() * shape.height();
        RowReader rows = new RowReader(picture, shape.channels());
        for (int y = 0; y < height; y++) {
            if (!counts(down, y)) {
                continue;
            }
            float[][] old = rows.read(y);
            for (int c = 0; c < shape.channels(); c++) {
                for (int x = 0; x < across.target(); x++) {
                    scaled[x] = across.apply(old[c], x);
                }
                for (int i = 0; i < down.target(); i++) {
                    float weight = down.weight(i, y);
                    for (int x = 0; weight > 0 && x < scaled.length; x++) {
                        sums[c * plane + i * scaled.length + x] += weight * scaled[x];
                    }
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            target[offset + i] = (byte) Math.max(0, Math.min(WHITE, Math.round(sums[i])));
        }
    }

    private static boolean counts(Resampling down, int y) {
        for (int i = 0; i < down.target(); i++) {
            if (down.weight(i, y) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Rows of a picture as channels of 0 to 255. */
    private static final class RowReader {
        private final BufferedImage picture;
        private final int channels;
        private final float[][] row;
        private final int[] colours;

        RowReader(BufferedImage picture, int channels) {
            this.picture = picture;
            this.channels = channels;
            this.row = new float[channels][picture.getWidth()];
            this.colours = new int[picture.getWidth()];
        }

        float[][] read(int y) {
            int bands = picture.getRaster().getNumBands();
            if (bands <= 2 && !(picture.getColorModel() instanceof IndexColorModel)) {
                grey(y, bands == 2);
            } else {
                colour(y);
            }
            return row;
        }

        /** Stored greys as they are: Java takes them for linear light, and would brighten them. */
        private void grey(int y, boolean alpha) {
            Raster raster = picture.getRaster();
            float largest = (1 << picture.getColorModel().getComponentSize(0)) - 1;
            for (int x = 0; x < colours.length; x++) {
                float value = WHITE * (raster.getSample(x, y, 0) / largest);
                float opaque = alpha ? raster.getSample(x, y, 1) / largest : 1;
                for (float[] channel : row) {
                    channel[x] = opaque * value + (1 - opaque) * WHITE;
                }
            }
        }

        private void colour(int y) {
            picture.getRGB(0, y, colours.length, 1, colours, 0, colours.length);
            for (int x = 0; x < colours.length; x++) {
                float opaque = (colours[x] >>> 24) / (float) WHITE;
                float red = over(colours[x] >> 16, opaque);
                float green = over(colours[x] >> 8, opaque);
                float blue = over(colours[x], opaque);
                if (channels == 1) {
                    row[0][x] = 0.299f * red + 0.587f * green + 0.114f * blue;
                } else {
                    row[0][x] = red;
                    row[1][x] = green;
                    row[2][x] = blue;
                }
            }
        }

        private static float over(int value, float opaque) {
            return opaque * (value & 0xff) + (1 - opaque) * WHITE;
        }
    }
}
