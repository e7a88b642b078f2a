package org.likelihood4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.io.FolderLock;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import tools.jackson.databind.JsonNode;

/** What a run's files say is what the page is given. */
class ReportDataTest {
    @TempDir
    private Path folder;

    private static String epoch(int epoch, String training, String validation) {
        return String.format("""
            {"event":"epoch","epoch":%d,"step":%d,"training":{"loss":%s,"kl_analytic":1.5},"validation":{"loss":%s},"seconds":2.5,\
            "kl":{"examples":40,"analytic":15.145014266967769,"sampled":15.25558193922042,"difference":0.11056767225265492,\
            "standard_error":0.06214258338549756,"z":1.7792577364664002},\
            "kl_pooled":{"examples":80,"difference":0.1,"standard_error":0.05,"z":2.0,"detectable_bias":null},\
            "latents":{"images":40,"active":1,"kl_analytic":[0.1,%s],"mean_variance":[0.001,1.2]},\
            "gradients":{"images":4,"kl":{"path":{"mu":{"variance":3.5},"sigma":{"variance":"NaN"}}},"loss":{}}}""", epoch, 10 * epoch, training, validation, epoch + 0.25);
    }

    private static double[] column(RunReport run, String table, String column) {
        return run.course().tables().get(table).columns().get(column);
    }

    @Test
    void numbersAreTheMetrics() throws IOException {
        RunFolder run = RunFolder.make(
                folder.resolve("a"),
                RunFolder.START,
                "{\"event\":\"step\",\"step\":5,\"epoch\":1,\"loss\":197.70415864562986,\"learning_rate\":0.00019994067289011815,"
                        + "\"blocks\":[{\"name\":\"coupling0\",\"gradient_norm\":2.5,\"log_scale\":{\"rms\":0.75,\"max_abs\":2}}]}",
                epoch(1, "99.59494503993989", "98.9289877433777"),
                epoch(2, "90.5", "91.25"),
                "{\"event\":\"end\",\"reason\":\"completed\",\"epoch\":2,\"step\":20}");
        JsonNode json = run.json();
        JsonNode tables = json.path("tables");
        assertThat(tables.path("steps").path("x").get(0).asDouble()).isEqualTo(0.5);
        assertThat(tables.path("steps").path("columns").path("loss").get(0).asDouble())
                .isEqualTo(197.70415864562986);
        assertThat(tables.path("steps")
                        .path("columns")
                        .path("learning_rate")
                        .get(0)
                        .asDouble())
                .isEqualTo(0.00019994067289011815);
        assertThat(tables.path("blocks/coupling0")
                        .path("columns")
                        .path("g_rms")
                        .get(0)
                        .asDouble())
                .isEqualTo(0.75);
        assertThat(tables.path("training").path("columns").path("loss").toString())
                .isEqualTo("[99.59494503993989,90.5]");
        assertThat(tables.path("validation").path("columns").path("loss").toString())
                .isEqualTo("[98.9289877433777,91.25]");
        JsonNode kl = tables.path("kl").path("columns");
        assertThat(kl.path("sampled").get(0).asDouble()).isEqualTo(15.25558193922042);
        assertThat(kl.path("sampled_low").get(0).asDouble()).isEqualTo(15.25558193922042 - 2 * 0.06214258338549756);
        assertThat(kl.path("difference_high").get(1).asDouble())
                .isEqualTo(0.11056767225265492 + 2 * 0.06214258338549756);
        assertThat(tables.path("kl/pooled").path("columns").path("z").toString())
                .isEqualTo("[2.0,2.0]");
        assertThat(tables.path("gradients/kl/mu")
                        .path("columns")
                        .path("path")
                        .get(0)
                        .asDouble())
                .isEqualTo(3.5);
        assertThat(tables.path("gradients/kl/sigma")
                        .path("columns")
                        .path("path")
                        .get(0)
                        .isNull())
                .isTrue();
        assertThat(json.path("latents").path("kl").toString()).isEqualTo("[[0.1,1.25],[0.1,2.25]]");
        assertThat(json.path("latents").path("active").toString()).isEqualTo("[false,true]");
        assertThat(json.path("progress").path("end").asString()).isEqualTo("completed");
        assertThat(json.path("progress").path("seconds").asDouble()).isEqualTo(5.0);
        assertThat(json.path("plannedEpochs").asInt()).isEqualTo(3);
        assertThat(json.path("headline").path("value").asDouble()).isEqualTo(91.25);
        assertThat(json.path("config").path("model.latent").asString()).isEqualTo("2");
    }

    @Test
    void theTermsOfAFlowAddUpToItsBits() throws IOException {
        String means =
                "{\"loss\":1153.9592866210944,\"log_likelihood\":-1153.9592866210944,\"base\":-1115.8994909667977,"
                        + "\"dequantization\":-4347.4189453125,\"logit\":2130.3379218749988,\"standardization\":68.07576751708984,"
                        + "\"couplings\":2110.945543579104}";
        String epoch = "{\"event\":\"epoch\",\"epoch\":1,\"training\":" + means + ",\"validation\":" + means + "}";
        RunReport run = RunFolder.make(
                        folder.resolve("flow"),
                        "{\"event\":\"start\",\"version\":2,\"steps_per_epoch\":10,\"dimensions\":784}",
                        epoch)
                .report();
        Map<String, double[]> bits = run.course().tables().get("bits").columns();
        assertThat(bits.keySet())
                .containsExactly("total", "base", "dequantization", "logit", "standardization", "couplings");
        // 784 pixels, by hand.
        assertThat(bits.get("total")[0]).isCloseTo(1153.9592866210944 / 784 / Math.log(2), within(1e-12));
        assertThat(bits.get("dequantization")[0]).isCloseTo(8, within(1e-6));
        double sum = bits.entrySet().stream()
                .filter(e -> !e.getKey().equals("total"))
                .mapToDouble(e -> e.getValue()[0])
                .sum();
        assertThat(sum).isCloseTo(bits.get("total")[0], within(1e-6));
        assertThat(run.headline().unit()).isEqualTo("bits/dim");
    }

    /** A file of version 1 does not say D, but the dequantisation's term does: also where a later version went on with it. */
    @Test
    void theEpochsOfAnOldFlowAreInBitsToo() throws IOException {
        String means = "{\"loss\":%d,\"log_likelihood\":-%1$d,\"dequantization\":-4347.4189453125}";
        String[] lines = new String[2];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "{\"event\":\"epoch\",\"epoch\":%d,\"training\":%s,\"validation\":%2$s}"
                    .formatted(i + 1, means.formatted(1100 + 100 * i));
        }
        RunReport old = RunFolder.make(folder.resolve("old"), RunFolder.START, lines[0], lines[1])
                .report();
        RunReport resumed = RunFolder.make(
                        folder.resolve("resumed"),
                        RunFolder.START,
                        lines[0],
                        "{\"event\":\"resume\",\"version\":2,\"epoch\":1,\"step\":10,\"steps_per_epoch\":10,\"dimensions\":784}",
                        lines[1])
                .report();
        for (RunReport run : List.of(old, resumed)) {
            assertThat(run.headline().unit()).isEqualTo("bits/dim");
            // The first of the two is the best; 784 pixels, by hand.
            assertThat(run.headline().value()).isCloseTo(1100 / 784.0 / Math.log(2), within(1e-12));
            assertThat(column(run, "bits", "total")).hasSize(2);
            assertThat(column(run, "bits/training", "dequantization")[0]).isCloseTo(8, within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vae     |                                                       | kl
            realnvp |                                                       | exact_density
            unread  | {"event":"step","step":5,"log_likelihood":-3}         | exact_density
            unread  | {"event":"epoch","epoch":1,"training":{"loss":3,"reconstruction":-2}} | kl
            unread  | {"event":"epoch","epoch":1,"latents":{"active":1,"kl_sampled":[0.5]}} | kl
            unread  | {"event":"epoch","epoch":1,"gradients":{"loss":{"path":{"mu":{"variance":2}}}}} | kl
            unread  | {"event":"epoch","epoch":1,"training":{"loss":3}}     |
            """)
    void anOldFileThatDoesNotSayWhatItsModelCanHasItsSections(String kind, String line, String ability)
            throws IOException {
        RunFolder run = RunFolder.make(folder.resolve("old"), RunFolder.START, line == null ? "" : line);
        Files.writeString(run.path().resolve("config.yaml"), "model: {type: " + kind + "}\n");
        assertThat(run.json().path("abilities").toString()).isEqualTo(ability == null ? "[]" : "[\"" + ability + "\"]");
    }

    @Test
    void abilitiesAreThoseThatAreKnownInAnyOrderAndNumber() throws IOException {
        RunFolder run = RunFolder.make(
                folder.resolve("new"),
                "{\"event\":\"start\",\"version\":2,\"abilities\":[\"a\",3,\"b\",\"a\",\"latent\",\"latent\",\"exact_density\"]}");
        assertThat(run.json().path("abilities").toString()).isEqualTo("[\"exact_density\",\"latent\"]");
    }

    private static org.assertj.core.data.Offset<Double> within(double error) {
        return org.assertj.core.data.Offset.offset(error);
    }

    @Test
    void theEvaluationIsTheHeadline() throws IOException {
        RunFolder run = RunFolder.make(folder.resolve("a"), RunFolder.START, epoch(1, "3", "2"));
        Files.writeString(run.path().resolve("evaluation-test.json"), """
                {"run":"a","checkpoint":"best","split":"test","images":10,"seed":1,"importanceSamples":5,"repeats":2,"quantities":[
                {"name":"elbo","unit":"nats","mean":-9.5,"standardError":0.5,"spread":0.1,"nonFinite":0,"description":"bound"},
                {"name":"nll","unit":"nats","mean":8.25,"standardError":0.125,"spread":null,"nonFinite":0,"description":"K = 5"}],
                "seconds":1.0}""");
        assertThat(run.report().headline().value()).isEqualTo(8.25);
        assertThat(run.report().headline().error()).isEqualTo(0.125);
        assertThat(run.report().headline().source()).contains("K = 5", "10 images");
        Files.writeString(run.path().resolve("evaluation-test.json"), "{\"run\":3}");
        assertThat(run.report().headline().value()).isEqualTo(2);
        assertThat(run.report().notes())
                .singleElement()
                .asString()
                .startsWith("evaluation-test.json: not an evaluation");
    }

    @Test
    void aRunThatHasHardlyBegun() throws IOException {
        RunFolder run = RunFolder.make(folder.resolve("a"));
        assertThat(run.report().course().tables()).isEmpty();
        assertThat(run.report().headline()).isNull();
        Files.delete(run.path().resolve("metrics.jsonl"));
        assertThat(run.report().course().progress().end()).isEmpty();
        run.metrics(RunFolder.START, "{\"event\":\"step\",\"step\":5,\"epoch\":1,\"loss\":1.5}");
        assertThat(column(run.report(), "steps", "loss")).containsExactly(1.5);
    }

    @Test
    void damagedLinesAreNamedAndTheRestIsRead() throws IOException {
        RunFolder run = RunFolder.make(
                folder.resolve("a"), RunFolder.START, "{\"event\":\"ep", "[1]", "", epoch(1, "3", "2"), "\u0000\u0001");
        Files.writeString(run.path().resolve("metrics.jsonl"), "{\"event\":\"epoch\",\"ep", StandardOpenOption.APPEND);
        RunReport report = run.report();
        assertThat(report.notes())
                .containsExactly(
                        "metrics.jsonl: left out 3 damaged lines: 2, 3, 6",
                        "metrics.jsonl: left out the last line, which was cut off");
        assertThat(column(report, "validation", "loss")).containsExactly(2);
        assertThat(run.json().path("notes").size()).isEqualTo(2);
    }

    /** Whole lines that are gone leave no trace in the file but the numbers of the others, and of the checkpoint. */
    @Test
    void epochsWithoutALineAreCounted() throws IOException {
        RunFolder run = RunFolder.make(
                folder.resolve("a"), RunFolder.START, epoch(1, "3", "2"), epoch(4, "3", "2"), epoch(5, "3", "2"));
        assertThat(run.report().notes()).containsExactly("metrics.jsonl: the lines of 2 of 5 epochs are lost (2, 3)");
        Path checkpoint = Files.createDirectories(run.path().resolve("checkpoints/epoch-0009"));
        Files.writeString(run.path().resolve("checkpoints/last"), "epoch-0009\n");
        Files.writeString(
                checkpoint.resolve("state.json"),
                "{\"formatVersion\":4,\"progress\":{\"epoch\":9,\"step\":90},\"best\":{\"epoch\":1,\"value\":2,"
                        + "\"validationsSince\":1},\"start\":null,\"worse\":false,\"rollbacks\":[],\"running\":null,"
                        + "\"provenance\":{}}");
        assertThat(run.report().notes())
                .containsExactly("metrics.jsonl: the lines of 6 of 9 epochs are lost (2, 3, 6, 7, 8, ...)");
        Files.delete(run.path().resolve("metrics.jsonl"));
        assertThat(run.report().notes())
                .containsExactly("metrics.jsonl: the lines of 9 of 9 epochs are lost (1, 2, 3, 4, 5, ...)");
        try (FolderLock lock = new RunDirectory(run.path()).lock()) {
            assertThat(lock).isNotNull();
            // A line comes after its checkpoint.
            assertThat(run.report().notes()).isEmpty();
        }
    }

    @Test
    void valuesOfAnyKindPass() throws IOException {
        RunFolder run = RunFolder.make(
                folder.resolve("a"),
                RunFolder.START,
                "{\"event\":[1],\"step\":{}}",
                "{\"event\":\"unheard\",\"step\":1}",
                "{\"event\":\"epoch\",\"epoch\":\"one\",\"training\":{\"loss\":1}}",
                "{\"event\":\"epoch\",\"epoch\":1,\"training\":{\"loss\":1e400,\"odd\":\"text\",\"deep\":{\"a\":1}},"
                        + "\"validation\":[1,2],\"kl\":7,\"latents\":{\"kl_analytic\":[\"NaN\",{},1]},\"gradients\":\"x\"}",
                "{\"event\":\"epoch\",\"epoch\":2,\"training\":{\"loss\":\"-Infinity\"},\"warnings\":[1,\"a\\u2028b\"]}",
                "{\"event\":\"divergence\",\"step\":25,\"quantity\":\"elbo\",\"blocks\":5}",
                "{\"event\":\"step\",\"step\":1e300,\"loss\":3}");
        RunReport report = run.report();
        assertThat(report.notes()).containsExactly("metrics.jsonl: passed over 3 lines of unknown kinds");
        assertThat(column(report, "training", "loss")).containsExactly(Double.NaN, Double.NaN);
        assertThat(report.course().tables().get("training").columns()).containsOnlyKeys("loss");
        assertThat(report.course().latents().kl().get(0)).containsExactly(Double.NaN, Double.NaN, 1);
        assertThat(report.course().marks())
                .singleElement()
                .satisfies(mark -> assertThat(mark.x()).isEqualTo(2.5));
        assertThat(run.json()
                        .path("tables")
                        .path("training")
                        .path("columns")
                        .path("loss")
                        .toString())
                .isEqualTo("[null,null]");
    }

    @Test
    void aFileThatGrowsIsReadOnAndOneThatIsReplacedAnew() throws IOException {
        RunFolder run = RunFolder.make(folder.resolve("a"), RunFolder.START, epoch(1, "3", "2"));
        RunReader reader = RunReader.open(run.path());
        assertThat(column(reader.read(5), "validation", "loss")).containsExactly(2);
        Path metrics = run.path().resolve("metrics.jsonl");
        String next = epoch(2, "3", "1.5") + "\n";
        Files.writeString(metrics, next.substring(0, 50), StandardOpenOption.APPEND);
        assertThat(column(reader.read(5), "validation", "loss")).containsExactly(2);
        Files.writeString(metrics, next.substring(50), StandardOpenOption.APPEND);
        assertThat(column(reader.read(5), "validation", "loss")).containsExactly(2, 1.5);
        // Longer than before, but another file from its second line on.
        run.metrics(RunFolder.START, epoch(1, "3", "7"), epoch(2, "3", "6"), epoch(3, "3", "5"));
        assertThat(column(reader.read(5), "validation", "loss")).containsExactly(7, 6, 5);
        run.metrics(RunFolder.START);
        assertThat(reader.read(5).course().tables()).isEmpty();
        Files.delete(metrics);
        assertThat(reader.read(5).course().progress().parameters()).isZero();
    }

    @Test
    void picturesAreThoseOfEpochsEvenlySpread() throws IOException {
        RunFolder run = RunFolder.make(folder.resolve("a"));
        for (int epoch = 1; epoch <= 100; epoch++) {
            run.picture("samples", String.format("epoch-%04d.png", epoch), RunFolder.PIXEL);
        }
        run.picture("samples", "epoch-0003.png.tmp", RunFolder.PIXEL);
        run.picture("samples", "samples-7.png", RunFolder.PIXEL);
        run.picture("reconstructions", "epoch-0001.png", "<svg onload=alert(1)>".getBytes(StandardCharsets.UTF_8));
        run.picture("checkpoints", "epoch-0001.png", RunFolder.PIXEL);
        List<Picture> samples = run.report().pictures().get("samples");
        assertThat(samples).hasSize(40);
        assertThat(samples.get(0).epoch()).isEqualTo(1);
        assertThat(samples.get(39).epoch()).isEqualTo(100);
        assertThat(run.report().pictures()).containsOnlyKeys("samples", "reconstructions");
        JsonNode pictures = run.json().path("pictures");
        assertThat(pictures.path("samples").get(0).path("source").asString()).startsWith("data:image/png;base64,iVBOR");
        assertThat(pictures.path("reconstructions").get(0).path("source").isNull())
                .isTrue();
        ReportData data = run.data();
        assertThat(data.picture("pictures/samples/epoch-100.png")).isPresent();
        assertThat(data.picture("pictures/samples/../../config.yaml")).isEmpty();
        assertThat(ReportJson.write(data, PageMode.LIVE))
                .contains("\"pictures/samples/epoch-100.png?v=")
                .doesNotContain("base64");
    }

    @Test
    void runsOfOneNameAreToldApart() throws IOException {
        RunFolder one = RunFolder.make(folder.resolve("x/run"));
        RunFolder other = RunFolder.make(folder.resolve("y/run"));
        assertThat(ReportData.read(List.of(one.path(), other.path())).runs())
                .extracting(RunReport::name)
                .containsExactly("run", "run (2)");
    }

    @Test
    void whatIsNoRunIsSaid() {
        assertThatThrownBy(() -> ReportData.read(List.of(folder)))
                .isInstanceOf(RunException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("config.yaml");
    }
}
