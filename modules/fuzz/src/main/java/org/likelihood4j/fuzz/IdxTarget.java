package org.likelihood4j.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.formats.IdxFile;

/** An IDX file of one and of three dimensions, as it is and gzipped: both must be read, or refused, alike. */
final class IdxTarget implements Target {
    @Override
    public String name() {
        return "idx";
    }

    @Override
    public String description() {
        return "an IDX file, plain and gzipped";
    }

    @Override
    public long mostAllocated() {
        // Twice two files of as many values as are allowed, each gathered in pieces and then put together.
        return 600L << 20;
    }

    @Override
    public List<byte[]> corpus() throws IOException {
        byte[] images = file(0x803, 24, 2, 3, 4);
        byte[] labels = file(0x801, 5, 5);
        return List.of(images, labels, gzip(images), gzip(labels), file(0x803, 9, 1 << 16, 32, 32), new byte[0]);
    }

    @Override
    public void run(byte[] input, Path folder) throws IOException {
        Path plain = Files.write(folder.resolve("fuzzed-idx"), input);
        Path zipped = Files.write(folder.resolve("fuzzed-idx.gz"), gzip(input));
        boolean isZipped = input.length > 1 && input[0] == 0x1f && input[1] == (byte) 0x8b;
        for (int dimensions : new int[] {1, 3}) {
            IdxFile one = read(plain, dimensions);
            IdxFile other = read(zipped, dimensions);
            if (isZipped) {
                Refusals.require(other == null, "read through two layers of gzip");
                continue;
            }
            Refusals.require((one == null) == (other == null), "gzip makes a difference");
            Refusals.require(
                    one == null
                            || (one.sha256().equals(other.sha256())
                                    && Arrays.equals(one.dimensions(), other.dimensions())
                                    && one.size() == other.size()),
                    "gzip changes the content");
        }
    }

    /** {@code null} if it was refused. */
    private static IdxFile read(Path file, int dimensions) {
        try {
            IdxFile content = IdxFile.read(file, dimensions);
            int product = 1;
            for (int extent : content.dimensions()) {
                product = Math.multiplyExact(product, extent);
            }
            Refusals.require(content.size() == product, "holds other than its header declares");
            return content;
        } catch (DataException e) {
            Refusals.check(e, file);
            return null;
        }
    }

    private static byte[] file(int magic, int values, int... dimensions) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + 4 * dimensions.length + values).putInt(magic);
        for (int extent : dimensions) {
            bytes.putInt(extent);
        }
        return bytes.array();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }
}
