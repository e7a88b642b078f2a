package org.likelihood4j.fuzz;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.formats.ArrayFormat;
import org.likelihood4j.data.sources.ArraySource;
import org.likelihood4j.data.sources.CsvSource;
import org.likelihood4j.data.sources.ImagesSource;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.MissingCells;

/** A user's own data files: what is read has the shape that was told from the file's beginning, and finite numbers only. */
final class DataFileTargets {
    private static final SplitShares SHARES = new SplitShares(0, 0, 1);

    private DataFileTargets() {}

    static void load(byte[] input, Path file, Supplier<ExampleSource> source) {
        Splits splits;
        try {
            splits = source.get().load(ProgressListener.none());
        } catch (DataException e) {
            Refusals.check(e, file.toString(), new String(input, StandardCharsets.ISO_8859_1));
            return;
        }
        Examples train = splits.train();
        Refusals.require(train.shape().equals(source.get().shape()), "another shape than the file's beginning has");
        for (int i = 0; i < train.size(); i += Math.max(1, train.size() / 100)) {
            for (double value : train.values(i)) {
                Refusals.require(Double.isFinite(value), "a number that is not finite");
            }
        }
    }

    /** A NumPy file. */
    static final class Npy implements Target {
        @Override
        public String name() {
            return "npy";
        }

        @Override
        public String description() {
            return "a NumPy file";
        }

        @Override
        public List<String> words() {
            return List.of("'descr'", "'fortran_order'", "'shape'", "'<f8'", "'>i2'", "'|u1'", "'|O'", "True", "False");
        }

        @Override
        public List<byte[]> corpus() {
            return List.of(
                    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", 8),
                    npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 2), }", 8),
                    npy("{'descr': '>f8', 'fortran_order': True, 'shape': (2, 1), }", 16),
                    npy("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }", 8),
                    new byte[0]);
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            Path file = Files.write(folder.resolve("fuzzed.npy"), input);
            load(
                    input,
                    file,
                    () -> new ArraySource(
                            ArrayFormat.NPY,
                            new ArraySource.Labelled(file, Optional.empty()),
                            Optional.empty(),
                            Optional.empty(),
                            SHARES));
        }

        private static byte[] npy(String header, int numbers) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
            out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(new byte[numbers]);
            return out.toByteArray();
        }
    }

    /** NumPy's archive of named arrays: a table and its labels, or either one by another name. */
    static final class Npz implements Target {
        @Override
        public String name() {
            return "npz";
        }

        @Override
        public String description() {
            return "arrays of a NumPy archive";
        }

        @Override
        public List<String> words() {
            return List.of(
                    "PK\\x01\\x02", "PK\\x03\\x04", "PK\\x05\\x06", "X.npy", "y.npy", "'shape'", "'<f4'", "'|u1'");
        }

        @Override
        public List<byte[]> corpus() throws IOException {
            byte[] rows = Npy.npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", 8);
            byte[] labels = Npy.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", 2);
            return List.of(
                    npz(ZipEntry.STORED, Map.of("X.npy", rows, "y.npy", labels)),
                    npz(ZipEntry.DEFLATED, Map.of("X.npy", rows, "y.npy", labels)),
                    npz(ZipEntry.STORED, Map.of("X.npy", rows)),
                    npz(ZipEntry.DEFLATED, Map.of("a/b.npy", rows, "readme", new byte[3])),
                    rows,
                    new byte[0]);
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            Path file = Files.write(folder.resolve("fuzzed.npz"), input);
            for (Optional<Path> labels : List.of(Optional.<Path>empty(), Optional.of(file.resolve("y")))) {
                for (Path rows : List.of(file, file.resolve("X"), file.resolve("X.npy"))) {
                    load(
                            input,
                            file,
                            () -> new ArraySource(
                                    ArrayFormat.NPY,
                                    new ArraySource.Labelled(rows, labels),
                                    Optional.empty(),
                                    Optional.empty(),
                                    SHARES));
                }
            }
        }

        private static byte[] npz(int method, Map<String, byte[]> arrays) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                for (Map.Entry<String, byte[]> array : new TreeMap<>(arrays).entrySet()) {
                    ZipEntry entry = new ZipEntry(array.getKey());
                    entry.setMethod(method);
                    if (method == ZipEntry.STORED) {
                        CRC32 sum = new CRC32();
                        sum.update(array.getValue());
                        entry.setSize(array.getValue().length);
                        entry.setCrc(sum.getValue());
                    }
                    zip.putNextEntry(entry);
                    zip.write(array.getValue());
                }
            }
            return out.toByteArray();
        }
    }

    /** A text file. */
    static final class Csv implements Target {
        @Override
        public String name() {
            return "csv";
        }

        @Override
        public String description() {
            return "a table in a text file, gzipped or not";
        }

        @Override
        public List<byte[]> corpus() throws IOException {
            return List.of(
                    "a,b,kind\n1,2,x\n-.5,1e3,y\n".getBytes(StandardCharsets.UTF_8),
                    "\"a\",\"b, c\"\r\n\"1\",2\r\n\r\n3.,+4\r\n".getBytes(StandardCharsets.UTF_8),
                    "\ufeffa\n1\n".getBytes(StandardCharsets.UTF_8),
                    "# made by hand\n,a;b\n0;1,5;NA\n1;2;\n".getBytes(StandardCharsets.UTF_8),
                    "a  b\tc\r1 2 3\r4 5 6\r".getBytes(StandardCharsets.UTF_8),
                    "a\tb\n1\t2\n".getBytes(StandardCharsets.UTF_16),
                    gzip("a,b\n1,2\n3,4\n"),
                    new byte[0]);
        }

        private static byte[] gzip(String text) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
                zipped.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return out.toByteArray();
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            Path file = Files.write(folder.resolve("fuzzed.csv"), input);
            for (Optional<String> label : List.of(Optional.<String>empty(), Optional.of("kind"))) {
                for (MissingCells missing : MissingCells.values()) {
                    CsvSource.Layout layout = new CsvSource.Layout(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            new ColumnChoice(Optional.empty(), label),
                            missing);
                    load(input, file, () -> new CsvSource(file, Optional.empty(), layout, SHARES));
                }
            }
        }
    }

    /** A picture. */
    static final class Picture implements Target {
        @Override
        public String name() {
            return "picture";
        }

        @Override
        public String description() {
            return "a picture's file";
        }

        @Override
        public long mostAllocated() {
            // As many pixels as are allowed, 8 bytes each, and the decoder's own copies.
            return 1L << 30;
        }

        @Override
        public List<byte[]> corpus() throws IOException {
            return List.of(
                    encode(BufferedImage.TYPE_INT_RGB, "png"),
                    encode(BufferedImage.TYPE_INT_ARGB, "png"),
                    encode(BufferedImage.TYPE_BYTE_GRAY, "png"),
                    encode(BufferedImage.TYPE_BYTE_BINARY, "png"),
                    encode(BufferedImage.TYPE_INT_RGB, "jpeg"),
                    encode(BufferedImage.TYPE_BYTE_GRAY, "jpeg"),
                    turned(encode(BufferedImage.TYPE_INT_RGB, "jpeg")),
                    encode(BufferedImage.TYPE_BYTE_INDEXED, "gif"),
                    encode(BufferedImage.TYPE_INT_RGB, "bmp"),
                    encode(BufferedImage.TYPE_BYTE_INDEXED, "bmp"),
                    encode(BufferedImage.TYPE_INT_RGB, "tiff"),
                    encode(BufferedImage.TYPE_BYTE_BINARY, "tiff"));
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            Path pictures = Files.createDirectories(folder.resolve("pictures"));
            Path file = Files.write(pictures.resolve("fuzzed.png"), input);
            for (int channels : new int[] {1, 3}) {
                load(input, file, () -> new ImagesSource(pictures, new ImageShape(channels, 3, 5), false, SHARES));
            }
        }

        /** With an Exif block after the first marker. */
        private static byte[] turned(byte[] jpeg) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(jpeg, 0, 2);
            out.writeBytes(new byte[] {-1, (byte) 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8});
            out.writeBytes(new byte[] {0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0});
            out.write(jpeg, 2, jpeg.length - 2);
            return out.toByteArray();
        }

        private static byte[] encode(int type, String format) throws IOException {
            BufferedImage image = new BufferedImage(5, 4, type);
            image.setRGB(2, 2, 0xffffffff);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, format, out);
            return out.toByteArray();
        }
    }
}
