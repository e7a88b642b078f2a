package org.likelihood4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server gives to whom, asked as browsers ask, and by bare sockets as they never would. */
@Timeout(30)
class LiveServerTest {
    private static final String PNG = "a picture";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Source source = new Source();
    private LiveServer server;

    /** A run in memory, which remembers what it was asked for. */
    private static final class Source implements LiveSource {
        private final Map<String, Content> pictures =
                new ConcurrentHashMap<>(Map.of("samples/epoch-0001.png", Content.of(PNG)));
        private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
        private volatile Content data = Content.of("{\"epochs\":1}");
        private volatile RuntimeException failure;

        @Override
        public Content page() {
            return Content.of("<!DOCTYPE html><title>run</title>");
        }

        @Override
        public Content data() throws IOException {
            if (failure != null) {
                throw new IOException("/secret/path: no such file", failure);
            }
            return data;
        }

        @Override
        public Content picture(String name) {
            asked.add(name);
            return pictures.get(name);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = LiveServer.bind(0);
        server.serve(source);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path));
    }

    /** The whole answer to bytes sent as they are. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private String get(String path, String... headers) throws IOException {
        return raw("GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n");
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.split(" ", 3)[1]);
    }

    @Test
    void givesThePageTheDataAndThePicturesAsWhatTheyAre() throws Exception {
        Map<String, String> types = Map.of(
                "", "text/html; charset=utf-8",
                "data.json", "application/json",
                "data.json?any=query", "application/json",
                "samples/epoch-0001.png", "image/png");
        for (Map.Entry<String, String> type : types.entrySet()) {
            HttpResponse<String> answer = send(request(type.getKey()));
            assertThat(answer.statusCode()).as(type.getKey()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue(type.getValue());
        }
        assertThat(send(request("")).body()).startsWith("<!DOCTYPE html>");
        assertThat(send(request("data.json")).body()).isEqualTo("{\"epochs\":1}");
        assertThat(send(request("samples/epoch-0001.png")).body()).isEqualTo(PNG);
    }

    @Test
    void everyAnswerKeepsOtherPagesOut() throws Exception {
        for (String path :
                List.of("", "data.json", "samples/epoch-0001.png", "samples/epoch-0001.png?v=1", "nothing")) {
            var headers = send(request(path)).headers();
            assertThat(headers.firstValue("X-Content-Type-Options")).as(path).hasValue("nosniff");
            assertThat(headers.firstValue("Cross-Origin-Resource-Policy"))
                    .as(path)
                    .hasValue("same-origin");
            assertThat(headers.firstValue("Referrer-Policy")).as(path).hasValue("no-referrer");
            assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                    .as(path)
                    .contains("frame-ancestors 'none'")
                    .matches(policy -> path.isEmpty() || policy.contains("default-src 'none'"));
            assertThat(headers.map()).as(path).doesNotContainKey("access-control-allow-origin");
            // Only a picture of one version stays what it is.
            assertThat(headers.firstValue("Cache-Control"))
                    .as(path)
                    .hasValue(path.endsWith("?v=1") ? "private, max-age=86400, immutable" : "no-store");
        }
    }

    @Test
    void whatABrowserHasAlreadyIsNotSentAgain() throws Exception {
        for (String path : List.of("", "data.json", "samples/epoch-0001.png")) {
            String tag = send(request(path)).headers().firstValue("ETag").orElseThrow();
            for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
                HttpResponse<String> answer = send(request(path).header("If-None-Match", known));
                assertThat(answer.statusCode()).as(path + " " + known).isEqualTo(304);
                assertThat(answer.body()).isEmpty();
            }
            assertThat(send(request(path).header("If-None-Match", "\"other\"")).statusCode())
                    .isEqualTo(200);
        }
        String before = send(request("data.json")).headers().firstValue("ETag").orElseThrow();
        source.data = Content.of("{\"epochs\":2}");
        HttpResponse<String> after = send(request("data.json").header("If-None-Match", before));
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(after.body()).isEqualTo("{\"epochs\":2}");
        assertThat(after.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(before);
    }

    @Test
    void headIsGetWithoutTheBody() throws Exception {
        for (String path : List.of("", "data.json", "samples/epoch-0001.png", "nothing")) {
            HttpResponse<String> get = send(request(path));
            HttpResponse<String> head = send(request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertThat(head.statusCode()).isEqualTo(get.statusCode());
            assertThat(head.body()).isEmpty();
            for (String header : List.of("ETag", "Content-Type", "Content-Length", "Cache-Control")) {
                assertThat(head.headers().firstValue(header))
                        .as(path + " " + header)
                        .isEqualTo(get.headers().firstValue(header));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "LIKELIHOOD"})
    void otherMethodsAreRefused(String method) throws IOException {
        String answer = raw(method + " /data.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Length: 2\r\n\r\n{}");
        assertThat(status(answer)).isEqualTo(405);
        assertThat(answer).contains("Allow: GET, HEAD").doesNotContain("epochs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../config.yaml",
                "/%2e%2e/config.yaml",
                "/samples/../config.yaml",
                "/samples/%2e%2e%2fconfig.yaml",
                "/samples/..%5cconfig.yaml",
                "//etc/passwd",
                "/etc/passwd",
                "/%2fetc/passwd",
                "/C:/windows/win.ini",
                "/config.yaml",
                "/metrics.jsonl",
                "/log.txt",
                "/checkpoints/epoch-0001/weights.safetensors",
                "/samples",
                "/samples/",
                "/samples/epoch-0001.png/",
                "/samples/epoch-0001.png%00",
                "/samples//epoch-0001.png",
                "/./samples/epoch-0001.png",
                "/samples/epoch%2d0001.png",
                "/SAMPLES/EPOCH-0001.PNG",
                "/data.json/",
                "/favicon.ico",
                "/page"
            })
    void nothingButWhatIsListedIsServed(String path) throws IOException {
        String answer = get(path, "Host: localhost");
        assertThat(status(answer)).isEqualTo(404);
        assertThat(answer).endsWith("Not found.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%zz", "/\u00e4", "/<script>", "", "data.json", "http://[", "*"})
    void requestsThatAreNoneAreRefused(String path) throws IOException {
        assertThat(status(get(path, "Host: localhost"))).isBetween(400, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:1",
                "localhost:9000",
                "127.0.0.1",
                "127.0.0.1:8474",
                "[::1]",
                "[::1]:80",
            })
    void servesByTheNamesOfThisMachine(String host) throws IOException {
        assertThat(status(get("/data.json", "Host: " + host))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8474",
                "localhost.evil.example",
                "localhost.",
                "notlocalhost",
                "127.0.0.1.evil.example",
                "127.0.0.1@evil.example",
                "evil.example#localhost",
                "192.168.0.1",
                "0.0.0.0",
                "::1",
                "localhost:80:80",
                "localhost:",
                "localhost:123456",
                ""
            })
    void servesByNoOtherName(String host) throws IOException {
        for (String path : List.of("/", "/data.json", "/samples/epoch-0001.png")) {
            String answer = get(path, "Host: " + host);
            assertThat(status(answer)).isEqualTo(403);
            assertThat(answer).doesNotContain("epochs").doesNotContain(PNG).doesNotContain("DOCTYPE");
        }
    }

    @Test
    void aRequestWithoutANameOrWithTwoIsRefused() throws IOException {
        assertThat(status(raw("GET / HTTP/1.0\r\n\r\n"))).isEqualTo(403);
        assertThat(status(get("/", "Host: localhost", "Host: evil.example"))).isEqualTo(403);
        assertThat(status(get("/", "Host: evil.example", "Host: localhost"))).isEqualTo(403);
        // The name in the header counts, not the one in the request line.
        assertThat(status(get("http://localhost/data.json", "Host: evil.example")))
                .isEqualTo(403);
    }

    @Test
    void listensToThisMachineOnly() throws IOException {
        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(network.getInetAddresses())) {
                if (!address.isLoopbackAddress() && network.isUp()) {
                    try (Socket socket = new Socket()) {
                        assertThatExceptionOfType(ConnectException.class)
                                .as(address.toString())
                                .isThrownBy(() -> socket.connect(new InetSocketAddress(address, server.port()), 2000));
                    }
                }
            }
        }
        assertThat(server.address()).isEqualTo("http://127.0.0.1:" + server.port() + "/");
    }

    @Test
    void aPictureThatIsGoneIsNotFoundAndANewOneIsThere() throws Exception {
        source.pictures.remove("samples/epoch-0001.png");
        source.pictures.put("samples/epoch-0002.png", Content.of("another"));
        assertThat(send(request("samples/epoch-0001.png")).statusCode()).isEqualTo(404);
        assertThat(send(request("samples/epoch-0002.png")).body()).isEqualTo("another");
        assertThat(source.asked).containsExactly("samples/epoch-0001.png", "samples/epoch-0002.png");
    }

    @Test
    void aRunThatCannotBeReadIsSaidSoWithoutDetailsAndServedAgainLater() throws Exception {
        source.failure = new IllegalStateException("secret");
        HttpResponse<String> answer = send(request("data.json"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("The run cannot be read now.\n");
        assertThat(send(request("")).statusCode()).isEqualTo(200);
        source.failure = null;
        assertThat(send(request("data.json")).statusCode()).isEqualTo(200);
    }

    @Test
    void whoConnectsAndSaysNothingKeepsNobodyElseWaiting() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
            }
            assertThat(send(request("data.json").timeout(Duration.ofSeconds(5))).statusCode())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aPortThatIsTakenIsToldInOneLine() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> LiveServer.bind(server.port()))
                .withMessage("port " + server.port()
                        + " is in use by another program: choose another with --port, or 0 for any free one");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aPortThatIsNoneIsToldInOneLine(int port) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> LiveServer.bind(port))
                .withMessage("--port " + port + ": expected a port between 1 and 65535, or 0 for any free one");
    }

    @Test
    void aStoppedServerAnswersNobodyAndLeavesItsPort() throws Exception {
        int port = server.port();
        server.close();
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port));
        try (LiveServer next = LiveServer.bind(port)) {
            next.serve(source);
            assertThat(status(get("/data.json", "Host: localhost"))).isEqualTo(200);
        }
    }

    @Test
    void anOpenPageStillGetsTheEnd() throws Exception {
        long start = System.nanoTime();
        server.closeAfterFarewell();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("nobody watches")
                .isLessThan(Duration.ofSeconds(1));

        start();
        assertThat(send(request("data.json")).body()).isEqualTo("{\"epochs\":1}");
        source.data = Content.of("the end");
        Thread ending = new Thread(server::closeAfterFarewell);
        ending.start();
        Thread.sleep(1500);
        assertThat(send(request("data.json")).body()).isEqualTo("the end");
        ending.join(5000);
        assertThat(ending.isAlive()).isFalse();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> send(request("data.json")));
    }
}
