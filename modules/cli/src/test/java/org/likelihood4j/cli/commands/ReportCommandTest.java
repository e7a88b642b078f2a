package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole runs of both models, and what their pages hold. */
class ReportCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private static Path folder;

    private static Path vae;
    private static Path flow;

    @BeforeAll
    static void train() throws IOException {
        vae = Program.train(folder, Program.VAE);
        flow = Program.train(folder, Program.FLOW);
    }

    private static JsonNode data(Path page) throws IOException {
        Matcher data = Pattern.compile("id=\"report-data\">(.*?)</script>", Pattern.DOTALL)
                .matcher(Files.readString(page));
        assertThat(data.find()).isTrue();
        return JSON.readTree(data.group(1)).path("runs");
    }

    /** Values of the lines of an event, by their place in the line. */
    private static List<Double> metrics(Path run, String event, String pointer) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(JSON::readTree)
                .filter(line -> line.path("event").asString().equals(event))
                .map(line -> line.at(pointer).asDouble())
                .toList();
    }

    private static List<Double> column(JsonNode run, String table, String column) {
        return run.path("tables")
                .path(table)
                .path("columns")
                .path(column)
                .valueStream()
                .map(JsonNode::asDouble)
                .toList();
    }

    @Test
    void aTrainingLeavesAPageOfItsMetrics() throws IOException {
        JsonNode run = data(vae.resolve("report.html")).get(0);
        assertThat(run.path("progress").path("end").asString()).isEqualTo("completed");
        assertThat(column(run, "validation", "loss")).hasSize(2).isEqualTo(metrics(vae, "epoch", "/validation/loss"));
        assertThat(column(run, "steps", "loss")).hasSize(4).isEqualTo(metrics(vae, "step", "/loss"));
        assertThat(column(run, "kl", "z")).isEqualTo(metrics(vae, "epoch", "/kl/z"));
        assertThat(column(run, "blocks/encoder", "gradient_norm"))
                .isEqualTo(metrics(vae, "step", "/blocks/0/gradient_norm"));
        assertThat(column(run, "gradients/loss/sigma", "path"))
                .isEqualTo(metrics(vae, "epoch", "/gradients/loss/path/sigma/variance"));
        assertThat(run.path("latents").path("kl").get(1).get(2).asDouble())
                .isEqualTo(metrics(vae, "epoch", "/latents/kl_analytic/2").get(1));
        assertThat(run.path("pictures").path("samples").size()).isEqualTo(2);
    }

    @Test
    void anEvaluationBecomesTheHeadline() throws IOException {
        Program.run("evaluate", flow).succeeded();
        assertThat(Program.run("report", flow).succeeded().out())
                .containsExactly("wrote " + flow.resolve("report.html"));
        JsonNode evaluation = JSON.readTree(Files.readString(flow.resolve("evaluation-test.json")));
        JsonNode run = data(flow.resolve("report.html")).get(0);
        assertThat(run.path("headline").path("value")).isEqualTo(evaluation.at("/quantities/0/mean"));
        assertThat(run.path("headline").path("error")).isEqualTo(evaluation.at("/quantities/0/standardError"));
        assertThat(run.path("headline").path("unit").asString()).isEqualTo("bits/dim");
        // No validation images: of the training's means.
        assertThat(run.path("tables").has("bits")).isFalse();
        assertThat(column(run, "bits/training", "total").get(1))
                .isEqualTo(metrics(flow, "epoch", "/training/loss").get(1) / (784 * Math.log(2)));
        assertThat(column(run, "blocks/coupling1", "g_saturated"))
                .isEqualTo(metrics(flow, "step", "/blocks/1/log_scale/saturated"));
    }

    @Test
    void severalRunsShareAPageBesideTheFirst() throws IOException {
        Path page = vae.resolveSibling("report.html");
        assertThat(Program.run("report", vae, flow).succeeded().out()).containsExactly("wrote " + page);
        assertThat(data(page).size()).isEqualTo(2);
        assertThat(data(page).get(1).path("model").asString()).isEqualTo("realnvp");
        Program.run("report", flow, "--output", folder.resolve("own.html")).succeeded();
        assertThat(data(folder.resolve("own.html")).size()).isEqualTo(1);
    }
}
