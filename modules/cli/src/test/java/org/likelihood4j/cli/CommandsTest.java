package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.cli.terminal.StdoutGuard;
import org.likelihood4j.config.yaml.ConfigLoader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every command on a whole run of either model. */
class CommandsTest {
    /** A picture of 28 pixels at scale 2, and a line of 2 beside it. */
    private static final int CELL = 58;

    @TempDir
    private static Path folder;

    @TempDir
    private Path own;

    private static Path vae;
    private static Path flow;

    @BeforeAll
    static void train() throws IOException {
        vae = Program.train(folder, Program.VAE);
        flow = Program.train(folder, Program.FLOW);
    }

    private static Path run(String name) {
        return name.equals("vae") ? vae : flow;
    }

    private static void assertGrid(Path png, int columns, int rows) throws IOException {
        var image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isEqualTo(columns * CELL + 2);
        assertThat(image.getHeight()).isEqualTo(rows * CELL + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae", "flow"})
    void trainLeavesAWholeRun(String name) throws IOException {
        Path run = run(name);
        assertThat(Program.names(run))
                .contains(
                        "checkpoints",
                        "config.yaml",
                        "interpolations",
                        "log.txt",
                        "metrics.jsonl",
                        "reconstructions",
                        "samples",
                        "traversals");
        assertThat(Program.names(run.resolve("checkpoints"))).contains("best", "last", "epoch-0002");
        for (String epoch : List.of("epoch-0001.png", "epoch-0002.png")) {
            assertGrid(run.resolve("samples").resolve(epoch), 8, 8);
            // 30 test images or 32 of 40 validation images, each beside its reconstruction.
            assertGrid(run.resolve("reconstructions").resolve(epoch), 8, 8);
            assertGrid(run.resolve("interpolations").resolve(epoch), 10, 8);
            // The tiny VAE has 4 dimensions.
            assertGrid(run.resolve("traversals").resolve(epoch), 9, name.equals("vae") ? 4 : 8);
        }
        JsonMapper json = new JsonMapper();
        List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
        assertThat(lines).hasSize(8);
        for (String line : lines) {
            assertThat(json.readTree(line).get("event").stringValue()).isNotEmpty();
        }
        assertThat(ConfigLoader.load(run.resolve("config.yaml"), List.of()))
                .isEqualTo(ConfigLoader.parse(name.equals("vae") ? Program.VAE : Program.FLOW, "x.yaml", List.of()));
    }

    @Test
    void trainTellsWhatItDoesAndWhatToDoNext() throws IOException {
        Path config = Files.writeString(own.resolve("c.yaml"), Program.VAE);
        Path runs = own.resolve("runs");
        Program.Result first = Program.run("train", config, "--runs", runs, "--set", "training.epochs=1")
                .succeeded();
        assertThat(first.out().get(0)).startsWith("tiny-vae: digits").contains("200 training");
        assertThat(first.text())
                .contains("26,104 parameters, 1 epoch of 10 steps")
                .containsPattern("epoch 1/1 .*loss \\d")
                .contains("validation")
                .contains("completed: " + runs.resolve("tiny-vae"))
                .contains("./run.sh sample " + runs.resolve("tiny-vae"));
        Program.Result second = Program.run("train", config, "--runs", runs, "--set", "training.epochs=1")
                .succeeded();
        assertThat(second.text()).contains("is kept", runs.resolve("tiny-vae-2").toString());
        // A name that YAML would read as a number is a name all the same.
        Program.run("train", config, "--runs", runs, "--name", "7", "--set", "training.epochs=1")
                .succeeded();
        assertThat(Program.names(runs)).containsExactly("7", "tiny-vae", "tiny-vae-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae", "flow"})
    void sampleDrawsGrids(String name) throws IOException {
        Path run = run(name);
        Program.Result result = Program.run("sample", run).succeeded();
        Path standard = run.resolve("samples/seed-1-temperature-1.0.png");
        assertThat(result.out()).contains("wrote " + standard);
        assertGrid(standard, 8, 8);

        Path png = own.resolve("new folder/five.png");
        Program.run("sample", run, "--count", 5, "--temperature", "0.7", "--out", png)
                .succeeded();
        assertGrid(png, 3, 2);
        byte[] once = Files.readAllBytes(png);
        Program.run("sample", run, "--count", 5, "--temperature", "0.7", "--out", png)
                .succeeded();
        assertThat(png).hasBinaryContent(once);
        Program.run("sample", run, "--count", 5, "--seed", 2, "--checkpoint", "last", "--out", png)
                .succeeded();
        assertThat(Files.readAllBytes(png)).isNotEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae", "flow"})
    void reconstructDrawsPairs(String name) throws IOException {
        Path run = run(name);
        Program.run("reconstruct", run).succeeded();
        // 30 test images make 60 pictures.
        assertGrid(run.resolve("reconstructions/test.png"), 8, 8);
        Path png = own.resolve("r.png");
        Program.Result result = Program.run("reconstruct", run, "--count", 3, "--split", "train", "--out", png)
                .succeeded();
        assertGrid(png, 6, 1);
        if (name.equals("flow")) {
            String line = result.out().stream()
                    .filter(l -> l.startsWith("round trip"))
                    .findFirst()
                    .orElseThrow();
            double error = Double.parseDouble(line.replaceAll(".*largest error ([-+.0-9e]+) grey.*", "$1"));
            // In float32, of 256 grey levels: what is drawn is the original.
            assertThat(error).isBetween(0.0, 0.1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae", "flow"})
    void interpolateDrawsARowForEachPair(String name) throws IOException {
        Path run = run(name);
        String path = name.equals("vae") ? "linear" : "spherical";
        Program.Result result = Program.run("interpolate", run).succeeded();
        Path standard = run.resolve("interpolations/test-" + path + "-seed-1.png");
        assertThat(result.out()).anyMatch(line -> line.startsWith("wrote " + standard));
        assertGrid(standard, 10, 8);

        Path png = own.resolve("i.png");
        result = Program.run("interpolate", run, "--images", "4,7,7,0", "--steps", 3, "--path", "linear", "--out", png)
                .succeeded();
        assertThat(result.out()).contains("row 0: image 4 to image 7", "row 1: image 7 to image 0");
        assertGrid(png, 3, 2);
        byte[] once = Files.readAllBytes(png);
        Program.run("interpolate", run, "--images", "4,7,7,0", "--steps", 3, "--path", "linear", "--out", png)
                .succeeded();
        assertThat(png).hasBinaryContent(once);
        for (String seed : List.of("1", "2")) {
            Program.run("interpolate", run, "--pairs", 2, "--seed", seed, "--out", own.resolve("seed" + seed + ".png"))
                    .succeeded();
        }
        assertThat(Files.readAllBytes(own.resolve("seed1.png")))
                .isNotEqualTo(Files.readAllBytes(own.resolve("seed2.png")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae", "flow"})
    void traverseDrawsARowForEachDirection(String name) throws IOException {
        Path run = run(name);
        Program.Result result = Program.run("traverse", run).succeeded();
        Path standard = run.resolve("traversals/test-centre.png");
        assertThat(result.out()).anyMatch(line -> line.startsWith("wrote " + standard));
        assertGrid(standard, 9, name.equals("vae") ? 4 : 8);
        assertThat(result.text())
                .contains(
                        name.equals("vae")
                                ? "variance of the posterior mean"
                                : "row 0: component 0, variance of the latents");
        assertThat(result.text().contains("by chance")).isEqualTo(name.equals("flow"));

        Path png = own.resolve("t.png");
        result = Program.run(
                        "traverse",
                        run,
                        "--dimensions",
                        "3,0",
                        "--image",
                        5,
                        "--range",
                        "1.5",
                        "--steps",
                        4,
                        "--out",
                        png)
                .succeeded();
        assertThat(result.out())
                .anyMatch(line -> line.matches("row 0: (dimension|component) 3, .*"))
                .anyMatch(line -> line.matches("row 1: (dimension|component) 0, .*"));
        assertGrid(png, 4, 2);
    }

    @Test
    void eachImageCanHaveAFileOfItsOwn() throws IOException {
        Path grid = own.resolve("a/s.png");
        Program.Result result = Program.run("sample", vae, "--count", 3, "--out", grid, "--each")
                .succeeded();
        assertThat(result.out()).contains("wrote " + grid, "wrote 3 single images to " + own.resolve("a/s"));
        assertThat(Program.names(own.resolve("a/s")))
                .containsExactly("sample-0000.png", "sample-0001.png", "sample-0002.png");
        var single = ImageIO.read(own.resolve("a/s/sample-0002.png").toFile());
        var all = ImageIO.read(grid.toFile());
        assertThat(single.getWidth()).isEqualTo(28);
        for (int at = 0; at < 28 * 28; at++) {
            // The third of 2 x 2: lines of 2 pixels, pixels of 2 x 2.
            assertThat(single.getRGB(at % 28, at / 28)).isEqualTo(all.getRGB(2 + at % 28 * 2, 2 + CELL + at / 28 * 2));
        }
        Program.run("reconstruct", vae, "--count", 1, "--out", own.resolve("r.png"), "--each")
                .succeeded();
        assertThat(Program.names(own.resolve("r")))
                .containsExactly("image-0000-original.png", "image-0000-reconstruction.png");
        Program.run("interpolate", vae, "--pairs", 1, "--steps", 2, "--out", own.resolve("i.png"), "--each")
                .succeeded();
        assertThat(Program.names(own.resolve("i"))).containsExactly("row-0000-step-0000.png", "row-0000-step-0001.png");
        Program.run("traverse", vae, "--rows", 1, "--steps", 2, "--out", own.resolve("t.png"), "--each")
                .succeeded();
        assertThat(Program.names(own.resolve("t"))).containsExactly("row-0000-step-0000.png", "row-0000-step-0001.png");
    }

    /** Fewer images than were there are not mixed with the rest of those, and nothing is lost. */
    @Test
    void aFolderOfImagesHoldsThoseOfOneCall() throws IOException {
        Path grid = own.resolve("each.png");
        Path folder = own.resolve("each");
        Path second = own.resolve("each-2");
        for (int count : new int[] {3, 5, 2, 2}) {
            Program.run("sample", vae, "--count", count, "--out", grid, "--each")
                    .succeeded();
        }
        assertThat(Program.names(folder)).hasSize(5);
        assertThat(Program.names(second)).containsExactly("sample-0000.png", "sample-0001.png");
        Path note = Files.writeString(second.resolve("note.txt"), "mine");
        assertThat(Program.run("sample", vae, "--count", 2, "--seed", 2, "--out", grid, "--each")
                        .succeeded()
                        .out())
                .contains(
                        folder + " holds other files, and is kept as it is",
                        "wrote 2 single images to " + own.resolve("each-3"));
        assertThat(note).hasContent("mine");
        assertThat(second.resolve("sample-0001.png")).hasSameBinaryContentAs(folder.resolve("sample-0001.png"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae", "flow"})
    void evaluatePrintsAndWritesTheSame(String name) throws IOException {
        Path run = run(name);
        Program.Result result =
                Program.run("evaluate", run, "--images", 20, "--repeats", 3).succeeded();
        JsonNode json = new JsonMapper().readTree(Files.readString(run.resolve("evaluation-test.json")));
        assertThat(json.get("run").stringValue()).isEqualTo(run.getFileName().toString());
        assertThat(json.get("images").intValue()).isEqualTo(20);
        assertThat(json.get("repeats").intValue()).isEqualTo(3);
        assertThat(json.get("quantities").size()).isGreaterThan(4);
        for (JsonNode quantity : json.get("quantities")) {
            String mean = String.format(
                    java.util.Locale.ROOT, "%.4f", quantity.get("mean").doubleValue());
            assertThat(result.out())
                    .anyMatch(line -> line.startsWith(quantity.get("name").stringValue() + " ") && line.contains(mean));
        }
        assertThat(result.text()).contains(name.equals("vae") ? "nll" : "bits_per_dim/couplings");
        // Of fewer images it stands beside.
        result = Program.run("evaluate", run, "--images", 3).succeeded();
        assertThat(result.text()).contains("kept " + run.resolve("evaluation-test.json"), "3 test ");
        assertThat(run.resolve("evaluation-test-best-3.json")).content().contains("\"images\" : 3");
        assertThat(run.resolve("evaluation-test.json")).content().contains("\"images\" : 20");

        Program.run("evaluate", run, "--split", "train", "--importance-samples", 2, "--batch-size", 64, "--seed", 5)
                .succeeded();
        assertThat(run.resolve("evaluation-train.json")).content().contains("\"seed\" : 5");
    }

    @Test
    void theGapIsPrintedAndWrittenAndShown() throws IOException {
        Program.Result result = Program.run(
                        "gap",
                        vae,
                        "--images",
                        3,
                        "--simulated",
                        2,
                        "--importance-samples",
                        40,
                        "--chains",
                        4,
                        "--temperatures",
                        6,
                        "--leapfrogs",
                        2)
                .succeeded();
        assertThat(result.text()).contains("3 test images", "amortisation_gap", "2 simulated images", "sandwich");
        JsonNode json = new JsonMapper().readTree(Files.readString(vae.resolve("gap.json")));
        assertThat(json.get("examples").size()).isEqualTo(3);
        assertThat(json.get("settings").get("importanceSamples").intValue()).isBetween(40, 60);
        assertThat(Files.readAllLines(vae.resolve("gap.csv"))).hasSize(4);
        assertThat(vae.resolve("gap.png")).isNotEmptyFile();
        Program.run("report", vae).succeeded();
        assertThat(vae.resolve("report.html")).content().contains("amortisation_gap");
        Program.run("gap", flow).toldInOneLine(1, List.of("exact log-likelihood"));
    }

    @Test
    void latentsAreShownAndTheirKlIsSplit() throws IOException {
        Program.Result result = Program.run("latents", vae, "--images", 30).succeeded();
        assertThat(result.text()).contains("30 test images", "information", "aggregate_kl", "latents.json");
        JsonNode json = new JsonMapper().readTree(Files.readString(vae.resolve("latents.json")));
        assertThat(json.get("labels").size()).isEqualTo(30);
        Program.run("report", vae).succeeded();
        assertThat(vae.resolve("report.html")).content().contains("aggregate_kl");
        // Fewer examples do not replace more of them.
        String whole = Files.readString(vae.resolve("latents.json"));
        assertThat(Program.run("latents", vae, "--images", 10).succeeded().text())
                .contains("latents-test-10.json");
        assertThat(vae.resolve("latents-test-10.json")).exists();
        assertThat(vae.resolve("latents.json")).hasContent(whole);
        Program.run("latents", flow, "--images", 20).succeeded();
        Program.run("latents", vae, "--images", 2).toldInOneLine(1, List.of("--images must be 3 to"));
        Program.run("layers", vae).toldInOneLine(1, List.of("is no flow"));
        Program.run("layers", flow).toldInOneLine(1, List.of("only a flow of two can be drawn"));
        assertThat(vae.resolve("layers.json")).doesNotExist();
    }

    @Test
    void aRunIsFoundFromWithin() throws IOException {
        Path dotted = vae.resolve("samples/..");
        Program.run("evaluate", dotted, "--images", 2, "--split", "validation").succeeded();
        assertThat(vae.resolve("evaluation-validation.json")).content().contains("\"run\" : \"tiny-vae\"");
    }

    @Test
    void validateDescribesModelsOrResolvesThem() {
        Program.Result result = Program.run("validate", folder.resolve("vae.yaml"), folder.resolve("flow.yaml"))
                .succeeded();
        assertThat(result.text())
                .contains(folder.resolve("vae.yaml") + ": valid", folder.resolve("flow.yaml") + ": valid")
                .contains("parameters 26,104 values")
                .containsPattern("encoder/layer0/weight +784 x 16")
                .containsPattern("standardization/shift +784");
        String yaml = Program.run("validate", folder.resolve("vae.yaml"), "--resolved", "--set", "seed=9")
                .succeeded()
                .text();
        assertThat(ConfigLoader.parse(yaml, "x.yaml", List.of()))
                .isEqualTo(ConfigLoader.parse(Program.VAE, "x.yaml", List.of("seed=9")));
    }

    @Test
    void whatSameDiffPrintsGoesToTheLogOnly() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        Path config = Files.writeString(own.resolve("vae.yaml"), Program.VAE);
        Path run = own.resolve("tiny-vae");
        try (StdoutGuard guard = StdoutGuard.install()) {
            assertThat(guard).isNotNull();
            Program.run("train", config, "--runs", own, "--set", "training.epochs=1")
                    .succeeded();
            Program.run("sample", run).succeeded();
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(run.resolve("log.txt")).content().contains("Added differentiated op");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae", "flow"})
    void metricsAreATable(String name) throws IOException {
        List<String> steps =
                Program.run("metrics", run(name), "--event", "step").succeeded().out();
        assertThat(steps).hasSize(1 + 4).first().asString().startsWith("time,step,epoch,loss,");
        Path file = own.resolve("new folder/metrics.csv");
        Program.run("metrics", run(name), "--output", file).succeeded();
        assertThat(Files.readString(file))
                .isEqualTo(String.join(
                                "\r\n",
                                Program.run("metrics", run(name)).succeeded().out()) + "\r\n")
                .startsWith("time,epoch,step,training.loss,");
    }

    @Test
    void aTrainingTellsTensorBoardIfWished() throws IOException {
        Path config = Files.writeString(own.resolve("x.yaml"), Program.VAE + "tensorboard: true\n");
        Program.run("train", config, "--runs", own.resolve("runs")).succeeded();
        assertThat(Program.names(own.resolve("runs/tiny-vae/tensorboard")))
                .singleElement()
                .asString()
                .matches("events\\.out\\.tfevents\\.\\d{10}\\.likelihood4j");
    }
}
