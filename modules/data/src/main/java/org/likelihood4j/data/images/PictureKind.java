package org.likelihood4j.data.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.images.EncodedPicture.DamageException;
import org.likelihood4j.data.images.EncodedPicture.Inks;
import org.likelihood4j.data.images.EncodedPicture.Tolerance;
import org.likelihood4j.io.Printable;

/** Which files are pictures, by their names; and of what kind one is, by its content: a JPEG that is named .png is still one. */
public final class PictureKind {
    public static final String SUFFIXES_FOR_PEOPLE = ".png, .jpg, .gif, .bmp, .tif, .wbmp";

    private static final Set<String> READ =
            Set.of(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".wbmp");
    /** Pictures of kinds that are not read, so that nobody takes them for files beside the pictures. */
    private static final Set<String> KNOWN = Set.of(
            ".webp", ".heic", ".heif", ".avif", ".jp2", ".j2k", ".jpx", ".jxl", ".jxr", ".psd", ".svg", ".svgz", ".ico",
            ".tga", ".pcx", ".pbm", ".pgm", ".ppm", ".pnm", ".pam", ".pfm", ".hdr", ".exr", ".dng", ".cr2", ".cr3",
            ".nef", ".arw", ".orf", ".rw2", ".raf", ".xcf", ".dds", ".fits", ".dcm");

    /** What a file is that begins like this, {@code from} a place on. */
    private record Foreign(int from, String beginning, String what) {}

    private static final List<Foreign> FOREIGN = List.of(
            new Foreign(8, "WEBP", "a WebP picture"),
            new Foreign(4, "ftyp", "a HEIF or AVIF picture, or a film"),
            new Foreign(4, "jP  ", "a JPEG 2000 picture"),
            new Foreign(0, "\u00ff\n", "a JPEG XL picture"),
            new Foreign(4, "JXL ", "a JPEG XL picture"),
            new Foreign(0, "8BPS", "a Photoshop file"),
            new Foreign(0, "II+\0", "a BigTIFF picture"),
            new Foreign(0, "MM\0+", "a BigTIFF picture"),
            new Foreign(0, "%PDF", "a PDF file"),
            new Foreign(0, "version https://git-lfs", "a pointer of Git LFS (git lfs pull fetches the picture)"),
            new Foreign(0, "<svg", "an SVG drawing"),
            new Foreign(0, "<?xml", "an SVG drawing or another XML file"),
            new Foreign(0, "<!doctype", "a web page"),
            new Foreign(0, "<html", "a web page"));

    private static final String PNG = "\u0089PNG\r\n\u001a\n";

    private PictureKind() {}

    /** Whether a file's name says that it is a picture, of a kind that can be read or of another. */
    public static boolean isNamed(Path file) {
        return READ.contains(suffix(file)) || KNOWN.contains(suffix(file));
    }

    /** What a file's name ends with, such as {@code .png}, in small letters; empty if there is no dot. */
    public static String suffix(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : Printable.line(Printable.shorten(name.substring(dot)));
    }

    /**
     * Whether bytes that may be plain pixels are a picture's file. Pixels can begin as a file does by chance, which only PNG and a JPEG that
     * also ends as one rule out.
     *
     * @param pixels how many bytes the pixels would be
     */
    public static boolean isPicture(byte[] content, int pixels) {
        boolean jpeg = begins(content, 0, "\u00ff\u00d8\u00ff");
        boolean certain = begins(content, 0, PNG) || (jpeg && begins(content, content.length - 2, "\u00ff\u00d9"));
        return certain
                || (content.length != pixels
                        && (jpeg
                                || Stream.of("GIF8", "BM", "II*\0", "MM\0*")
                                        .anyMatch(mark -> begins(content, 0, mark))));
    }

    /**
     * Looks a file through.
     *
     * @throws DataException if it is no picture, or of a kind that is not read
     * @throws DamageException if pixels are missing or damaged
     */
    static EncodedPicture open(Path file, byte[] content) throws DamageException {
        if (begins(content, 0, PNG)) {
            return PngChunks.read(content);
        } else if (begins(content, 0, "\u00ff\u00d8")) {
            return JpegSegments.read(content);
        } else if (begins(content, 0, "GIF8")) {
            return plain("gif", content);
        } else if (begins(content, 0, "BM")) {
            return bmp(content);
        } else if (begins(content, 0, "II*\0") || begins(content, 0, "MM\0*")) {
            return TiffDirectory.read(content);
        } else if (suffix(file).equals(".wbmp") && begins(content, 0, "\0\0")) {
            return plain("wbmp", content);
        }
        if (content.length == 0) {
            throw new DataException(file + ": is empty");
        }
        Optional<Foreign> foreign = FOREIGN.stream()
                .filter(kind -> begins(content, kind.from(), kind.beginning()))
                .findFirst();
        throw new DataException(file + ": is "
                + foreign.map(kind -> kind.what() + ", which is not read").orElse("no picture of a known kind")
                + "; expected " + SUFFIXES_FOR_PEOPLE);
    }

    private static EncodedPicture plain(String format, byte[] content) {
        return new EncodedPicture(
                format, new ByteSlices().add(content), Orientation.AS_IT_IS, Inks.NONE, Tolerance.NONE);
    }

    private static EncodedPicture bmp(byte[] content) throws DamageException {
        int compression = content.length < 34
                ? 0
                : ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(30);
        // 1 and 2 are run lengths, which Java's decoder gets wrong; 4 and 5 a JPEG and a PNG file.
        if (compression == 1 || compression == 2 || compression == 4 || compression == 5) {
            throw new DamageException("it is a compressed BMP; write it as PNG");
        }
        return plain("bmp", content);
    }

    private static boolean begins(byte[] content, int from, String with) {
        int end = from + with.length();
        return from >= 0
                && content.length >= end
                && new String(content, from, with.length(), StandardCharsets.ISO_8859_1).equalsIgnoreCase(with);
    }
}
