package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The lines of docs/export.md for a browser, as they stand there, run by onnxruntime-web, say what {@code score} says. */
class OnnxInBrowserTest {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private static final URI PACKAGE =
            URI.create("https://registry.npmjs.org/onnxruntime-web/-/onnxruntime-web-1.30.0.tgz");
    private static final String SHA_256 = "d2228df7e4616bc3348bf504ee888f3bec43789a273f0a63f3e68d203ce3bf71";
    private static final Path DOWNLOADED = Path.of("target", "onnxruntime-web-1.30.0.tgz");

    /** Where the lines look for it. */
    private static final String IN_PAGES = "/node_modules/onnxruntime-web/";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html; charset=utf-8", "mjs", "text/javascript", "wasm", "application/wasm");

    @TempDir
    private Path folder;

    @Test
    void theLinesOfThePageComputeWhatScoreSays() throws Exception {
        byte[] runtime = runtime();
        assumeTrue(runtime.length > 0, "onnxruntime-web could not be fetched");
        run(
                "train",
                "../../configs/toy-2d.yaml",
                "--set",
                "data.train=400",
                "--set",
                "training.epochs=1",
                "--set",
                "model.couplings=2",
                "--set",
                "model.conditioner.hidden=[8]",
                "--set",
                "training.imagesEvery=9",
                "--name",
                "toy",
                "--runs",
                folder.toString());
        String run = folder.resolve("toy").toString();
        run("export", run, "--onnx", "--output", folder.resolve("export").toString());
        Path rows = Files.writeString(folder.resolve("rows.csv"), "x,y\n0.3,-1.2\n1.0,0.4\n");
        Path scores = folder.resolve("scores.csv");
        run("score", run, "--input", rows.toString(), "--output", scores.toString());

        Map<String, byte[]> files = new ConcurrentHashMap<>();
        unpack(runtime, files);
        files.put("/export/onnx/log_weight.onnx", Files.readAllBytes(folder.resolve("export/onnx/log_weight.onnx")));
        files.put("/page.html", lines().getBytes(StandardCharsets.UTF_8));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, files));
        server.start();
        try {
            BROWSER.open("http://127.0.0.1:" + server.getAddress().getPort() + "/page.html");
            BROWSER.until("numbers", PATIENCE, () -> BROWSER.is("document.body.querySelector('script') === null"));
            double[] shown = Arrays.stream(
                            BROWSER.text("document.body.textContent").split(",", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            List<String> written = Files.readAllLines(scores);
            int column = List.of(written.get(0).split(",", -1)).indexOf("log_likelihood");
            double[] expected = written.stream()
                    .skip(1)
                    .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[column]))
                    .toArray();
            assertThat(shown).hasSize(2).containsExactly(expected, within(1e-4));
        } finally {
            server.stop(0);
        }
    }

    private static void run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = Commands.run(new PrintStream(out, true, StandardCharsets.UTF_8), arguments);
        assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    }

    /** Of the documentation. */
    private static String lines() throws IOException {
        String page = Files.readString(Path.of("../../docs/export.md"));
        int from = page.indexOf("```html\n") + "```html\n".length();
        return "<!doctype html><meta charset=utf-8><link rel=icon href=data:,><body></body>\n"
                + page.substring(from, page.indexOf("```", from));
    }

    /** The package, fetched once; empty where there is no way to it. */
    private static byte[] runtime() throws Exception {
        if (Files.exists(DOWNLOADED)) {
            return Files.readAllBytes(DOWNLOADED);
        }
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpResponse<byte[]> response;
        try {
            response = client.send(
                    HttpRequest.newBuilder(PACKAGE).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            return new byte[0];
        }
        if (response.statusCode() != 200) {
            return new byte[0];
        }
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(response.body());
        assertThat(HexFormat.of().formatHex(sum)).as("of " + PACKAGE).isEqualTo(SHA_256);
        Path part = Files.write(Files.createTempFile(Path.of("target"), "onnxruntime-web", ".part"), response.body());
        Files.move(part, DOWNLOADED, StandardCopyOption.ATOMIC_MOVE);
        return response.body();
    }

    /** What of the package the page needs. */
    private static void unpack(byte[] runtime, Map<String, byte[]> files) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(runtime)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName();
                if (name.startsWith("package/dist/ort-wasm-simd-threaded.")
                        || name.endsWith("/ort.wasm.bundle.min.mjs")) {
                    files.put(IN_PAGES + name.substring("package/".length()), tar.readAllBytes());
                }
            }
        }
    }

    private static void answer(HttpExchange exchange, Map<String, byte[]> files) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] content = files.get(path);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream"));
            exchange.sendResponseHeaders(200, content.length);
            new ByteArrayInputStream(content).transferTo(exchange.getResponseBody());
        }
        exchange.close();
    }
}
