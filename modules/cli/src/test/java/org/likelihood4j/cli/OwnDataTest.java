package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on data of the user's own. */
class OwnDataTest {
    private static final String TRAINING = """
            training: {epochs: 2, batchSize: 20, imagesEvery: 2}
            evaluation: {repeats: 1}
            """;

    @TempDir
    private Path folder;

    private Path config(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), text + TRAINING);
    }

    /** What is found in the file is kept in the run: nothing looks at its beginning again. */
    @Test
    void whatIsFoundInATableIsWrittenIntoTheRun() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("# by hand\n;a;b;c\n");
        for (int i = 0; i < 150; i++) {
            String row = i + ";" + random.nextGaussian() + ";" + random.nextGaussian() + ";7,5\n";
            text.append(i == 50 ? i + ";NA;1,5;7,5\n" : row.replace('.', ','));
        }
        Path table = Files.writeString(folder.resolve("table.csv"), text);
        Path config = config(
                "found",
                "data: {type: csv, path: '" + table + "'}\n"
                        + "model: {type: realnvp, couplings: 2, mask: halves, conditioner: {hidden: [8]}}\n");
        Program.run("validate", config).toldInOneLine(1, List.of("1 of 150 rows have missing cells ('a' 1;", "drop"));
        Program.run("validate", config, "--set", "data.missing=drop")
                .toldInOneLine(1, List.of("'c' is always 7.5 in the 119 training rows", "\"data.columns=[-c]\""));
        assertThat(Program.run("validate", "--json", config).text()).contains("\"valid\" : false", "missing cells");
        String columns = "data.columns=[-c, -column1]";
        String trained = Program.run("train", config, "--set", "data.missing=drop", "--set", columns, "--runs", folder)
                .succeeded()
                .text();
        assertThat(trained)
                .contains(
                        "semicolons between cells, decimal commas, a header",
                        "column 1 has no name and is called 'column1'",
                        "left out 1 of 150 rows, which have missing cells ('a' 1)");
        Path run = folder.resolve("found");
        assertThat(Files.readString(run.resolve("config.yaml")))
                .contains("  delimiter: \";\"\n  decimal: \",\"\n  header: true\n")
                .contains("  columns:\n  - a\n  - b\n  kinds: []\n  missing: drop\n");
        Program.run("resume", run).succeeded();
        // init finds out what it must leave out.
        Path made = folder.resolve("made.yaml");
        assertThat(Program.run("init", "--data", "csv", table, "--model", "realnvp", "--output", made)
                        .succeeded()
                        .text())
                .contains("id      counts the rows", "ignore  is always '7,5'", "1 of 150 missing")
                .contains("data.missing is drop, because ", "1 of 150 rows have missing cells ('a' 1;");
        assertThat(Files.readString(made)).contains("\n  columns: {column1: id, c: ignore}\n", "\n  missing: drop\n");
    }

    /** What columns hold is guessed, learned, kept in the run, and brought back in samples; ids come with the scores. */
    @Test
    void columnsThatAreNoNumbers() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("order,country,items,amount,paid,day\n");
        for (int i = 0; i < 400; i++) {
            int country = random.nextInt(4) == 0 ? 1 : 0;
            text.append(String.format(
                    Locale.ROOT,
                    "N%05d,%s,%d,%.3f,%s,2024-03-%02d\n",
                    i,
                    country == 1 ? "\"FR, sud\"" : "DE",
                    1 + random.nextInt(5),
                    Math.exp(2 * random.nextGaussian() + country),
                    random.nextBoolean() ? "yes" : "no",
                    1 + random.nextInt(31)));
        }
        Path table = Files.writeString(folder.resolve("orders.csv"), text);
        Path made = folder.resolve("orders.yaml");
        assertThat(Program.run("init", "--data", "csv", table, "--model", "realnvp", "--output", made)
                        .succeeded()
                        .text())
                .contains("  country  category  2 different words such as 'DE'");
        assertThat(Files.readString(made))
                .contains(
                        "columns: {order: id, country: category, items: integer, amount: log, paid: boolean, day: date}");
        for (String model : List.of(
                "{type: realnvp, couplings: 2, conditioner: {hidden: [16]}}",
                "{type: vae, latent: 2, likelihood: {type: columns}}")) {
            String set = "model=" + model;
            String name = "orders-" + model.substring(7, 10);
            Program.run(
                            "train",
                            made,
                            "--set",
                            set,
                            "--set",
                            "name=" + name,
                            "--set",
                            "training.epochs=2",
                            "--set",
                            "training.batchSize=50",
                            "--runs",
                            folder)
                    .succeeded();
            Path run = folder.resolve(name);
            assertThat(Files.readString(run.resolve("config.yaml")))
                    .contains(
                            "    values:\n    - DE\n    - \"FR, sud\"\n",
                            "    origin: 2024-03-01\n    smallest: 0.0\n    largest: 30.0\n");
            Path drawn = folder.resolve(name + "-drawn.csv");
            Program.run("sample", run, "--count", 60, "--output", drawn).succeeded();
            List<String> samples = Files.readAllLines(drawn);
            assertThat(samples.subList(1, samples.size()))
                    .hasSize(60)
                    .allMatch(row -> row.matches("(DE|\"FR, sud\"),[1-5],[0-9.Ee-]+,(yes|no),2024-03-[0-3][0-9]"));
            assertThat(Files.readString(run.resolve("config.yaml"))).contains("    smallest: 1\n    largest: 5\n");
            Path few = Files.writeString(
                    folder.resolve("few.csv"), "day,order,amount,country,items,paid\n2024-03-09,N7,2.5,DE,8,no\n");
            Path scores = folder.resolve(name + "-scores.csv");
            assertThat(Program.run("score", run, "--input", few, "--output", scores)
                            .succeeded()
                            .text())
                    .contains("column 'items' has 1 of 1 numbers beyond those of the training data, 1 to 5");
            assertThat(Files.readAllLines(scores))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("index,order,label,log_likelihood,standard_error,")
                                    .endsWith(",effective_draws,note"),
                            line -> assertThat(line).startsWith("0,N7,,-"));
            Path reconstructed = folder.resolve(name + "-back.csv");
            Program.run("reconstruct", run, "--output", reconstructed).succeeded();
            assertThat(Files.readAllLines(reconstructed).get(0))
                    .endsWith("day,country reconstructed,items reconstructed"
                            + ",amount reconstructed,paid reconstructed,day reconstructed");
            Program.run("evaluate", run).succeeded();
        }
        Path run = folder.resolve("orders");
        Program.run("train", made, "--set", "training.epochs=1", "--set", "training.batchSize=50", "--runs", folder)
                .succeeded();
        for (String wrong : List.of(
                "DE,3,2.5,maybe,2024-03-09 | :2:paid: expected no or yes, was 'maybe'",
                "ES,3,2.5,no,2024-03-09 | :2:country: expected one of the training data's 2 values, DE, 'FR, sud', was 'ES'",
                "DE,2.5,2.5,no,2024-03-09 | :2:items: expected a whole number",
                "DE,3,0,no,2024-03-09 | :2:amount: expected a number above 0, as a column of type log holds, was '0'",
                "DE,3,2.5,no,09.03.2024 | :2:day: expected a date such as 2024-03-01 (uuuu-MM-dd), was '09.03.2024'")) {
            String[] parts = wrong.split(" \\| ", 2);
            Path bad =
                    Files.writeString(folder.resolve("bad.csv"), "country,items,amount,paid,day\n" + parts[0] + "\n");
            Program.run("score", run, "--input", bad).toldInOneLine(1, List.of(parts[1]));
        }
        Program.run("export", run).succeeded();
    }

    /** What is missing is no reason of an alarm, and other data miss as much. */
    private void alarmsOfRowsWithHoles(Path run) throws IOException {
        Program.run("calibrate", run, "--false-alarms", 0.05).succeeded();
        Path odd = Files.writeString(folder.resolve("odd.csv"), "kind;x;twice\n;1.5;-3\n;-1;-2\n");
        Path reasons = folder.resolve("reasons.csv");
        Program.run("score", run, "--input", odd, "--explain", "--output", reasons)
                .succeeded();
        List<String> lines = Files.readAllLines(reasons);
        int reason = List.of(lines.get(0).split(",", -1)).indexOf("reason_1");
        assertThat(lines.get(1).split(",", -1)[reason]).isIn("x", "twice");
        assertThat(lines.get(2).split(",", -1)[reason]).isEmpty();
        assertThat(lines.get(1)).doesNotContain("kind");
        for (String other : List.of("shuffled", "noise")) {
            Program.run("evaluate", run, "--against", other).succeeded();
        }
    }

    /** A VAE leaves missing cells out and fills them; a flow is refused, and data with holes by a model that is not of them. */
    @Test
    void missingCells() throws IOException {
        Random random = new Random(2);
        StringBuilder text = new StringBuilder("id;x;twice;kind\n");
        for (int i = 0; i < 600; i++) {
            double x = random.nextGaussian();
            String twice = String.format(Locale.ROOT, "%.4f", 2 * x + 0.05 * random.nextGaussian());
            text.append(String.format(
                    Locale.ROOT,
                    "N%03d;%.4f;%s;%s\n",
                    i,
                    x,
                    random.nextInt(10) == 0 ? "" : twice,
                    random.nextInt(10) == 0 ? "NA" : x > 0 ? "up" : "down"));
        }
        Path table = Files.writeString(folder.resolve("holes.csv"), text);
        Path made = folder.resolve("holes.yaml");
        assertThat(Program.run("init", "--data", "csv", table, "--model", "vae", "--output", made)
                        .succeeded()
                        .text())
                .contains("data.missing is mask, because ");
        Program.run(
                        "train",
                        made,
                        "--set",
                        "model={type: vae, latent: 2, encoder: {hidden: [32]}, decoder: {hidden: [32]}, likelihood: {type: columns}}",
                        "--set",
                        "training={epochs: 40, batchSize: 20, optimizer: {type: adam, learningRate: 5.0e-3}}",
                        "--runs",
                        folder)
                .succeeded();
        Path run = folder.resolve("holes");
        Program.run("evaluate", run, "--importance-samples", 5).succeeded();
        Program.run("reconstruct", run).succeeded();
        Path few = Files.writeString(
                folder.resolve("few.csv"), "note;kind;x;twice\nfirst;;1.5;\n\"a;b\";down;-1;-2\n;up;;-3\n");
        String told = Program.run("impute", run, "--input", few).succeeded().text();
        assertThat(told).contains("2 of 3 rows had missing cells, filled by what is expected");
        List<String> filled = Files.readAllLines(run.resolve("imputed-few.csv"));
        assertThat(filled).hasSize(4);
        assertThat(filled.get(0)).isEqualTo("note;kind;x;twice");
        assertThat(filled.get(1)).startsWith("first;up;1.5;");
        assertThat(Double.parseDouble(filled.get(1).split(";", -1)[3])).isCloseTo(3, within(0.6));
        assertThat(filled.get(2)).isEqualTo("\"a;b\";down;-1;-2");
        Program.Result drawn =
                Program.run("impute", run, "--input", few, "--draws", 3, "--importance-samples", 50, "--output", "-");
        assertThat(drawn.exit()).isZero();
        assertThat(drawn.out()).hasSize(10);
        assertThat(drawn.out().get(1)).startsWith("1;first;");
        assertThat(drawn.out().get(9)).startsWith("3;;up;");
        Path scores = folder.resolve("holed-scores.csv");
        Program.run("score", run, "--input", few, "--output", scores).succeeded();
        assertThat(Files.readAllLines(scores)).hasSize(4);
        alarmsOfRowsWithHoles(run);
        Program.run("train", made, "--set", "model={type: realnvp}", "--set", "name=flow", "--runs", folder)
                .toldInOneLine(1, List.of("data.missing", "mask", "a flow's density is one of whole rows"));
        Program.run("impute", run, "--input", few, "--draws", 0).toldInOneLine(1, List.of("--draws must be 1 to"));
        Program.run("impute", run, "--input", folder.resolve("none.csv")).toldInOneLine(1, List.of("no such file"));
    }

    @Test
    void aTable() throws IOException {
        Path table = folder.resolve("table.csv");
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("height,kind,\"weight, kg\"\n");
        for (int i = 0; i < 200; i++) {
            double height = 1.7 + 0.1 * random.nextGaussian();
            text.append(height).append(i % 2 == 0 ? ",a," : ",b,").append(40 * height + 5 * random.nextGaussian());
            text.append('\n');
        }
        Files.writeString(table, text);
        Path config = config(
                "people",
                "data: {type: csv, path: '" + table + "', label: kind}\n"
                        + "model: {type: realnvp, couplings: 2, mask: halves, conditioner: {hidden: [8]}}\n");
        assertThat(Program.run("validate", config).succeeded().text()).contains("standardization/shift");
        // Also where the card is not.
        Program.run("validate", config, "--set", "device=cuda").succeeded();
        Program.run("train", config, "--runs", folder).succeeded();
        Path run = folder.resolve("people");
        assertThat(Files.readString(run.resolve("config.yaml"))).contains("weight, kg");
        String evaluated = Program.run("evaluate", run).succeeded().text();
        assertThat(evaluated).contains("20 test rows", "log_likelihood").doesNotContain("bits");
        assertThat(Program.run("verify", run).succeeded().text()).contains("all 13 checks passed");
        Program.run("reconstruct", run, "--count", 3).succeeded();
        assertThat(Files.readAllLines(run.resolve("reconstructions/test.csv")))
                .hasSize(4)
                .startsWith("height,\"weight, kg\",height reconstructed,\"weight, kg reconstructed\"");
        Program.run("score", run, "--importance-samples", 3)
                .toldInOneLine(1, List.of("density of real numbers is exact"));
        Files.delete(table); // sampling needs the run only
        Program.run("sample", run, "--count", 7).succeeded();
        assertThat(Files.readAllLines(run.resolve("samples/seed-1-temperature-1.0.csv")))
                .hasSize(8)
                .startsWith("height,\"weight, kg\"");
        for (List<Object> arguments : List.<List<Object>>of(
                List.of(
                        "validate",
                        config,
                        "--set",
                        "data={type: images, path: " + Files.createDirectories(folder.resolve("empty")) + "}"),
                List.of("sample", run, "--each"),
                List.of("evaluate", run),
                List.of("interpolate", run))) {
            Program.Result refused = Program.run(arguments.toArray());
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).hasSize(1);
        }
    }

    @Test
    void picturesThatCannotBeReadAreRefusedOrLeftOutAndNamed() throws IOException {
        Path pictures = folder.resolve("pictures");
        for (String kind : List.of("cat", "dog")) {
            Path deep = Files.createDirectories(pictures.resolve(kind).resolve("deep"));
            for (int i = 0; i < 30; i++) {
                ImageIO.write(
                        new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB),
                        "png",
                        deep.resolve(i + ".png").toFile());
            }
        }
        for (int i = 0; i < 12; i++) {
            Files.writeString(pictures.resolve("dog/" + (char) ('a' + i) + ".webp"), "RIFF1234WEBP");
        }
        Files.createFile(pictures.resolve("cat/notes.txt"));
        Files.createFile(pictures.resolve("cat/.DS_Store"));
        Path config = config(
                "mine",
                "data: {type: images, path: '" + pictures + "', height: 4}\n"
                        + "model: {type: vae, latent: 2, encoder: {hidden: [8]}, decoder: {hidden: [8]}}\n");
        String found = "72 of 73 files are pictures (cat 30, dog 42), not 1 .txt";
        assertThat(Program.run("validate", config).succeeded().text()).contains(found);
        Program.Result refused = Program.run("train", config, "--runs", folder);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).anyMatch(line -> line.contains(found));
        assertThat(refused.err())
                .hasSize(12)
                .contains("error: " + pictures + ": 12 of 72 pictures cannot be read; mend or remove them, or set"
                        + " data.skipUnreadable: true to go on without them")
                .anyMatch(line -> line.contains("dog/a.webp: is a WebP picture, which is not read"))
                .contains("  and 2 more");
        assertThat(folder.resolve("mine")).doesNotExist();
        Program.Result left = Program.run("train", config, "--runs", folder, "--set", "data.skipUnreadable=true");
        assertThat(left.exit()).isZero();
        assertThat(left.out())
                .contains("warning: 12 files cannot be read and are left out; 60 are used (cat 30, dog 30)");
        assertThat(left.out())
                .anyMatch(line -> line.contains("dog/j.webp"))
                .noneMatch(line -> line.contains("dog/k.webp"));
        Path run = folder.resolve("mine");
        assertThat(Files.readString(run.resolve("log.txt"))).contains("dog/a.webp: is a WebP", "dog/l.webp: is a WebP");
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl")).get(0))
                .contains("\"data_left_out\":{\"count\":12,\"first\":[\"" + pictures.resolve("dog/a.webp") + ": is")
                .contains(found);
        assertThat(Program.run("evaluate", run, "--images", 2).text()).contains("warning: 12 files");
    }

    /** What the names of folders tell of labels is told before a picture is read, by validate and by train in the same line. */
    @Test
    void picturesWithoutTheClassesThatAModelIsToldAreRefused() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        for (int i = 0; i < 30; i++) {
            Files.writeString(pictures.resolve(i + ".png"), "no picture");
        }
        Path config = config(
                "told",
                "data: {type: images, path: '" + pictures + "', height: 4}\n"
                        + "model: {type: vae, latent: 2, condition: label, classes: 2, encoder: {hidden: [8]},"
                        + " decoder: {hidden: [8]}}\n");
        String none = "model.condition: label needs data with labels, and these images have none";
        assertSameRefusal(config, none);
        assertThat(Program.run("validate", "--json", config).text()).contains("\"valid\" : false", none);
        for (int i = 0; i < 30; i++) {
            Path kind = Files.createDirectories(
                    pictures.resolve(List.of("cat", "dog", "emu").get(i % 3)));
            Files.move(pictures.resolve(i + ".png"), kind.resolve(i + ".png"));
        }
        assertSameRefusal(config, "model.classes: must be at least the data's 3, was 2");
        Program.run("validate", config, "--set", "model.classes=3").succeeded();
        ByteBuffer array = ByteBuffer.allocate(16 + 30 * 16)
                .putInt(0x803)
                .putInt(30)
                .putInt(4)
                .putInt(4);
        Path idx = Files.write(folder.resolve("images-idx3-ubyte"), array.array());
        Program.run("validate", config, "--set", "data={type: idx, path: " + idx + "}")
                .toldInOneLine(1, List.of(none));
    }

    /** A name of a class may have a comma, which else stands between classes. */
    @Test
    void aClassIsNamedAsItsFolderIs() throws IOException {
        Path pictures = folder.resolve("pictures");
        for (int i = 0; i < 60; i++) {
            Path kind = Files.createDirectories(
                    pictures.resolve(List.of("a", "a,b", "c d").get(i % 3)));
            BufferedImage picture = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
            picture.setRGB(i % 4, i / 4 % 4, 0xffffff);
            ImageIO.write(picture, "png", kind.resolve(i + ".png").toFile());
        }
        Path config = config(
                "commas",
                "data: {type: images, path: '" + pictures + "', height: 4, colors: grey}\n"
                        + "model: {type: vae, latent: 2, condition: label, classes: 3, encoder: {hidden: [8]},"
                        + " decoder: {hidden: [8]}}\n");
        assertThat(Program.run("train", config, "--runs", folder).succeeded().text())
                .contains("(a 20, 'a,b' 20, c d 20)");
        Path run = folder.resolve("commas");
        assertThat(Program.run("sample", run, "--class", "a,b").succeeded().text())
                .contains("sampling 8 images", ", of the classes 'a,b'\n");
        assertThat(Program.run("sample", run, "--class", "c d,a,b,0")
                        .succeeded()
                        .text())
                .contains("sampling 24 images", ", of the classes c d, 'a,b', a\n");
        assertThat(Program.run("sample", run, "--class", "a", "--class", "1")
                        .succeeded()
                        .text())
                .contains(", of the classes a, 'a,b'\n");
        assertThat(Program.names(run.resolve("samples")).stream().filter(name -> name.contains("class")))
                .hasSize(3)
                .doesNotHaveDuplicates();
        Program.run("sample", run, "--class", "a,c")
                .toldInOneLine(1, List.of("there is no class 'c'; there are 0 to 2 (a, 'a,b', c d)"));
        assertThat(Program.run("traverse", run, "--class", "a,b", "--rows", 1)
                        .succeeded()
                        .text())
                .contains("of the class 'a,b'");
        // Of a folder with some of the classes only each picture is scored as one of its own.
        Path some = Files.createDirectories(folder.resolve("some"));
        Files.copy(
                pictures.resolve("c d/2.png"),
                Files.createDirectories(some.resolve("c d")).resolve("2.png"));
        Program.run("score", run, "--input", some).succeeded();
        assertThat(Files.readAllLines(run.resolve("scores-input-some.csv")).get(1))
                .startsWith("0,c d/2.png,c d,");
        Files.move(some.resolve("c d"), some.resolve("e"));
        Program.run("score", run, "--input", some)
                .toldInOneLine(
                        1,
                        List.of(some
                                + ": e/2.png is of the class 'e', but the run's model is told one of a, 'a,b', c d"));
        Program.run("score", run, "--split", "train").succeeded();
        assertThat(run.resolve("scores-train.csv")).content().contains(",\"a,b/10.png\",\"a,b\",-");
        assertThat(Program.run("evaluate", run).succeeded().text()).contains("accuracy", "of 3 classes");
        Program.run("report", run).succeeded();
        assertThat(run.resolve("report.html")).content().contains("[\\\"a\\\",\\\"a,b\\\",\\\"c d\\\"]");
    }

    private void assertSameRefusal(Path config, String told) {
        Program.Result validated = Program.run("validate", config).toldInOneLine(1, List.of(told));
        Program.Result trained = Program.run("train", config, "--runs", folder).toldInOneLine(1, List.of(told));
        assertThat(trained.err()).isEqualTo(validated.err());
        assertThat(folder.resolve("told")).doesNotExist();
    }

    @Test
    void aFolderOfPictures() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        for (int i = 0; i < 60; i++) {
            BufferedImage picture = new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB);
            for (int j = 0; j < 100; j++) {
                picture.setRGB(j % 10, j / 10, 0x030201 * ((i + j) % 80));
            }
            ImageIO.write(picture, "png", pictures.resolve(i + ".png").toFile());
        }
        Path config = config(
                "mine",
                "data: {type: images, path: '" + pictures + "', height: 6}\n"
                        + "model: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [8]}, alpha: 0.05}\n");
        Program.Result trained = Program.run("train", config, "--runs", folder).succeeded();
        assertThat(trained.out().get(0)).contains("images: " + pictures, "3x6x6");
        Path run = folder.resolve("mine");
        assertThat(Program.run("evaluate", run).succeeded().text()).contains("6 test images", "bits_per_dim");
        Program.run("sample", run, "--count", 4).succeeded();
        assertThat(ImageIO.read(run.resolve("samples/seed-1-temperature-1.0.png")
                                .toFile())
                        .getWidth())
                .isEqualTo(2 * 14 + 2);
        // One that cannot be read: a line that names it, and no run is begun.
        Path broken = Files.write(pictures.resolve("broken.png"), new byte[] {1, 2, 3});
        Program.Result refused = Program.run("train", config, "--runs", folder, "--name", "again");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .containsExactly(
                        "error: " + pictures + ": 1 of 61 pictures cannot be read; mend or remove them, or set"
                                + " data.skipUnreadable: true to go on without them",
                        "  " + broken
                                + ": is no picture of a known kind; expected .png, .jpg, .gif, .bmp, .tif, .wbmp");
        assertThat(folder.resolve("again")).doesNotExist();
    }

    @Test
    void aCallForWhatIsNotThereNamesIt() throws IOException {
        for (String data : List.of("csv, path: absent.csv", "npy, path: absent.npy", "idx, path: absent")) {
            Program.Result refused = Program.run(
                    "train",
                    config("absent", "data: {type: " + data + "}\nmodel: {type: realnvp}\n"),
                    "--runs",
                    folder);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).hasSize(1);
            assertThat(refused.err().get(0)).contains("absent").endsWith("no such file");
        }
        Program.Result required =
                Program.run("validate", config("none", "data: {type: images}\nmodel: {type: realnvp}\n"));
        assertThat(required.err().get(0)).contains("data.path: required, but missing");
    }
}
