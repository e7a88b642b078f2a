package org.likelihood4j.data.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.formats.IdxBytes;

@Timeout(30)
class MnistSourceTest {
    private static final List<byte[]> CONTENT =
            List.of(IdxBytes.images(1, 8), IdxBytes.labels(8), IdxBytes.images(2, 3), IdxBytes.labels(3));
    private static final List<MnistFile> FILES = fakes();

    @TempDir
    Path root;

    private HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/good/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            int which = names().indexOf(exchange.getRequestURI().getPath().substring("/good/".length()));
            answer(exchange, IdxBytes.gzip(CONTENT.get(which)));
        });
        server.createContext("/other/", exchange -> answer(exchange, IdxBytes.gzip(IdxBytes.images(77, 8))));
        server.createContext("/page/", exchange -> answer(exchange, new byte[] {'<', 'h', 't', 'm', 'l', '>'}));
        server.createContext("/huge/", exchange -> answer(exchange, new byte[200_000]));
        server.createContext("/stall/", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush(); // and then nothing more
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        ((ExecutorService) server.getExecutor()).shutdownNow();
    }

    @Test
    void looksInTheDefaultFoldersInOrder() {
        Path datasets = root.resolve("datasets");
        String variable = root.resolve("a") + File.pathSeparator + File.pathSeparator + root.resolve("b");
        assertThat(MnistSource.mnistFolders(datasets, Map.of("LIKELIHOOD4J_DATASETS", variable), root.resolve("me")))
                .containsExactly(
                        datasets.resolve("mnist"),
                        root.resolve("a/mnist"),
                        root.resolve("a"),
                        root.resolve("b/mnist"),
                        root.resolve("b"),
                        root.resolve("me/.deeplearning4j/data/MNIST"));
        assertThat(MnistSource.mnistFolders(datasets, Map.of(), root)).hasSize(2);
    }

    @Test
    void readsEveryWayOfNamingAndTakesTheLastTrainingImagesForValidation() throws IOException {
        put("a", "train-images-idx3-ubyte", CONTENT.get(0));
        put("a", "train-labels.idx1-ubyte.gz", IdxBytes.gzip(CONTENT.get(1)));
        put("b", "t10k-images.idx3-ubyte", CONTENT.get(2));
        put("b", "t10k-labels-idx1-ubyte.gz", CONTENT.get(3)); // named .gz, but unpacked
        Splits splits = source(2).load(ProgressListener.none());
        assertThat(splits.train().size()).isEqualTo(6);
        assertThat(splits.validation().size()).isEqualTo(2);
        assertThat(splits.validation().label(0)).isEqualTo(6);
        assertThat(splits.test().size()).isEqualTo(3);
        assertThat(splits.train().shape()).isEqualTo(new ImageShape(1, 28, 28));
        assertThat(splits.train().values(0)[0]).isEqualTo(1);
        assertThat(splits.test().values(0)[5]).isEqualTo(7);
        assertThat(asked).isEmpty();
    }

    @Test
    void theFirstFolderCounts() throws IOException {
        putAll("b");
        Path wrong = put("a", names().get(0), IdxBytes.gzip(IdxBytes.images(99, 8)));
        assertThatThrownBy(() -> source(0, "good").load(ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(wrong + ": ")
                .hasMessageContaining(FILES.get(0).checksum().hex())
                .hasMessageContaining(IdxBytes.sha256(IdxBytes.images(99, 8)));
        assertThat(wrong).exists();
        assertThat(asked).isEmpty();
        Files.delete(wrong);
        assertThat(source(0).load(ProgressListener.none()).train().size()).isEqualTo(8);
    }

    @Test
    void downloadsWhatIsMissingOnceIntoTheFirstFolder() throws IOException {
        put("b", names().get(1), IdxBytes.gzip(CONTENT.get(1)));
        List<String> progress = new ArrayList<>();
        Splits first = source(0, "good").load((what, done, total) -> {
            assertThat(done).isLessThanOrEqualTo(total);
            progress.add(what);
        });
        assertThat(progress).contains("downloading train-images-idx3-ubyte.gz", "reading train-images");
        assertThat(asked).hasSize(3);
        assertThat(list("a")).containsExactlyInAnyOrder(names().get(0), names().get(2), names().get(3));
        assertThat(Files.readAllBytes(root.resolve("a").resolve(names().get(0))))
                .isEqualTo(IdxBytes.gzip(CONTENT.get(0)));
        Splits second = source(0, "good").load(ProgressListener.none());
        assertThat(asked).hasSize(3);
        assertThat(second.train().sha256()).isEqualTo(first.train().sha256());
    }

    @Test
    void triesTheNextMirrorWhenOneFails() throws IOException {
        Splits splits = source(0, "absent", "page", "other", "huge", "good").load(ProgressListener.none());
        assertThat(splits.train().size()).isEqualTo(8);
        assertThat(list("a")).containsExactlyInAnyOrderElementsOf(names()); // no temporary file left
    }

    @Test
    void offlineItSaysWhatToGetAndWhereToPutIt() throws IOException {
        assertThatThrownBy(() -> source(0, "absent", "other", "huge", "stall").load(ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("MNIST: train-images-idx3-ubyte.gz was not found and could not be downloaded.")
                .hasMessageContaining("/absent/train-images-idx3-ubyte.gz: java.io.IOException: HTTP status 404")
                .hasMessageContaining("gave something else than this file")
                .hasMessageContaining("more than the 100000 allowed")
                .hasMessageContaining("nothing came for 2.0 s")
                .hasMessageContaining(root.resolve("a").toString())
                .hasMessageContaining(root.resolve("b").toString())
                .satisfies(e -> FILES.forEach(file -> assertThat(e)
                        .hasMessageContaining(
                                file.downloadName() + "  " + file.checksum().hex())));
        assertThat(list("a")).isEmpty();
        server.stop(0);
        assertThatThrownBy(() -> source(0, "good").load(ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("ConnectException");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNotBlamedOnTheMirrors() throws IOException {
        Files.writeString(root.resolve("a"), "a file where the folder should be");
        assertThatThrownBy(() -> source(0, "good", "absent").load(ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(root.resolve("a").resolve(names().get(0)) + ": cannot be written");
        assertThat(asked).isEmpty();
    }

    @Test
    void refusesWhatDoesNotFitTogether() throws IOException {
        assertThatThrownBy(() -> MnistSource.mnist(List.of(), 0)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> MnistSource.mnist(List.of(root), 60_000))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("0 to 59999");
        putAll("a");
        assertThatThrownBy(() -> source(8).load(ProgressListener.none())).isInstanceOf(DataException.class);
        List<MnistFile> crossed = List.of(FILES.get(0), FILES.get(3), FILES.get(2), FILES.get(1));
        MnistSource source = new MnistSource(set(crossed, List.of()), List.of(root.resolve("a")), 0, download());
        assertThatThrownBy(() -> source.load(ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("8 images");
    }

    @Test
    void fashionIsCheckedByTheMd5OfItsGzippedFiles() throws Exception {
        List<MnistFile> files = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            byte[] packed = IdxBytes.gzip(CONTENT.get(i));
            String md5 =
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(packed));
            MnistFile real = MnistSet.FASHION.files().get(i);
            files.add(new MnistFile(real.title(), real.stem(), real.dimensions(), new PublishedChecksum.Packed(md5)));
        }
        MnistSet fakes = new MnistSet("fashion-mnist", "Fashion-MNIST", files, List.of());
        MnistSource source = new MnistSource(fakes, List.of(root.resolve("a")), 3, download());
        putAll("a");
        Splits splits = source.load(ProgressListener.none());
        assertThat(List.of(
                        splits.train().size(),
                        splits.validation().size(),
                        splits.test().size()))
                .containsExactly(5, 3, 3);

        // The same content, packed otherwise: its checksum cannot be the publisher's.
        Path other = put("a", names().get(2), CONTENT.get(2));
        assertThatThrownBy(() -> source.load(ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(other + ": is not Fashion-MNIST's t10k-images file: expected ")
                .hasMessageContaining("(MD5 of the gzipped file)");
        Files.delete(other);
        put("a", "t10k-images-idx3-ubyte", CONTENT.get(2));
        assertThatThrownBy(() -> source.load(ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("Fashion-MNIST: t10k-images-idx3-ubyte.gz was not found")
                .hasMessageContaining("(gzipped as named; MD5 of the gzipped file)");
    }

    @Test
    void fashionIsNotLookedForWhereMnistIs() {
        Path datasets = root.resolve("datasets");
        assertThat(MnistSource.fashionFolders(
                        datasets,
                        Map.of("LIKELIHOOD4J_DATASETS", root.resolve("a").toString())))
                .containsExactly(datasets.resolve("fashion-mnist"), root.resolve("a/fashion-mnist"));
    }

    @Test
    void readsTheRealFiles() {
        Map<String, String> environment = System.getenv();
        List<Path> folders = MnistSource.mnistFolders(root, environment, root);
        assumeTrue(
                environment.containsKey(PublishedFinder.FOLDERS_VARIABLE)
                        && MnistSet.MNIST.files().stream()
                                .allMatch(file -> folders.stream()
                                        .anyMatch(folder -> file.names().stream()
                                                .anyMatch(name -> Files.exists(folder.resolve(name))))),
                "LIKELIHOOD4J_DATASETS has no MNIST");
        Splits splits = MnistSource.mnist(folders, 5000).load(ProgressListener.none());
        assertThat(splits.train().size()).isEqualTo(55_000);
        assertThat(splits.validation().size()).isEqualTo(5000);
        assertThat(splits.test().size()).isEqualTo(10_000);
        assertThat(splits.train().shape()).isEqualTo(new ImageShape(1, 28, 28));
        assertThat(splits.train().label(0)).isEqualTo(5);
        assertThat(splits.test().label(0)).isEqualTo(7);
    }

    private MnistSource source(int validation, String... mirrors) {
        List<URI> addresses = Stream.of(mirrors)
                .map(name -> URI.create("http://" + server.getAddress().getHostString() + ":"
                        + server.getAddress().getPort() + "/" + name + "/"))
                .toList();
        return new MnistSource(
                set(FILES, addresses), List.of(root.resolve("a"), root.resolve("b")), validation, download());
    }

    private static MnistSet set(List<MnistFile> files, List<URI> mirrors) {
        return new MnistSet("mnist", "MNIST", files, mirrors);
    }

    private static Download download() {
        return new Download(Duration.ofSeconds(2), 100_000);
    }

    private void putAll(String folder) throws IOException {
        for (int i = 0; i < 4; i++) {
            put(folder, names().get(i), IdxBytes.gzip(CONTENT.get(i)));
        }
    }

    private Path put(String folder, String name, byte[] content) throws IOException {
        return Files.write(Files.createDirectories(root.resolve(folder)).resolve(name), content);
    }

    private List<String> list(String folder) throws IOException {
        try (Stream<Path> paths = Files.list(root.resolve(folder))) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static List<String> names() {
        return FILES.stream().map(MnistFile::downloadName).toList();
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static List<MnistFile> fakes() {
        List<MnistFile> files = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            MnistFile real = MnistSet.MNIST.files().get(i);
            PublishedChecksum checksum = new PublishedChecksum.Content(IdxBytes.sha256(CONTENT.get(i)));
            files.add(new MnistFile(real.title(), real.stem(), real.dimensions(), checksum));
        }
        return files;
    }
}
