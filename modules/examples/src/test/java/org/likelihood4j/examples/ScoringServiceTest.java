package org.likelihood4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.export.ModelExport;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.training.Trainer;

class ScoringServiceTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private Path export(String name, Path target) {
        RunConfig config = ConfigLoader.parse("""
                data: {type: toy, train: 200, validation: 50, test: 50}
                model: {type: realnvp, couplings: 2, conditioner: {hidden: [8]}}
                training: {epochs: 1, batchSize: 50, imagesEvery: 1000}
                name:\s""" + name, "x.yaml", List.of());
        Splits data = DataSources.source(config.data(), Path.of("none")).load(ProgressListener.none());
        RunDirectory run = RunDirectory.create(folder.resolve("runs"), config);
        new Trainer(config, data, run, EnvironmentProvenance.gather(data, "toy", config), List.of()).run();
        ModelExport.write(run, "last", target);
        return target;
    }

    private static HttpResponse<String> ask(ScoringService service, String path, String body) throws Exception {
        URI uri = URI.create("http://localhost:" + service.port() + path);
        return CLIENT.send(
                HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void rowsAreScoredAndANewerModelTakesOver() throws Exception {
        Path exports = Files.createDirectory(folder.resolve("exports"));
        assertThatExceptionOfType(ExportException.class).isThrownBy(() -> new ScoringService(exports, 0).close());
        Scorer scorer = Scorer.open(export("first", exports.resolve("2024-01-01")));
        String header =
                scorer.columns().get(0).name() + "," + scorer.columns().get(1).name() + "\n";
        try (ScoringService service = new ScoringService(exports, 0)) {
            assertThat(ask(service, "/score", header + "0.5,-1\n2,3\n").body().lines())
                    .containsExactly(Double.toString(scorer.logProb(0.5, -1)), Double.toString(scorer.logProb(2, 3)));
            HttpResponse<String> refused = ask(service, "/score", header + "0.5,many\n");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .isEqualTo("rows, line 2: column '"
                            + scorer.columns().get(1).name() + "': expected a number, was 'many'\n");
            assertThat(ask(service, "/metrics", "").body()).isEqualTo("rows_total 2\nrefused_total 1\n");
            Files.createDirectory(exports.resolve("2024-01-02"));
            export("second", exports.resolve("2024-01-03"));
            long until = System.nanoTime() + 60_000_000_000L;
            while (!ask(service, "/health", "").body().equals("ok second\n")) {
                assertThat(System.nanoTime()).as("it never took over").isLessThan(until);
                Thread.sleep(50);
            }
        }
    }
}
