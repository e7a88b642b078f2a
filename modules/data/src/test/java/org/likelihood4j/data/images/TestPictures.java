package org.likelihood4j.data.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;

/** Files of pictures that programs write, and files that are put together byte by byte. */
public final class TestPictures {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private TestPictures() {}

    public static BufferedImage rgb(int width, int height, IntBinaryOperator colour) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, colour.applyAsInt(x, y));
            }
        }
        return image;
    }

    /** Smooth colours that differ everywhere. */
    static BufferedImage scene(int width, int height) {
        return rgb(
                width,
                height,
                (x, y) -> (40 + 170 * x / width) << 16
                        | (220 - 180 * y / height) << 8
                        | (int) (128 + 90 * Math.sin(x * 0.37) * Math.cos(y * 0.23)));
    }

    static BufferedImage grey(BufferedImage picture) {
        BufferedImage grey = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
        grey.getGraphics().drawImage(picture, 0, 0, null);
        return grey;
    }

    public static byte[] encode(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return out.toByteArray();
    }

    /** Without chroma subsampling, if {@code full}. */
    static byte[] jpeg(BufferedImage image, boolean progressive, boolean full) throws IOException {
        return write("jpeg", image, progressive, full);
    }

    static byte[] interlacedPng(BufferedImage image) throws IOException {
        return write("png", image, true, false);
    }

    private static byte[] write(String format, BufferedImage image, boolean progressive, boolean full)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        if (progressive) {
            parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        }
        IIOMetadata metadata =
                writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), parameters);
        if (full) {
            String name = metadata.getNativeMetadataFormatName();
            IIOMetadataNode tree = (IIOMetadataNode) metadata.getAsTree(name);
            NodeList components = tree.getElementsByTagName("componentSpec");
            for (int i = 0; i < components.getLength(); i++) {
                ((IIOMetadataNode) components.item(i)).setAttribute("HsamplingFactor", "1");
                ((IIOMetadataNode) components.item(i)).setAttribute("VsamplingFactor", "1");
            }
            metadata.setFromTree(name, tree);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, metadata), parameters);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** A JPEG of four channels as they are, and what Adobe's marker says of them. */
    static byte[] inks(int width, int height, int[] values, int transform) throws IOException {
        WritableRaster raster = Raster.createInterleavedRaster(0, width, height, 4, null);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                raster.setPixel(x, y, values);
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(raster, null, null), null);
        } finally {
            writer.dispose();
        }
        byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
        return withSegment(out.toByteArray(), 0xee, adobe);
    }

    /** The same JPEG with one more segment after its first marker. */
    static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
        byte[] head = {(byte) 0xff, (byte) marker, (byte) ((content.length + 2) >> 8), (byte) (content.length + 2)};
        return join(Arrays.copyOf(jpeg, 2), head, content, Arrays.copyOfRange(jpeg, 2, jpeg.length));
    }

    /** The same JPEG without its first segment, which says that it is a JFIF file. */
    static byte[] withoutJfif(byte[] jpeg) {
        int length = ((jpeg[4] & 0xff) << 8) | (jpeg[5] & 0xff);
        return join(Arrays.copyOf(jpeg, 2), Arrays.copyOfRange(jpeg, 4 + length, jpeg.length));
    }

    /** An Exif block that says nothing but how to turn the picture. */
    static byte[] exif(int orientation, ByteOrder order) {
        ByteBuffer block = ByteBuffer.allocate(26).order(order);
        block.put(order == ByteOrder.LITTLE_ENDIAN ? new byte[] {'I', 'I'} : new byte[] {'M', 'M'});
        block.putShort((short) 42).putInt(8).putShort((short) 1);
        block.putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation);
        return block.array();
    }

    static byte[] withExif(byte[] jpeg, byte[] block) {
        return withSegment(jpeg, 0xe1, join(new byte[] {'E', 'x', 'i', 'f', 0, 0}, block));
    }

    /** A PNG from its chunks. */
    static byte[] png(byte[]... chunks) {
        return join(PNG, join(chunks), chunk("IEND"));
    }

    static byte[] header(int width, int height, int bits, int colours) {
        return chunk(
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) bits)
                        .put((byte) colours)
                        .array());
    }

    /** Rows, each with a byte for its filter before it. */
    static byte[] pixels(byte[]... rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(1);
        byte[] buffer = new byte[1 << 12];
        for (int i = 0; i <= rows.length; i++) {
            if (i == rows.length) {
                deflater.finish();
            } else {
                deflater.setInput(join(new byte[1], rows[i]));
            }
            for (int n = deflater.deflate(buffer); n > 0; n = deflater.deflate(buffer)) {
                out.write(buffer, 0, n);
            }
        }
        deflater.end();
        return chunk("IDAT", out.toByteArray());
    }

    static byte[] chunk(String type, byte... content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(content);
        return ByteBuffer.allocate(content.length + 12)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) check.getValue())
                .array();
    }

    /**
     * A TIFF of one uncompressed strip.
     *
     * @param fields pairs of a tag and a value, in rising order
     */
    static byte[] tiff(byte[] pixels, int... fields) {
        int entries = fields.length / 2;
        ByteBuffer file =
                ByteBuffer.allocate(8 + 2 + 12 * entries + 4 + pixels.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) entries);
        for (int i = 0; i < fields.length; i += 2) {
            // The strip's offset is filled in.
            int value = fields[i] == 273 ? file.capacity() - pixels.length : fields[i + 1];
            file.putShort((short) fields[i]).putShort((short) 3).putInt(1).putInt(value);
        }
        return file.putInt(0).put(pixels).array();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
