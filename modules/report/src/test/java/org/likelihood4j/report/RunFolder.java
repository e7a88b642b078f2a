package org.likelihood4j.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run's folder with what a test wants in it, and the page that comes of it. */
public record RunFolder(Path path) {
    static final String CONFIG = "name: made\nmodel: {type: vae, latent: 2}\ntraining: {epochs: 3}\n";
    static final String START =
            "{\"event\":\"start\",\"steps_per_epoch\":10,\"parameters\":7,\"provenance\":{\"data\":\"digits\"}}";
    static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    static RunFolder make(Path path, String... lines) throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("config.yaml"), CONFIG);
        RunFolder run = new RunFolder(path);
        run.metrics(lines);
        return run;
    }

    void metrics(String... lines) throws IOException {
        Files.writeString(path.resolve("metrics.jsonl"), lines.length == 0 ? "" : String.join("\n", lines) + "\n");
    }

    void picture(String kind, String name, byte[] bytes) throws IOException {
        Files.createDirectories(path.resolve(kind));
        Files.write(path.resolve(kind).resolve(name), bytes);
    }

    ReportData data() {
        return ReportData.read(java.util.List.of(path));
    }

    RunReport report() {
        return data().runs().get(0);
    }

    JsonNode json() {
        return json(ReportJson.write(data(), PageMode.STATIC)).path("runs").get(0);
    }

    static JsonNode json(String text) {
        return JsonMapper.builder().build().readTree(text);
    }
}
