package org.likelihood4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.RunException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A folder that changes in every way that trainings and people change it. */
class LiveRunTest {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1};

    @TempDir
    private Path parent;

    private Path run;
    private LiveRun live;

    @BeforeEach
    void make() throws IOException {
        run = parent.resolve("run");
        fill();
        live = LiveRun.open(run);
    }

    private void fill() throws IOException {
        Files.createDirectories(run.resolve("samples"));
        Files.createDirectories(run.resolve("checkpoints/epoch-0001"));
        Files.writeString(run.resolve("config.yaml"), "model: {type: vae}\n");
        Files.writeString(run.resolve("log.txt"), "log");
        Files.write(run.resolve("samples/epoch-0001.png"), PNG);
        Files.write(run.resolve("checkpoints/epoch-0001/weights.safetensors"), PNG);
        Files.writeString(run.resolve("metrics.jsonl"), "");
    }

    private static String epoch(int epoch, double loss) {
        return "{\"event\":\"epoch\",\"time\":\"" + Instant.now() + "\",\"epoch\":" + epoch
                + ",\"validation\":{\"loss\":" + loss + "}}\n";
    }

    private void append(String text) throws IOException {
        Files.writeString(run.resolve("metrics.jsonl"), text, StandardOpenOption.APPEND);
    }

    private JsonNode json() throws IOException {
        return new JsonMapper()
                .readTree(new String(live.data().bytes(), StandardCharsets.UTF_8))
                .path("runs")
                .path(0);
    }

    /** What the page is told of the validation loss. */
    private List<Double> losses() throws IOException {
        return json().path("tables")
                .path("validation")
                .path("columns")
                .path("loss")
                .valueStream()
                .map(JsonNode::asDouble)
                .toList();
    }

    /** Makes all times of the folder old, as they are when nothing has been written for a while. */
    private void rest() throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
    }

    @Test
    void followsATraining() throws IOException {
        Files.delete(run.resolve("metrics.jsonl"));
        assertThat(losses()).isEmpty();
        Files.createFile(run.resolve("metrics.jsonl"));
        append(epoch(1, 9));
        assertThat(losses()).containsExactly(9.0);
        append(epoch(2, 8) + "{\"event\":\"epoch\",\"epoch\":3,\"validation\":{\"lo");
        assertThat(losses()).containsExactly(9.0, 8.0);
        append("ss\":7}}\n");
        assertThat(losses()).containsExactly(9.0, 8.0, 7.0);
        append("{\"event\":\"end\",\"reason\":\"completed\"}\n");
        assertThat(json().path("progress").path("end").stringValue()).isEqualTo("completed");
    }

    @Test
    void followsATrainingThatGoesBack() throws IOException {
        append(epoch(1, 9) + epoch(2, 8) + epoch(3, 7));
        assertThat(losses()).containsExactly(9.0, 8.0, 7.0);
        // As a resume does it: the lines after the checkpoint are left out, in one step.
        AtomicFiles.write(run.resolve("metrics.jsonl"), epoch(1, 9));
        append(epoch(2, 6) + epoch(3, 5) + epoch(4, 4));
        assertThat(losses()).containsExactly(9.0, 6.0, 5.0, 4.0);
    }

    @Test
    void readsNothingAgainThatHasNotChanged() throws IOException {
        append(epoch(1, 9));
        rest();
        Content first = live.data();
        assertThat(live.data()).isSameAs(first);
        append(epoch(2, 8));
        Content second = live.data();
        assertThat(second.tag()).isNotEqualTo(first.tag());
        rest();
        Content third = live.data();
        assertThat(live.data()).isSameAs(third);
    }

    /** A new picture, evaluation or configuration shows without a new line of metrics. */
    @Test
    void seesWhateverChanges() throws IOException {
        rest();
        String before = live.data().tag();
        Files.write(run.resolve("samples/epoch-0002.png"), PNG);
        String picture = live.data().tag();
        assertThat(picture).isNotEqualTo(before);
        rest();
        live.data();
        Files.createDirectories(run.resolve("reconstructions"));
        Files.write(run.resolve("reconstructions/epoch-0001.png"), PNG);
        assertThat(json().path("pictures").propertyNames()).containsExactly("samples", "reconstructions");
        rest();
        live.data();
        Files.writeString(run.resolve("config.yaml"), "model: {type: realnvp}\n");
        assertThat(json().path("model").stringValue()).isEqualTo("realnvp");
    }

    @Test
    void givesThePicturesThatTheDataName() throws IOException {
        String source =
                json().path("pictures").path("samples").path(0).path("source").stringValue();
        assertThat(live.picture(source.replaceFirst("[?].*", "")).bytes()).isEqualTo(PNG);
        // Even before anyone has asked for the data, as the page that another server has sent does.
        assertThat(LiveRun.open(run).picture(source.replaceFirst("[?].*", "")).bytes())
                .isEqualTo(PNG);
        Files.delete(run.resolve("samples/epoch-0001.png"));
        assertThat(live.picture(source.replaceFirst("[?].*", ""))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "config.yaml",
                "metrics.jsonl",
                "log.txt",
                "samples",
                "samples/epoch-0001.png",
                "checkpoints/epoch-0001/weights.safetensors",
                "../run/samples/epoch-0001.png",
                "pictures/samples/../../config.yaml",
                "pictures/checkpoints/epoch-1.png",
                "pictures/samples/epoch-2.png"
            })
    void givesNoOtherFile(String name) throws IOException {
        live.data();
        assertThat(live.picture(name)).isNull();
    }

    @Test
    void followsNoLinks() throws IOException {
        Path secret = Files.write(parent.resolve("secret.png"), PNG);
        live.data();
        Files.delete(run.resolve("samples/epoch-0001.png"));
        Files.createSymbolicLink(run.resolve("samples/epoch-0001.png"), secret);
        assertThat(live.picture("pictures/samples/epoch-1.png")).isNull();
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> live.data())
                .withMessageContaining("is a link");
    }

    @Test
    void aFolderThatIsGoneIsNotServedUntilItIsBack() throws IOException {
        append(epoch(1, 9));
        assertThat(losses()).containsExactly(9.0);
        AtomicFiles.delete(run);
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(RunException.class)
                    .isThrownBy(() -> live.data())
                    .withMessageContaining("no such run directory");
            assertThatExceptionOfType(RunException.class).isThrownBy(() -> live.page());
        }
        fill();
        append(epoch(1, 7) + epoch(2, 6) + epoch(3, 5));
        assertThat(losses()).containsExactly(7.0, 6.0, 5.0);
    }

    @Test
    void thePageIsTheReport() throws IOException {
        append(epoch(1, 9));
        assertThat(new String(live.page().bytes(), StandardCharsets.UTF_8))
                .startsWith("<!doctype html>")
                .contains("connect-src 'self'")
                .contains("[9.0]");
    }

    @Test
    void whatIsNoRunIsRefused() {
        assertThatExceptionOfType(RunException.class).isThrownBy(() -> LiveRun.open(parent.resolve("nothing")));
        assertThatExceptionOfType(RunException.class).isThrownBy(() -> LiveRun.open(parent));
    }
}
