package org.likelihood4j.runs.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.io.JsonLeaves;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.TinyRun;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;

/** Tables of metrics, read back by another library. */
class MetricsTableTest {
    @TempDir
    private Path folder;

    private final StringBuilder written = new StringBuilder();

    private RunDirectory run(String... lines) throws IOException {
        RunDirectory run = new RunDirectory(folder);
        Files.writeString(run.metrics(), String.join("\n", lines));
        return run;
    }

    private List<Map<String, String>> table(RunDirectory run, String event) {
        try {
            written.setLength(0);
            MetricsTable.of(run, event).write(written);
            return parsed(written.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Map<String, String>> parsed(String csv) {
        return new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .<Map<String, String>>readValues(csv)
                .readAll();
    }

    @Test
    void everyNumberOfARunIsInItsCell() {
        RunDirectory run = TinyRun.train(folder, TinyRun.config(TinyRun.FLOW, "training.logEvery=3"));
        for (String event : List.of("step", "epoch")) {
            List<Map<String, String>> rows = table(run, event);
            List<JsonNode> lines = TinyRun.lines(run, event);
            assertThat(rows).hasSameSizeAs(lines);
            for (int i = 0; i < lines.size(); i++) {
                Map<String, String> row = rows.get(i);
                JsonLeaves.of(lines.get(i)).forEach((path, value) -> {
                    if (value.isNumber()) {
                        assertThat(Double.parseDouble(row.get(path))).as(path).isEqualTo(value.doubleValue());
                    }
                });
            }
        }
        JsonNode block = TinyRun.lines(run, "step").get(1).get("blocks").get(0);
        assertThat(table(run, "step").get(1))
                .containsEntry(
                        "blocks." + block.get("name").stringValue() + ".log_scale.rms",
                        block.get("log_scale").get("rms").toString());
    }

    @Test
    void columnsAreThoseOfAllLines() throws IOException {
        RunDirectory run = run(
                "{\"event\":\"start\",\"parameters\":3}",
                "{\"event\":\"epoch\",\"epoch\":1,\"kl\":{\"z\":0.5},\"best\":true}",
                "{\"event\":\"step\",\"step\":9}",
                "{\"event\":\"epoch\",\"epoch\":2,\"latents\":{\"kl\":[1.5,\"NaN\"]},\"warnings\":[\"a, \\\"b\\\"\",\"c\"]}",
                "{\"event\":\"epoch\",\"epoch\":3,\"kl\":{\"z\":null}}",
                "");
        table(run, "epoch");
        assertThat(written)
                .hasToString("epoch,kl.z,best,latents.kl.0,latents.kl.1,warnings.0,warnings.1\r\n"
                        + "1,0.5,true,,,,\r\n"
                        + "2,,,1.5,NaN,\"a, \"\"b\"\"\",c\r\n"
                        + "3,,,,,,\r\n");
        assertThat(table(run, "epoch").get(1)).containsEntry("warnings.0", "a, \"b\"");
        assertThat(table(run, "step")).containsExactly(Map.of("step", "9"));
    }

    @Test
    void damagedAndUnfinishedLinesAreLeftOut() throws IOException {
        RunDirectory run = run(
                "{\"event\":\"step\",\"step\":1}",
                "{\"event\":\"st",
                "\u0000\u0000",
                "{\"event\":\"step\",\"step\":2}",
                "{\"event\":\"step\",\"step\":3}");
        MetricsTable table = MetricsTable.of(run, "step");
        assertThat(table.damaged()).isEqualTo(2);
        assertThat(table(run, "step")).extracting(row -> row.get("step")).containsExactly("1", "2");
    }

    @Test
    void whatComesWhileItIsReadWaitsForTheNextTable() throws IOException {
        RunDirectory run = run("{\"event\":\"step\",\"step\":1}\n");
        MetricsTable table = MetricsTable.of(run, "step");
        Files.writeString(run.metrics(), "{\"event\":\"step\",\"step\":2,\"new\":3}\n", StandardOpenOption.APPEND);
        StringBuilder out = new StringBuilder();
        table.write(out);
        assertThat(out).hasToString("step\r\n1\r\n");
        assertThat(table(run, "step")).hasSize(2);
    }

    @Test
    void anotherFileInItsPlaceIsTold() throws IOException {
        RunDirectory run = run("{\"event\":\"step\",\"step\":1}\n");
        MetricsTable table = MetricsTable.of(run, "step");
        run("{\"event\":\"step\",\"other\":1}\n");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> table.write(new StringBuilder()))
                .withMessage(run.metrics() + ": was replaced while it was read; try again");
    }

    @Test
    void aStrangersTextIsOneLineWithoutEscapes() throws IOException {
        RunDirectory run = run("{\"event\":\"step\",\"\\u001b[2J\":\"a\\r\\nb\\u001b]0;x\"}\n");
        table(run, "step");
        assertThat(written.toString().replace("\r\n", "|")).isEqualTo("\\u001b[2J|a  b\\u001b]0;x|");
    }
}
