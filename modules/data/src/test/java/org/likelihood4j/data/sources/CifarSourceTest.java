package org.likelihood4j.data.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.formats.IdxBytes;

@Timeout(30)
class CifarSourceTest {
    private static final List<String> NAMES = List.of("data_batch_1.bin", "data_batch_2.bin", "test_batch.bin");
    private static final int PIXELS = 3 * 32 * 32;

    @TempDir
    Path root;

    /** So many images, of class i + {@code first}, whose pixel p is i + first + p. */
    private static byte[] content(int first, int images) {
        byte[] bytes = new byte[images * (1 + PIXELS)];
        for (int i = 0; i < images; i++) {
            bytes[i * (1 + PIXELS)] = (byte) (i + first);
            for (int p = 0; p < PIXELS; p++) {
                bytes[i * (1 + PIXELS) + 1 + p] = (byte) (i + first + p);
            }
        }
        return bytes;
    }

    private static final List<byte[]> CONTENT = List.of(content(0, 3), content(3, 2), content(7, 2));

    private static List<CifarFile> files() {
        List<CifarFile> files = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            byte[] content = CONTENT.get(i);
            files.add(new CifarFile(NAMES.get(i), content.length / (1 + PIXELS), IdxBytes.sha256(content)));
        }
        return files;
    }

    private CifarSource source(int validation, URI... mirrors) {
        return new CifarSource(
                files(),
                List.of(mirrors),
                List.of(root.resolve("a"), root.resolve("b")),
                validation,
                new Download(Duration.ofSeconds(2), 1_000_000));
    }

    private static byte[] archive(List<String> names, List<byte[]> contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            tar.putArchiveEntry(new TarArchiveEntry(CifarArchive.FOLDER + "/"));
            tar.closeArchiveEntry();
            add(tar, "readme.html", "read me".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < names.size(); i++) {
                add(tar, names.get(i), contents.get(i));
            }
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(CifarArchive.FOLDER + "/" + name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private Path put(String name, byte[] content) throws IOException {
        Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.write(path, content);
    }

    private static void assertAll(Splits splits) {
        assertThat(List.of(
                        splits.train().size(),
                        splits.validation().size(),
                        splits.test().size()))
                .containsExactly(4, 1, 2);
        assertThat(splits.train().shape()).isEqualTo(new ImageShape(3, 32, 32));
        assertThat(splits.train().label(3)).isEqualTo(3);
        assertThat(splits.train().values(3)).startsWith(3, 4, 5).hasSize(PIXELS);
        assertThat(splits.validation().label(0)).isEqualTo(4);
        assertThat(splits.test().label(1)).isEqualTo(8);
        assertThat(splits.classes()).hasSize(10).startsWith("airplane").endsWith("truck");
    }

    @Test
    void readsTheArchiveAndItsFilesUnpackedInEveryPlace() throws IOException {
        put("b/" + CifarArchive.NAME, archive(NAMES, CONTENT));
        assertAll(source(1).load(ProgressListener.none()));
        Files.delete(root.resolve("b").resolve(CifarArchive.NAME));
        put("b/" + NAMES.get(0), CONTENT.get(0));
        put("a/cifar-10-batches-bin/" + NAMES.get(1), CONTENT.get(1));
        put("a/" + NAMES.get(2) + ".gz", IdxBytes.gzip(CONTENT.get(2)));
        assertAll(source(1).load(ProgressListener.none()));
    }

    @Test
    void downloadsTheArchiveOnce() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] archive = archive(NAMES, CONTENT);
        server.createContext("/data/", exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });
        server.start();
        URI mirror = URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + "/data/");
        assertAll(source(1, mirror).load(ProgressListener.none()));
        server.stop(0);
        assertThat(root.resolve("a").resolve(CifarArchive.NAME)).hasBinaryContent(archive);
        assertAll(source(1, mirror).load(ProgressListener.none()));
    }

    @Test
    void whatIsOtherIsRefusedByName() throws IOException {
        byte[] bent = CONTENT.get(1).clone();
        bent[100]++;
        Path archive = put("a/" + CifarArchive.NAME, archive(NAMES, List.of(CONTENT.get(0), bent, CONTENT.get(2))));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> source(1).load(ProgressListener.none()))
                .withMessageStartingWith(archive
                        + ": cifar-10-batches-bin/data_batch_2.bin: is not CIFAR-10's data_batch_2.bin: expected ")
                .withMessageContaining("but it has " + IdxBytes.sha256(bent) + "; remove or replace it");
        put("a/" + CifarArchive.NAME, archive(NAMES.subList(0, 2), CONTENT.subList(0, 2)));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> source(1).load(ProgressListener.none()))
                .withMessage(archive
                        + ": has no cifar-10-batches-bin/test_batch.bin, so it is not CIFAR-10's binary version");
        put("a/" + CifarArchive.NAME, IdxBytes.gzip(new byte[5000]));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> source(1).load(ProgressListener.none()))
                .withMessageStartingWith(archive + ": ");
        Files.delete(archive);
        Path shorter = put("a/" + NAMES.get(0), content(0, 2));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> source(1).load(ProgressListener.none()))
                .withMessageStartingWith(shorter + ": ")
                .withMessageContaining("but it ends after 6146 bytes");
        put("a/" + NAMES.get(0), content(0, 4));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> source(1).load(ProgressListener.none()))
                .withMessageContaining("but it goes on after 9219 bytes");
        put("a/" + NAMES.get(0), CONTENT.get(0));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> source(1).load(ProgressListener.none()))
                .withMessageStartingWith("CIFAR-10: data_batch_2.bin is missing beside the other files");
    }

    @Test
    void offlineItSaysWhatToGetAndWhereToPutIt() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> source(1).load(ProgressListener.none()))
                .withMessageStartingWith("CIFAR-10: cifar-10-binary.tar.gz was not found and could not be downloaded.")
                .withMessageContaining("test_batch.bin  " + IdxBytes.sha256(CONTENT.get(2)))
                .withMessageContaining(root.resolve("b").toString());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> source(5))
                .withMessage("data.validation must be 0 to 4 for cifar-10, was 5");
        assertThat(CifarSource.folders(Path.of("datasets"), Map.of("LIKELIHOOD4J_DATASETS", "x")))
                .containsExactly(Path.of("datasets/cifar-10"), Path.of("x/cifar-10"));
    }
}
