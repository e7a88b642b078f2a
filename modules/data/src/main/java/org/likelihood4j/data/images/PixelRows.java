package org.likelihood4j.data.images;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import org.likelihood4j.data.images.EncodedPicture.DamageException;

/**
 * Rows of a decoded picture as channels of 0 to 255, not rounded: the stored numbers, whatever colour profile a file names. Java
 * would take greys for linear light, and brighten them. What is transparent is white.
 */
abstract class PixelRows {
    private static final float WHITE = 255;

    private final Raster raster;
    private final int[] samples;
    /** Grey, or red, green and blue. */
    private final float[][] row;

    private PixelRows(Raster raster, int channels) {
        this.raster = raster;
        this.samples = new int[raster.getWidth() * raster.getNumBands()];
        this.row = new float[channels][raster.getWidth()];
    }

    /**
     * Of a picture.
     *
     * @param channels 1 for grey, 3 for colours
     * @throws DamageException if its numbers have no meaning here
     */
    static PixelRows of(BufferedImage picture, int channels) throws IOException {
        Raster raster = picture.getRaster();
        ColorModel model = picture.getColorModel();
        if (model instanceof IndexColorModel palette) {
            return new Palette(raster, palette, channels);
        }
        int colours = model.getNumColorComponents();
        int space = model.getColorSpace().getType();
        boolean known =
                (space == ColorSpace.TYPE_GRAY && colours == 1) || (space == ColorSpace.TYPE_RGB && colours == 3);
        int type = model.getTransferType();
        boolean whole = type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT || type == DataBuffer.TYPE_INT;
        for (int bits : model.getComponentSize()) {
            whole &= bits >= 1 && bits <= 16;
        }
        if (!known || !whole || raster.getNumBands() != colours + (model.hasAlpha() ? 1 : 0)) {
            throw new DamageException("its pixels are neither greys nor red, green and blue of 1 to 16 bits");
        }
        return new Stored(raster, model, channels);
    }

    /**
     * Of four inks, stored as light: 0 for all of an ink, as Photoshop and everybody after it does.
     *
     * @param luma whether the first three are luma and chromas
     */
    static PixelRows ofInks(Raster raster, boolean luma, int channels) {
        return new Light(raster, luma, channels);
    }

    /** The values of a row, until the next call. */
    float[][] read(int y) {
        raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, samples);
        int bands = raster.getNumBands();
        for (int x = 0; x < raster.getWidth(); x++) {
            put(samples, x * bands, x);
        }
        return row;
    }

    /** Puts a pixel into the row. */
    abstract void put(int[] from, int at, int x);

    /** The weights of grey are ITU-R BT.601's. */
    final void put(int x, float red, float green, float blue) {
        if (row.length == 1) {
            row[0][x] = 0.299f * red + 0.587f * green + 0.114f * blue;
        } else {
            row[0][x] = red;
            row[1][x] = green;
            row[2][x] = blue;
        }
    }

    final void put(int x, float grey) {
        for (float[] channel : row) {
            channel[x] = grey;
        }
    }

    /** Greys or colours, with alpha or without. */
    private static final class Stored extends PixelRows {
        private final boolean colour;
        private final boolean alpha;
        private final boolean multiplied;
        private final float[] largest;

        Stored(Raster raster, ColorModel model, int channels) {
            super(raster, channels);
            colour = model.getNumColorComponents() == 3;
            alpha = model.hasAlpha();
            multiplied = model.isAlphaPremultiplied();
            largest = new float[raster.getNumBands()];
            for (int i = 0; i < largest.length; i++) {
                largest[i] = (1 << model.getComponentSize(i)) - 1;
            }
        }

        @Override
        void put(int[] from, int at, int x) {
            if (colour) {
                put(x, value(from, at, 0), value(from, at, 1), value(from, at, 2));
            } else {
                put(x, value(from, at, 0));
            }
        }

        private float value(int[] from, int at, int band) {
            float value = WHITE * (from[at + band] / largest[band]);
            if (!alpha) {
                return value;
            }
            int last = largest.length - 1;
            float opaque = from[at + last] / largest[last];
            return (multiplied ? value : opaque * value) + (1 - opaque) * WHITE;
        }
    }

    /** Numbers of colours. */
    private static final class Palette extends PixelRows {
        private final float[][] colours;

        Palette(Raster raster, IndexColorModel model, int channels) {
            super(raster, channels);
            colours = new float[model.getMapSize()][3];
            for (int i = 0; i < colours.length; i++) {
                float opaque = model.getAlpha(i) / WHITE;
                colours[i][0] = opaque * model.getRed(i) + (1 - opaque) * WHITE;
                colours[i][1] = opaque * model.getGreen(i) + (1 - opaque) * WHITE;
                colours[i][2] = opaque * model.getBlue(i) + (1 - opaque) * WHITE;
            }
        }

        @Override
        void put(int[] from, int at, int x) {
            float[] colour = colours[from[at]];
            if (colour[0] == colour[1] && colour[1] == colour[2]) {
                put(x, colour[0]);
            } else {
                put(x, colour[0], colour[1], colour[2]);
            }
        }
    }

    /** What four inks leave of the light. */
    private static final class Light extends PixelRows {
        private final boolean luma;

        Light(Raster raster, boolean luma, int channels) {
            super(raster, channels);
            this.luma = luma;
        }

        @Override
        void put(int[] from, int at, int x) {
            float black = from[at + 3] / WHITE;
            float first = from[at];
            if (luma) {
                float blueness = from[at + 1] - 128f;
                float redness = from[at + 2] - 128f;
                put(
                        x,
                        black * (WHITE - limit(first + 1.402f * redness)),
                        black * (WHITE - limit(first - 0.344136f * blueness - 0.714136f * redness)),
                        black * (WHITE - limit(first + 1.772f * blueness)));
            } else {
                put(x, black * first, black * from[at + 1], black * from[at + 2]);
            }
        }

        private static float limit(float value) {
            return Math.max(0, Math.min(WHITE, value));
        }
    }
}
