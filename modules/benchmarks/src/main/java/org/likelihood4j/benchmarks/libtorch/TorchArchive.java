package org.likelihood4j.benchmarks.libtorch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript module as the archive that libtorch loads, so that nobody needs Python: a zip of the module's source
 * and a pickle of its attributes, here all empty lists of tensors and zeros.
 */
final class TorchArchive {
    /** The class that the source must define. */
    static final String CLASS = "Twin";

    private TorchArchive() {}

    /**
     * An archive.
     *
     * @param source the class {@value #CLASS} in the dialect of saved modules
     * @param lists its attributes of type {@code List[Tensor]}
     * @param counters its attributes of type {@code int}
     */
    static byte[] of(String source, List<String> lists, List<String> counters) {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                put(zip, "twin/data.pkl", attributes(lists, counters));
                put(zip, "twin/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
                put(zip, "twin/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
                put(zip, "twin/version", "3\n".getBytes(StandardCharsets.UTF_8));
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object of the class, whose state is a dictionary. */
    private static byte[] attributes(List<String> lists, List<String> counters) throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        ascii(pickle, "c__torch__\n" + CLASS + "\n");
        ascii(pickle, ")"); // no arguments
        pickle.write(0x81); // new object
        ascii(pickle, "}(");
        key(pickle, "training");
        pickle.write(0x88); // true
        for (String name : lists) {
            key(pickle, name);
            ascii(pickle, "ctorch.jit._pickle\nbuild_tensorlist\n]");
            pickle.write(0x85); // the empty list as the one argument
            ascii(pickle, "R");
        }
        for (String name : counters) {
            key(pickle, name);
            pickle.write(new byte[] {'K', 0});
        }
        ascii(pickle, "ub.");
        return pickle.toByteArray();
    }

    private static void key(ByteArrayOutputStream pickle, String name) throws IOException {
        pickle.write(new byte[] {'X', (byte) name.length(), 0, 0, 0});
        ascii(pickle, name);
    }

    private static void ascii(ByteArrayOutputStream pickle, String text) throws IOException {
        pickle.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Not compressed, as libtorch demands. */
    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
