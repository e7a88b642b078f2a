package outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.score.Scorer;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** With the export that outside/train has made, in the folder of -Dtrained. */
class ScoringApplicationTest {
    private static final Path EXPORT = Path.of(System.getProperty("trained"), "exports", "1");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path exports;

    private static HttpResponse<String> ask(ConfigurableApplicationContext context, String path, String body)
            throws Exception {
        String port = context.getEnvironment().getProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Content-Type", "application/json");
        return CLIENT.send(
                (body == null ? request : request.POST(BodyPublishers.ofString(body))).build(),
                BodyHandlers.ofString());
    }

    private void export(String name, String run) throws Exception {
        Path folder = Files.createDirectory(exports.resolve(name));
        for (String file : List.of("weights.safetensors", "program.json")) {
            Files.copy(EXPORT.resolve(file), folder.resolve(file));
        }
        // What is edited has not the sums that it was written with: an export may have none.
        String model = Files.readString(EXPORT.resolve("model.json"))
                .replaceFirst("\"sha256\"\\s*:\\s*\\{[^}]*}", "\"edited\": true");
        assertThat(model).contains("\"outside\"");
        Files.writeString(folder.resolve("model.json"), model.replace("\"outside\"", "\"" + run + "\""));
    }

    @Test
    void rowsAreScoredAndANewerExportTakesOver() throws Exception {
        Scorer scorer = Scorer.open(EXPORT);
        export("1", "older");
        try (ConfigurableApplicationContext context = SpringApplication.run(
                ScoringApplication.class, "--exports=" + exports, "--exports.refresh=50", "--server.port=0")) {
            assertThat(ask(context, "/score", "[{\"x\": 0.5, \"y\": \"-1\"}, {\"y\": 2, \"x\": 1e1}]")
                            .body())
                    .isEqualTo("[{\"logLikelihood\":" + scorer.logProb(0.5, -1)
                            + ",\"pValue\":null,\"alarm\":null},{\"logLikelihood\":" + scorer.logProb(10, 2)
                            + ",\"pValue\":null,\"alarm\":null}]");
            HttpResponse<String> refused = ask(context, "/score", "[{\"x\": 0.5, \"y\": \"many\"}]");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).isEqualTo("{\"error\":\"column 'y': expected a number, was 'many'\"}");
            assertThat(ask(context, "/model", null).body()).contains("older");
            // Not there as a whole yet: nothing changes.
            Files.createDirectory(exports.resolve("2"));
            export("3", "newer");
            long until = System.nanoTime() + 60_000_000_000L;
            while (!ask(context, "/model", null).body().contains("newer")) {
                assertThat(System.nanoTime()).as("it never took over").isLessThan(until);
                Thread.sleep(20);
            }
        }
    }
}
