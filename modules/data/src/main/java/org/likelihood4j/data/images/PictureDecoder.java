package org.likelihood4j.data.images;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadUpdateListener;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.likelihood4j.data.images.EncodedPicture.DamageException;
import org.likelihood4j.data.images.EncodedPicture.Inks;

/**
 * Decodes a picture, whole or in parts, with Java's own decoders. What they warn of, and rows that they silently leave out, are
 * errors.
 */
final class PictureDecoder implements AutoCloseable {
    /** Only these leave rows out without a word. */
    private static final String GIF = "gif";

    /** Its decoder gets parts wrong. */
    private static final String WBMP = "wbmp";

    private static final int GIF_SIZE = 6;

    private final EncodedPicture encoded;
    private final ImageInputStream in;
    private final ImageReader reader;
    private final List<String> warnings = new ArrayList<>();
    private final Rectangle frame;
    private final int width;
    private final int height;

    /**
     * Opens a file; nothing is decoded.
     *
     * @param content of the file
     * @throws IOException if it is damaged; its message is for people
     */
    PictureDecoder(EncodedPicture encoded, byte[] content) throws IOException {
        this.encoded = encoded;
        this.in = encoded.bytes().open();
        this.reader = reader(encoded.format());
        boolean gif = encoded.format().equals(GIF);
        reader.setInput(in, false, !gif);
        reader.addIIOReadWarningListener((source, warning) -> {
            if (!encoded.tolerated().tolerates(warning)) {
                warnings.add(warning);
            }
        });
        try {
            this.frame = gif ? frame() : new Rectangle(reader.getWidth(0), reader.getHeight(0));
        } catch (IOException | RuntimeException e) {
            // What it has outside of the heap would else wait for a collection, for each damaged file.
            reader.dispose();
            throw e;
        }
        this.width = gif ? Math.max(word(content, GIF_SIZE), frame.x + frame.width) : frame.width;
        this.height = gif ? Math.max(word(content, GIF_SIZE + 2), frame.y + frame.height) : frame.height;
    }

    /** The JDK's own: other ones that lie on the class path may decode otherwise. */
    private static ImageReader reader(String format) throws IOException {
        Iterable<ImageReader> readers = () -> ImageIO.getImageReadersByFormatName(format);
        return StreamSupport.stream(readers.spliterator(), false)
                .filter(found -> found.getClass().getName().startsWith("com.sun.imageio."))
                .findFirst()
                .orElseThrow(() -> new DamageException("this Java cannot read " + format));
    }

    private static int word(byte[] content, int at) {
        return (content[at] & 0xff) | ((content[at + 1] & 0xff) << 8);
    }

    /** Where the first picture of a GIF lies on its screen. */
    private Rectangle frame() throws IOException {
        IIOMetadataNode tree = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
        IIOMetadataNode place =
                (IIOMetadataNode) tree.getElementsByTagName("ImageDescriptor").item(0);
        return new Rectangle(
                Integer.parseInt(place.getAttribute("imageLeftPosition")),
                Integer.parseInt(place.getAttribute("imageTopPosition")),
                Integer.parseInt(place.getAttribute("imageWidth")),
                Integer.parseInt(place.getAttribute("imageHeight")));
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** How many pixels a decoder has in memory at once, however few of them are asked for. */
    long pixelsAtOnce() throws IOException {
        return encoded.format().equals("tiff") ? (long) reader.getTileWidth(0) * reader.getTileHeight(0) : 0;
    }

    /** Whether a part can be had without the whole. */
    boolean divides() {
        return fillsScreen() && !encoded.format().equals(WBMP);
    }

    private boolean fillsScreen() {
        return frame.width == width && frame.height == height;
    }

    /**
     * Decodes a part.
     *
     * @param channels 1 for grey, 3 for colours
     * @throws IOException if it is damaged; its message is for people
     */
    PixelRows decode(Rectangle part, int channels) throws IOException {
        ImageReadParam parameters = reader.getDefaultReadParam();
        if (part.width < width || part.height < height) {
            parameters.setSourceRegion(part);
        }
        PixelRows rows;
        if (encoded.inks() != Inks.NONE) {
            rows = PixelRows.ofInks(reader.readRaster(0, parameters), encoded.inks() == Inks.YCCK, channels);
        } else {
            rows = PixelRows.of(encoded.format().equals(GIF) ? gif(parameters) : reader.read(0, parameters), channels);
        }
        if (!warnings.isEmpty()) {
            throw new DamageException("its decoder says: " + warnings.get(0));
        }
        return rows;
    }

    private BufferedImage gif(ImageReadParam parameters) throws IOException {
        RowCounter counter = new RowCounter();
        reader.addIIOReadUpdateListener(counter);
        BufferedImage picture = reader.read(0, parameters);
        reader.removeIIOReadUpdateListener(counter);
        if (counter.rows < picture.getHeight()) {
            throw new DamageException("it ends too early: pixels are missing");
        }
        if (fillsScreen()) {
            return picture;
        }
        BufferedImage screen = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = screen.createGraphics();
        graphics.drawImage(picture, frame.x, frame.y, null);
        graphics.dispose();
        return screen;
    }

    @Override
    public void close() throws IOException {
        reader.dispose();
        in.close();
    }

    private static final class RowCounter implements IIOReadUpdateListener {
        private int rows;

        @Override
        public void imageUpdate(
                ImageReader source,
                BufferedImage image,
                int x,
                int y,
                int width,
                int height,
                int periodX,
                int periodY,
                int[] bands) {
            rows += height;
        }

        @Override
        public void passStarted(
                ImageReader source,
                BufferedImage image,
                int pass,
                int first,
                int last,
                int x,
                int y,
                int periodX,
                int periodY,
                int[] bands) {}

        @Override
        public void passComplete(ImageReader source, BufferedImage image) {}

        @Override
        public void thumbnailPassStarted(
                ImageReader source,
                BufferedImage image,
                int pass,
                int first,
                int last,
                int x,
                int y,
                int periodX,
                int periodY,
                int[] bands) {}

        @Override
        public void thumbnailUpdate(
                ImageReader source,
                BufferedImage image,
                int x,
                int y,
                int width,
                int height,
                int periodX,
                int periodY,
                int[] bands) {}

        @Override
        public void thumbnailPassComplete(ImageReader source, BufferedImage image) {}
    }
}
