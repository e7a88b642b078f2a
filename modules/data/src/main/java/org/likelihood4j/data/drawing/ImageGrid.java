package org.likelihood4j.data.drawing;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageShape;

/** A contact sheet: images side by side in rows, with thin grey lines between them and around. */
public final class ImageGrid {
    private static final int GAP_COLOUR = 0x50_50_50;

    private ImageGrid() {}

    /**
     * Writes the sheet as a PNG. The file appears complete or not at all.
     *
     * @param images each {@code shape.size()} unsigned bytes, (C, H, W); 1 channel is grey, 3 are red, green, blue
     * @param columns images in one row, at least 1
     * @param scale the edge of one pixel in the sheet, at least 1
     * @throws DataException if the file cannot be written
     */
    public static void write(Path png, ImageShape shape, List<byte[]> images, int columns, int scale) {
        PngFile.write(png, render(shape, images, columns, scale));
    }

    /**
     * Writes one image as a PNG of its own size, without lines. The file appears complete or not at all.
     *
     * @param image as in {@link #write(Path, ImageShape, List, int, int)}
     * @throws DataException if the file cannot be written
     */
    public static void writeOne(Path png, ImageShape shape, byte[] image) {
        check(shape, List.of(image), 1, 1);
        BufferedImage alone = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        draw(alone, shape, image, 0, 0, 1);
        PngFile.write(png, alone);
    }

    /** The sheet that {@link #write} writes: 24-bit RGB, with lines of 1 pixel (2 where {@code scale} is above 1). */
    public static BufferedImage render(ImageShape shape, List<byte[]> images, int columns, int scale) {
        check(shape, images, columns, scale);
        int gap = scale == 1 ? 1 : 2;
        int cellWidth = shape.width() * scale + gap;
        int cellHeight = shape.height() * scale + gap;
        int used = Math.min(columns, images.size());
        int rows = (images.size() + columns - 1) / columns;
        int width = Math.addExact(Math.multiplyExact(used, cellWidth), gap);
        int height = Math.addExact(Math.multiplyExact(rows, cellHeight), gap);
        BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Arrays.fill(pixels(sheet), GAP_COLOUR);
        for (int i = 0; i < images.size(); i++) {
            int left = gap + (i % columns) * cellWidth;
            int top = gap + (i / columns) * cellHeight;
            draw(sheet, shape, images.get(i), left, top, scale);
        }
        return sheet;
    }

    private static void draw(BufferedImage sheet, ImageShape shape, byte[] image, int left, int top, int scale) {
        int plane = shape.height() * shape.width();
        int green = shape.channels() == 3 ? plane : 0;
        int[] pixels = pixels(sheet);
        int length = shape.width() * scale;
        for (int y = 0; y < shape.height(); y++) {
            int line = (top + y * scale) * sheet.getWidth() + left;
            for (int x = 0; x < length; x++) {
                int at = y * shape.width() + x / scale;
                pixels[line + x] =
                        (image[at] & 0xff) << 16 | (image[at + green] & 0xff) << 8 | (image[at + 2 * green] & 0xff);
            }
            for (int again = 1; again < scale; again++) {
                System.arraycopy(pixels, line, pixels, line + again * sheet.getWidth(), length);
            }
        }
    }

    /** Those of a sheet, row after row. To set them through a colour model takes as long as all else. */
    private static int[] pixels(BufferedImage sheet) {
        return ((DataBufferInt) sheet.getRaster().getDataBuffer()).getData();
    }

    private static void check(ImageShape shape, List<byte[]> images, int columns, int scale) {
        if (shape.channels() != 1 && shape.channels() != 3) {
            throw new DataException("image grid: images must have 1 or 3 channels, but have " + shape.channels());
        }
        if (images.isEmpty() || columns < 1 || scale < 1) {
            throw new DataException("image grid: needs at least 1 image, 1 column and scale 1, but has " + images.size()
                    + " images, " + columns + " columns and scale " + scale);
        }
        for (int i = 0; i < images.size(); i++) {
            if (images.get(i).length != shape.size()) {
                throw new DataException("image grid: image " + i + " has " + images.get(i).length + " bytes, but shape "
                        + shape + " needs " + shape.size());
            }
        }
    }
}
