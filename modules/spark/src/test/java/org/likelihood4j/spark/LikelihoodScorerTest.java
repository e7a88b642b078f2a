package org.likelihood4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Main;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.NoiseSource;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.Trainer;
import org.nd4j.linalg.api.buffer.DataType;

/** Whatever partitions rows are in, Spark says of them what {@code score} says, to the bit. */
class LikelihoodScorerTest {
    private static final int ROWS = 700;
    private static final List<String> WORDS = List.of("north", "south", "west");

    @TempDir
    private static Path folder;

    private static Path csv;
    private static Path flow;
    private static Path vae;
    private static Path images;

    private static SparkSession spark;

    @BeforeAll
    static void train() throws IOException {
        csv = write();
        flow = train("name: flow\ndata: {type: csv, path: '" + csv
                + "', columns: {id: id, word: category, t: integer, day: date,"
                + " member: boolean, x: number}}\nmodel: {type: realnvp, architecture: flat, couplings: 2,"
                + " conditioner: {hidden: [8]}}\ntraining: {epochs: 2, batchSize: 50}\n"
                + "evaluation: {importanceSamples: 3, repeats: 1}\n");
        vae = train(
                "name: vae\ndata: {type: csv, path: '" + csv + "', columns: {id: id, word: category, t: integer, day:"
                        + " date, member: boolean, x: number}}\nmodel: {type: vae, latent: 2, likelihood: {type: columns}, encoder: {hidden: [8]}, decoder:"
                        + " {hidden: [8]}}\ntraining: {epochs: 2, batchSize: 50}\nevaluation: {importanceSamples: 5, repeats: 1}\n");
        images = train(
                "name: images\ndata: {type: digits, train: 300, validation: 100, test: 130}\nmodel: {type: vae, latent:"
                        + " 3, encoder: {hidden: [16]}, decoder: {hidden: [16]}}\ntraining: {epochs: 1, batchSize: 50}\n"
                        + "evaluation: {importanceSamples: 4, repeats: 1}\n");
        for (Path run : List.of(flow, vae, images)) {
            command("calibrate", run.toString(), "--false-alarms", "0.1");
        }
        spark = LocalCluster.session();
    }

    private static Path train(String yaml) {
        RunConfig config = ConfigLoader.parse(yaml, "test.yaml", List.of());
        var source = DataSources.source(config.data(), Path.of("datasets"));
        Splits data = source.load(ProgressListener.none());
        config = DataSources.resolved(config, data.train().shape());
        RunDirectory run = RunDirectory.create(folder.resolve("runs"), config);
        new Trainer(config, data, run, EnvironmentProvenance.gather(data, source.describe(), config), List.of()).run();
        return run.path();
    }

    /** Numbers, words, dates: a row is a function of its place. */
    private record Line(String word, int t, LocalDate day, boolean member, double x) {
        static Line of(int place) {
            Random random = new Random(place);
            int k = random.nextInt(3);
            return new Line(
                    WORDS.get(k),
                    random.nextInt(20) - 3 * k,
                    LocalDate.of(2024, 1, 1).plusDays(random.nextInt(300)),
                    random.nextBoolean(),
                    k + random.nextGaussian());
        }
    }

    private static Path write() throws IOException {
        List<String> lines = new ArrayList<>(List.of("id,word,t,day,member,x"));
        for (int i = 0; i < ROWS; i++) {
            Line line = Line.of(i);
            lines.add(i + "," + line.word() + "," + line.t() + "," + line.day() + "," + (line.member() ? "yes" : "no")
                    + "," + line.x());
        }
        return Files.write(folder.resolve("rows.csv"), lines);
    }

    /** What a command prints. */
    private static String command(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = Main.run(new Console(stream, stream, false, 100), arguments);
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isZero();
        return text;
    }

    /** Of each place the cells of {@code score}, by their column. */
    private static Map<Long, Map<String, String>> scores(Path run, String... input) throws IOException {
        Path file = folder.resolve("scores.csv");
        List<String> arguments = new ArrayList<>(List.of("score", run.toString(), "--output", file.toString()));
        arguments.addAll(List.of(input));
        command(arguments.toArray(String[]::new));
        List<String> lines = Files.readAllLines(file);
        List<String> names = List.of(lines.get(0).split(",", -1));
        Map<Long, Map<String, String>> all = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < cells.length; i++) {
                row.put(names.get(i), cells[i]);
            }
            all.put(Long.parseLong(row.get("index")), row);
        }
        return all;
    }

    /** The same rows as typed columns of Parquet, in another order. */
    private static Dataset<Row> table(int partitions) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            Line line = Line.of(i);
            rows.add(RowFactory.create(
                    (long) i, line.word(), line.t(), java.sql.Date.valueOf(line.day()), line.member(), line.x()));
        }
        Collections.shuffle(rows, new Random(partitions));
        StructType schema = new StructType()
                .add("place", DataTypes.LongType)
                .add("word", DataTypes.StringType)
                .add("t", DataTypes.IntegerType)
                .add("day", DataTypes.DateType)
                .add("member", DataTypes.BooleanType)
                .add("x", DataTypes.DoubleType);
        String path = folder.resolve("table-" + partitions).toString();
        spark.createDataFrame(rows, schema)
                .repartition(partitions)
                .write()
                .mode("overwrite")
                .parquet(path);
        return spark.read().parquet(path);
    }

    private static void requireEqual(
            Dataset<Row> scored, Map<Long, Map<String, String>> expected, Map<String, String> names) {
        List<Row> rows = scored.collectAsList();
        assertThat(rows).hasSize(expected.size());
        for (Row row : rows) {
            Map<String, String> cells = expected.get(row.<Long>getAs("place"));
            names.forEach((ours, theirs) ->
                    assertThat(String.valueOf(row.<Object>getAs(ours))).as(ours).isEqualTo(cells.get(theirs)));
        }
    }

    @Test
    void rowsOfATableAreScoredToTheBit() throws IOException {
        Map<String, String> flowColumns = Map.of(
                "log_prob",
                "log_likelihood",
                "standard_error",
                "standard_error",
                "bound",
                "bound",
                "p_value",
                "p_value",
                "alarm",
                "alarm");
        Dataset<Row> rows = table(7);
        requireEqual(
                new LikelihoodScorer()
                        .setRun(flow.toString())
                        .setIdCol("place")
                        .setOutputs("log_prob", "standard_error", "bound", "p_value", "alarm")
                        .transform(rows),
                scores(flow, "--input", csv.toString()),
                flowColumns);
        requireEqual(
                new LikelihoodScorer()
                        .setRun(vae.toString())
                        .setIdCol("place")
                        .setOutputs("log_prob", "elbo", "elbo_error", "effective_draws", "p_value", "alarm")
                        .transform(rows),
                scores(vae, "--input", csv.toString()),
                Map.of(
                        "log_prob",
                        "log_likelihood",
                        "elbo",
                        "elbo",
                        "elbo_error",
                        "elbo_error",
                        "effective_draws",
                        "effective_draws",
                        "p_value",
                        "p_value",
                        "alarm",
                        "alarm"));
    }

    @Test
    void imagesAreScoredToTheBit() throws IOException {
        Examples test = testImages();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < test.size(); i++) {
            rows.add(RowFactory.create((long) i, pixels(test, i)));
        }
        Collections.shuffle(rows, new Random(3));
        StructType schema = new StructType().add("place", DataTypes.LongType).add("pixels", DataTypes.BinaryType);
        requireEqual(
                new LikelihoodScorer()
                        .setRun(images.toString())
                        .setIdCol("place")
                        .setSplit("test")
                        .setOutputs("log_prob", "elbo", "p_value")
                        .transform(spark.createDataFrame(rows, schema).repartition(5)),
                scores(images),
                Map.of("log_prob", "log_likelihood", "elbo", "elbo", "p_value", "p_value"));
    }

    @Test
    void imagesMayComeAsNumbersAndAsPicturesToo() throws IOException {
        Examples test = testImages().slice(0, 20);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < test.size(); i++) {
            double[] stored = test.values(i);
            double[] intensities =
                    Arrays.stream(stored).map(pixel -> pixel / 255).toArray();
            rows.add(RowFactory.create(
                    (long) i,
                    pixels(test, i),
                    Arrays.stream(stored).mapToObj(pixel -> (int) pixel).toArray(Integer[]::new),
                    Arrays.stream(intensities).boxed().toArray(Double[]::new),
                    Vectors.dense(intensities),
                    png(stored)));
        }
        StructType schema = new StructType()
                .add("place", DataTypes.LongType)
                .add("pixels", DataTypes.BinaryType)
                .add("whole", DataTypes.createArrayType(DataTypes.IntegerType))
                .add("intensities", DataTypes.createArrayType(DataTypes.DoubleType))
                .add("vector", SQLDataTypes.VectorType())
                .add("picture", DataTypes.BinaryType);
        Dataset<Row> data = spark.createDataFrame(rows, schema);
        LikelihoodScorer scorer =
                new LikelihoodScorer().setRun(images.toString()).setIdCol("place");
        List<Row> expected = logProbs(scorer.transform(data));
        for (String column : List.of("whole", "intensities", "vector", "picture")) {
            assertThat(logProbs(scorer.setInputCols(column).transform(data)))
                    .as(column)
                    .isEqualTo(expected);
        }
    }

    /** A grey picture's file. */
    private static byte[] png(double... pixels) throws IOException {
        int side = (int) Math.sqrt(pixels.length);
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setPixels(0, 0, side, side, pixels);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", out);
        return out.toByteArray();
    }

    private static List<Row> logProbs(Dataset<Row> scored) {
        return scored.orderBy("place").select("log_prob").collectAsList();
    }

    private static Examples testImages() {
        RunConfig config = RunDirectory.open(images).readConfig();
        return DataSources.source(config.data(), Path.of("datasets"))
                .load(ProgressListener.none())
                .test();
    }

    private static byte[] pixels(Examples set, int i) {
        byte[] pixels = new byte[set.shape().size()];
        ((ImageSet) set).copyPixels(i, pixels, 0);
        return pixels;
    }

    @Test
    void latentsAndReconstructionsAreThoseOfTheJavaInterface() {
        Examples test = testImages().slice(0, 30);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < test.size(); i++) {
            rows.add(RowFactory.create((long) i, pixels(test, i)));
        }
        StructType schema = new StructType().add("place", DataTypes.LongType).add("pixels", DataTypes.BinaryType);
        List<Row> scored = new LikelihoodScorer()
                .setRun(images.toString())
                .setIdCol("place")
                .setOutputs("latent", "reconstruction")
                .transform(spark.createDataFrame(rows, schema).repartition(3))
                .collectAsList();
        try (OpenedModel model = OpenedModel.open(images)) {
            NoiseSource noise = model.noise().withSplit("input");
            double[][] latents =
                    model.encode(test, noise).castTo(DataType.DOUBLE).toDoubleMatrix();
            double[][] made = model.reconstruct(test, noise)
                    .reconstructed()
                    .reshape(test.size(), -1)
                    .castTo(DataType.DOUBLE)
                    .toDoubleMatrix();
            assertThat(scored).hasSize(test.size());
            for (Row row : scored) {
                int place = Math.toIntExact(row.<Long>getAs("place"));
                assertThat(row.<Double>getList(row.fieldIndex("latent")))
                        .containsExactly(Arrays.stream(latents[place]).boxed().toArray(Double[]::new));
                assertThat(row.<Double>getList(row.fieldIndex("reconstruction")))
                        .isEqualTo(Arrays.stream(made[place]).boxed().toList());
            }
        }
    }

    @Test
    void reconstructedRowsHaveTheirColumns() {
        Row row = new LikelihoodScorer()
                .setRun(flow.toString())
                .setIdCol("place")
                .setOutputs("reconstruction")
                .transform(table(2).where("place = 3"))
                .first();
        Row made = row.getAs("reconstruction");
        Line line = Line.of(3);
        // A flow inverts itself.
        assertThat(made.<String>getAs("word")).isEqualTo(line.word());
        assertThat(made.<Double>getAs("t")).isEqualTo(line.t());
        assertThat(made.<String>getAs("day")).isEqualTo(line.day().toString());
        assertThat(made.<String>getAs("member")).isEqualTo(line.member() ? "yes" : "no");
        assertThat(made.<Double>getAs("x")).isCloseTo(line.x(), within(1e-3));
    }

    @Test
    void aSavedPipelineScoresWithoutTheRun() throws IOException {
        Dataset<Row> rows = table(3);
        Path copy = folder.resolve("copy");
        try (var files = Files.walk(flow)) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(flow.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        LikelihoodScorer scorer =
                new LikelihoodScorer().setRun(copy.toString()).setIdCol("place").setDraws(2);
        List<Row> before = scorer.transform(rows).orderBy("place").collectAsList();
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {scorer});
        String saved = folder.resolve("pipeline").toString();
        pipeline.fit(rows).write().overwrite().save(saved);
        Files.move(copy, folder.resolve("elsewhere"));
        PipelineModel loaded = PipelineModel.load(saved);
        assertThat(loaded.transform(rows).orderBy("place").collectAsList()).isEqualTo(before);
    }

    @Test
    void mistakesAreToldInALineBeforeAnyRowIsScored() {
        Dataset<Row> rows = table(2);
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(
                        () -> new LikelihoodScorer().setRun(folder + "/none").transform(rows))
                .withMessageContaining("not a run directory");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> new LikelihoodScorer()
                        .setRun(flow.toString())
                        .setOutputs("elbo")
                        .transform(rows))
                .withMessage(
                        "there is no elbo of this model; of likelihoods there are [log_prob, standard_error, bound,"
                                + " bound_error, effective_draws]");
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> new LikelihoodScorer().setRun(flow.toString()).transform(rows.drop("t")))
                .withMessage("the data set has no column 't', which the run takes; it has place, word, day, member, x");
    }

    @Test
    void aRowThatTheModelCannotTakeIsTold() {
        Dataset<Row> rows = table(2).withColumn(
                        "word", org.apache.spark.sql.functions.expr("case when place = 5 then 'east' else word end"));
        LikelihoodScorer scorer = new LikelihoodScorer().setRun(flow.toString()).setIdCol("place");
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> scorer.transform(rows).collectAsList())
                .withStackTraceContaining("column 'word': expected one of the training data's 3 values");
        assertThat(scorer.setHandleInvalid("skip").transform(rows).count()).isEqualTo(ROWS - 1);
        List<Row> kept = scorer.setHandleInvalid("keep")
                .transform(rows)
                .where("log_prob is null")
                .collectAsList();
        assertThat(kept).hasSize(1);
        assertThat(kept.get(0).<Long>getAs("place")).isEqualTo(5);
    }

    @Test
    void equalRowsHaveEqualNoiseWithoutNumbers() {
        Dataset<Row> rows = table(4);
        LikelihoodScorer scorer = new LikelihoodScorer().setRun(vae.toString());
        assertThat(scorer.transform(rows).orderBy("place").collectAsList())
                .isEqualTo(scorer.transform(table(2)).orderBy("place").collectAsList());
        assertThat(String.format(Locale.ROOT, "%d", scorer.transform(rows).count()))
                .isEqualTo("" + ROWS);
    }
}
