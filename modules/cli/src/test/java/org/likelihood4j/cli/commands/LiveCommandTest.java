package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Captured;
import org.likelihood4j.cli.Main;
import org.likelihood4j.cli.Program;

/** {@code live RUN}, and {@code --live} of the commands that train. */
@Timeout(120)
class LiveCommandTest {
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private Path config() throws IOException {
        return Files.writeString(folder.resolve("c.yaml"), Program.VAE);
    }

    @Test
    void aTrainingIsShownWhileItLastsAndToItsEnd() throws Exception {
        Captured captured = new Captured(false);
        String[] arguments = {
            "train",
            config().toString(),
            "--live",
            "--port",
            "0",
            "--runs",
            folder.resolve("runs").toString()
        };
        CompletableFuture<Integer> training =
                CompletableFuture.supplyAsync(() -> Main.run(captured.console(), arguments));
        Matcher address = ADDRESS.matcher("");
        while (!address.reset(captured.out()).find()) {
            assertThat(training.isDone()).as(captured.errLines().toString()).isFalse();
            Thread.sleep(5);
        }
        assertThat(captured.out()).contains("live at " + address.group() + "\n");
        assertThat(get(address.group()).body()).startsWith("<!doctype html>").contains("tiny-vae");
        // As an open page does: it asks again and again, and sees the end.
        String last = "";
        while (!last.contains("\"end\":\"completed\"")) {
            last = get(address.group() + "data.json").body();
            Thread.sleep(20);
        }
        assertThat(get(address.group() + "pictures/samples/epoch-2.png").statusCode())
                .isEqualTo(200);
        assertThat(training.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(captured.errLines()).isEmpty();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get(address.group()));

        Program.Result resumed = Program.run("resume", folder.resolve("runs/tiny-vae"), "--live", "--port", "0")
                .succeeded();
        assertThat(resumed.text()).containsPattern("live at " + ADDRESS.pattern());
    }

    @Test
    void aPortThatIsTakenIsToldBeforeAnythingIsMade() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Program.Result result = Program.run(
                    "train", config(), "--live", "--port", other.getLocalPort(), "--runs", folder.resolve("runs"));
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err())
                    .containsExactly("error: port " + other.getLocalPort()
                            + " is in use by another program: choose another with --port, or 0 for any free one");
            assertThat(folder.resolve("runs")).doesNotExist();
        }
    }

    @Test
    void mistakesAreToldInOneLine() throws IOException {
        Program.Result none = Program.run("live", folder.resolve("none"));
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).hasSize(1).first().asString().contains("no such run directory");
        Program.Result port = Program.run("train", config(), "--live", "--port", "65536");
        assertThat(port.exit()).isEqualTo(1);
        assertThat(port.err())
                .containsExactly("error: --port 65536: expected a port between 1 and 65535, or 0 for any free one");
        Program.Result alone = Program.run("train", config(), "--port", "0");
        assertThat(alone.exit()).isEqualTo(2);
        assertThat(alone.err().get(0)).startsWith("error: ").contains("--live");
        Program.Result word = Program.run("live", folder, "--port", "http");
        assertThat(word.exit()).isEqualTo(2);
        assertThat(word.err().get(0)).contains("--port").contains("http");
    }

    /** A whole process: it serves until it is asked to end, and then ends as any program does. */
    @Test
    void aRunIsShownUntilTheProcessIsAskedToEnd() throws Exception {
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.writeString(run.resolve("config.yaml"), Program.VAE);
        File out = folder.resolve("out.txt").toFile();
        File err = folder.resolve("err.txt").toFile();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "live",
                        run.toString(),
                        "--port",
                        "0")
                .redirectOutput(out)
                .redirectError(err);
        // Of which the JVM says on standard error that it has picked it up.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        try {
            Matcher address = ADDRESS.matcher("");
            while (!address.reset(Files.readString(out.toPath())).find()) {
                assertThat(process.isAlive()).as(Files.readString(err.toPath())).isTrue();
                Thread.sleep(20);
            }
            assertThat(get(address.group() + "data.json").body()).contains("\"vae\"");
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readAllLines(out.toPath()))
                    .containsExactly(run + " is at " + address.group() + " until Ctrl-C");
        } finally {
            process.destroyForcibly();
        }
        // 128 + SIGTERM, as 130 is that of Ctrl-C.
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Files.readString(err.toPath())).isEmpty();
    }
}
