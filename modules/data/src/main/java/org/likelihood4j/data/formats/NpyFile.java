package org.likelihood4j.data.formats;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.io.Printable;

/**
 * NumPy's {@code .npy} files, gzipped or not, or in an {@link NpzFile}: one array of numbers, versions 1 to 3 of the format, either byte order, C and Fortran order. Source:
 * NumPy's "NEP 1" and {@code numpy.lib.format}.
 *
 * <p>The format: {@code \x93NUMPY}, the version, the header's length (little-endian, 16 bits in version 1, else 32), and the header,
 * a Python dictionary such as {@code {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }}; then the numbers. Arrays of
 * objects, which are pickles that run code when they are read, are refused, and so is all else that is not a number.
 */
final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** NumPy writes less than 200 bytes for arrays of numbers. */
    private static final int MOST_HEADER = 10_000;

    private static final int MOST_DIMENSIONS = 4;
    private static final int MOST_BYTES = 1 << 28;
    private static final int MOST_VALUES = 1 << 26;

    /** A key of the dictionary with its value: a text, a name or a tuple of numbers. */
    private static final Pattern ENTRY = Pattern.compile("\\s*['\"]([a-z_]++)['\"]\\s*:\\s*"
            + "(?:(?:'([^']*+)'|\"([^\"]*+)\"|(True|False)|\\(([0-9L, ]*+)\\))\\s*(?:,|(?=\\}))|(\\[))");

    private static final Map<String, ElementType> TYPES = Map.ofEntries(
            Map.entry("u1", ElementType.UINT8),
            Map.entry("b1", ElementType.BOOL),
            Map.entry("i1", ElementType.INT8),
            Map.entry("u2", ElementType.UINT16),
            Map.entry("i2", ElementType.INT16),
            Map.entry("u4", ElementType.UINT32),
            Map.entry("i4", ElementType.INT32),
            Map.entry("i8", ElementType.INT64),
            Map.entry("u8", ElementType.UINT64),
            Map.entry("f2", ElementType.FLOAT16),
            Map.entry("f4", ElementType.FLOAT32),
            Map.entry("f8", ElementType.FLOAT64));

    private NpyFile() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Header(int[] dimensions, ElementType type, ByteOrder order, boolean fortran) {
        long values() {
            long values = 1;
            for (int extent : dimensions) {
                values *= extent;
            }
            return values;
        }
    }

    /**
     * Reads a whole file.
     *
     * @throws DataException if it cannot be read, is not such a file, is cut short or goes on after its end; the message names it
     */
    static NumberArray read(Path file) {
        return open(file, in -> {
            Header header = header(file, in);
            long declared = header.values() * header.type().width();
            byte[] bytes = in.readNBytes((int) declared); // in pieces, as far as the content goes
            if (bytes.length < declared) {
                throw bad(
                        file,
                        "is cut short: its header declares " + NumberArray.describe(header.dimensions()) + " numbers, "
                                + declared + " bytes, but only " + bytes.length + " follow");
            }
            if (in.read() >= 0) {
                throw bad(file, "goes on after the " + declared + " bytes that its header declares");
            }
            return new NumberArray(header.dimensions(), header.type(), header.order(), header.fortran(), bytes);
        });
    }

    /** Some examples of a file, by their numbers, ascending. */
    static NumberArray readRows(Path file, int[] rows) {
        return open(file, in -> {
            Header header = header(file, in);
            return new NumberArray(header.dimensions(), header.type(), header.order(), header.fortran(), new byte[0])
                    .readRows(file, in, rows);
        });
    }

    /**
     * The shape of an example, from the header alone.
     *
     * @throws DataException as {@link #read}
     */
    static ExampleShape shape(Path file) {
        Header header = open(file, in -> header(file, in));
        return NumberArray.shape(file, header.dimensions());
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    private static <T> T open(Path file, Reader<T> reader) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new DataException(file + ": is not a file");
        }
        try (InputStream in = NpzFile.leadsInto(file) ? NpzFile.open(file) : GzipFile.open(file)) {
            return reader.read(in);
        } catch (EOFException e) {
            throw new DataException(file + ": is cut short: its gzip data end too early", e);
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file", e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Header header(Path file, InputStream in) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !isMagic(start)) {
            throw bad(file, NpzFile.isArchive(file) ? NpzFile.advice(file) : "does not start like a .npy file");
        }
        int version = start[6];
        if (version < 1 || version > 3) {
            throw bad(file, "is of version " + version + " of the format; expected 1, 2 or 3");
        }
        byte[] length = in.readNBytes(version == 1 ? 2 : 4);
        long size = 0;
        for (int i = length.length - 1; i >= 0; i--) {
            size = (size << 8) | (length[i] & 0xff);
        }
        if (length.length < (version == 1 ? 2 : 4)) {
            throw bad(file, "is cut short: it ends within its header");
        }
        if (size > MOST_HEADER) {
            throw bad(file, "has a header of " + size + " bytes; expected at most " + MOST_HEADER);
        }
        byte[] text = in.readNBytes((int) size);
        if (text.length < size) {
            throw bad(file, "is cut short: it ends within its header");
        }
        return parse(file, new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
    }

    /** Whether a file begins like one. */
    static boolean isNpy(Path file) {
        return isMagic(GzipFile.start(file, MAGIC.length));
    }

    private static boolean isMagic(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    private static Header parse(Path file, String text) {
        String dictionary = text.strip();
        if (!dictionary.startsWith("{") || !dictionary.endsWith("}")) {
            throw noHeader(file, dictionary);
        }
        String descr = null;
        Boolean fortran = null;
        String shape = null;
        Matcher entry = ENTRY.matcher(dictionary);
        int at = 1;
        while (entry.find(at) && entry.start() == at) {
            at = entry.end();
            if (entry.group(6) != null) {
                throw bad(file, "holds records of several fields; expected an array of plain numbers");
            }
            String quoted = entry.group(2) != null ? entry.group(2) : entry.group(3);
            switch (entry.group(1)) {
                case "descr" -> descr = quoted;
                case "fortran_order" ->
                    fortran = entry.group(4) == null ? null : entry.group(4).equals("True");
                case "shape" -> shape = entry.group(5);
                default -> throw noHeader(file, dictionary);
            }
        }
        if (descr == null
                || fortran == null
                || shape == null
                || !dictionary.substring(at).strip().equals("}")) {
            throw noHeader(file, dictionary);
        }
        ElementType type = type(file, descr);
        ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new Header(dimensions(file, shape, type), type, order, fortran);
    }

    private static ElementType type(Path file, String descr) {
        boolean ordered = descr.length() == 3 && "<>|=".indexOf(descr.charAt(0)) >= 0;
        ElementType type = ordered ? TYPES.get(descr.substring(1)) : null;
        if (type == null) {
            boolean objects = descr.toUpperCase(Locale.ROOT).contains("O");
            throw bad(
                    file,
                    objects
                            ? "holds Python objects (a pickle), which are never read; save an array of plain numbers"
                            : "holds numbers of type '" + Printable.line(Printable.shorten(descr))
                                    + "'; expected f2, f4, f8, b1, i1, i2, i4, i8, u1, u2, u4 or u8");
        }
        return type;
    }

    private static int[] dimensions(Path file, String shape, ElementType type) {
        String[] parts =
                shape.isBlank() ? new String[0] : shape.replace("L", "").strip().split(",");
        if (parts.length < 1 || parts.length > MOST_DIMENSIONS) {
            throw bad(file, "has " + parts.length + " dimensions; expected 1 to " + MOST_DIMENSIONS);
        }
        int[] dimensions = new int[parts.length];
        int most = Math.min(MOST_VALUES, MOST_BYTES / type.width());
        long values = 1;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i].strip();
            long extent = part.matches("[0-9]{1,10}") ? Long.parseLong(part) : -1;
            if (extent < 1 || extent > most || values * extent > most) {
                throw bad(
                        file,
                        "declares the shape (" + Printable.shorten(shape) + "); expected at least 1 and at most " + most
                                + " numbers");
            }
            values *= extent;
            dimensions[i] = (int) extent;
        }
        return dimensions;
    }

    private static DataException noHeader(Path file, String header) {
        return bad(
                file, "has a header that is none of an array of numbers: " + Printable.line(Printable.shorten(header)));
    }

    private static DataException bad(Path file, String what) {
        return new DataException(file + ": " + what);
    }
}
