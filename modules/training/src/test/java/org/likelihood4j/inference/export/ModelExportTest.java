package org.likelihood4j.inference.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.inference.ImportanceEstimate;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.score.Rows;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.training.CloseArrays;
import org.likelihood4j.training.TinyRun;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.databind.JsonNode;

/** Exports are read by the small scorer, which has nothing of the project's models and no tensor library, and by ONNX Runtime. */
class ModelExportTest {
    private static final int ROWS = 5;

    @TempDir
    private static Path runs;

    private static RunDirectory train(String model, String... overrides) {
        return TinyRun.train(runs, TinyRun.config(model, overrides));
    }

    private static Path exported(RunDirectory run, String folder) {
        Path target = runs.resolve(folder);
        ModelExport.write(run, "last", target, true);
        return target;
    }

    /** Every kind of model encodes, decodes, samples and scores as the framework does, in float64 and in float32. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            both     | digits | type: vae, latent: 4, encoder: {hidden: [9, 7], activation: tanh}, decoder: {hidden: [8], activation: softplus}
            float64 | digits | type: vae, latent: 5, encoder: {hidden: [9], activation: swish}, decoder: {hidden: [8], activation: sigmoid}, \
            likelihood: {type: bernoulli, binarization: static}, prior: {type: realnvp, couplings: 3, conditioner: {hidden: [6]}}
            float64 | digits | type: vae, latent: 2, encoder: {hidden: [9]}, decoder: {hidden: [8]}, \
            likelihood: {type: bernoulli, binarization: none}
            float64 | digits | type: vae, latent: 3, encoder: {hidden: [9]}, decoder: {hidden: [8]}, condition: label, \
            prior: {type: realnvp, couplings: 2, conditioner: {hidden: [6]}}
            both     | digits | type: vae, latent: 3, encoder: {type: conv, channels: [2, 3], blocks: 1}, \
            decoder: {type: conv, channels: [2, 3], blocks: 1, hidden: [8]}, likelihood: {type: logistic-mixture, components: 2}
            float32  | digits | type: realnvp, architecture: multiscale, dequantization: variational, \
            scales: [{checkerboard: 1, channels: 2}, {channel: 1, channels: 2}], conditioner: {type: residual, channels: 2, blocks: 1}, \
            condition: label, base: classes
            float64 | toy | type: vae, latent: 4, encoder: {hidden: [9]}, decoder: {hidden: [8]}, \
            likelihood: {type: gaussian, sigma: 0.2}, posterior: {type: iaf, steps: 2, context: 3}
            both     | digits | type: realnvp, architecture: flat, couplings: 3, conditioner: {hidden: [16]}, alpha: 0.01
            float64 | toy | type: realnvp, couplings: 3, family: spline, bins: 5, tailBound: 2, conditioner: {hidden: [16]}
            float64 | toy | type: realnvp, couplings: 3, family: additive, mixing: lu, conditioner: {hidden: [9], dropout: 0.1}
            both     | toy | type: realnvp, architecture: autoregressive, couplings: 3, family: spline, bins: 3, mixing: lu, \
            conditioner: {type: residual, width: 8, blocks: 1}
            """)
    void theSmallScorerAndOnnxRuntimeComputeTheSame(String precisions, String data, String model) {
        assertAllComputeTheSame(precisions, data, model);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            float64 | digits | type: vae, latent: 3, encoder: {hidden: [9], activation: elu}, decoder: {hidden: [], activation: relu}, \
            likelihood: {type: gaussian, sigma: 0.3}, prior: {type: mixture, components: 3}
            float64 | digits | type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [9]}, alpha: 0.01, condition: label
            both     | toy | type: vae, latent: 3, encoder: {hidden: [9]}, decoder: {hidden: [8]}, \
            likelihood: {type: gaussian, sigma: 0.2}
            float64 | toy | type: vae, latent: 3, encoder: {hidden: [9]}, decoder: {hidden: [8]}, \
            likelihood: {type: gaussian, sigma: 0.2}, prior: {type: realnvp, couplings: 2, family: spline, bins: 4, conditioner: {hidden: [6]}}
            float64 | toy | type: realnvp, couplings: 3, conditioner: {hidden: [16]}
            float64 | toy | type: realnvp, couplings: 3, mixing: permutation, conditioner: {type: residual, width: 9, blocks: 2, dropout: 0.2}
            float64 | toy | type: realnvp, couplings: 2, marginals: gaussian, conditioner: {hidden: [9]}
            """)
    void soTheyDoOfMoreModels(String precisions, String data, String model) {
        assertAllComputeTheSame(precisions, data, model);
    }

    private static void assertAllComputeTheSame(String precisions, String data, String model) {
        for (String precision : precisions.equals("both") ? List.of("float64", "float32") : List.of(precisions)) {
            RunDirectory run = train(
                    "model: {" + model + "}\n" + (model.contains("vae") ? "diagnostics: {gradientDraws: 0}\n" : ""),
                    "precision=" + precision,
                    "data.type=" + data,
                    "data.train=80",
                    "data.validation=20",
                    "data.test=30",
                    "training.epochs=1",
                    "training.optimizer.learningRate=0.05");
            Path export = exported(run, "of-" + run.path().getFileName());
            boolean wide = precision.equals("float64");
            assertSame(run, Scorer.open(export), wide ? 1e-9 : 1e-5);
            tell(
                    precision + " " + data + ", " + model,
                    OnnxComparison.assertSame(export, test(run), wide ? 1e-9 : 1e-4));
        }
    }

    private static void tell(String model, double difference) {
        System.out.printf(Locale.ROOT, "measured: ONNX Runtime differs by %.1e at most: %s%n", difference, model);
    }

    private static double[][] test(RunDirectory run) {
        Examples set = TinyRun.data(run.readConfig()).test();
        return IntStream.range(0, ROWS).mapToObj(set::values).toArray(double[][]::new);
    }

    /** Tables of all kinds of columns: with cells that are missing, which {@code complete} draws, and with columns that are given. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mask   | type: vae, latent: 3, encoder: {hidden: [8]}, decoder: {hidden: [8]}, likelihood: {type: columns}
            refuse | type: realnvp, couplings: 2, family: spline, bins: 4, conditioner: {hidden: [8]}, condition: [word, count]
            """)
    void onnxRuntimeComputesTheSameOfTables(String missing, String model) throws IOException {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(List.of("word,member,count,amount,day,price"));
        for (int i = 0; i < 200; i++) {
            double amount = random.nextGaussian();
            lines.add(String.format(
                    Locale.ROOT,
                    "%s,%s,%d,%s,2024-%02d-%02d,%.6g",
                    List.of("north", "south", "west").get(random.nextInt(3)),
                    random.nextBoolean() ? "yes" : "no",
                    random.nextInt(9),
                    missing.equals("mask") && i % 9 == 0 ? "" : String.format(Locale.ROOT, "%.6g", amount),
                    1 + random.nextInt(12),
                    1 + random.nextInt(28),
                    Math.exp(amount + random.nextGaussian())));
        }
        Path table = Files.write(runs.resolve(missing + ".csv"), lines);
        RunConfig config = ConfigLoader.parse(
                "name: " + missing + "\ndata: {type: csv, path: '" + table + "', validation: 0.2, test: 0.2, missing: "
                        + missing
                        + ", columns: {word: category, member: boolean, count: integer, amount: number, day: date, price: log}}\n"
                        + "model: {" + model + "}\ntraining: {epochs: 2, batchSize: 20, imagesEvery: 9}\n"
                        + (missing.equals("mask") ? "diagnostics: {gradientDraws: 0}\n" : "")
                        + "evaluation: {repeats: 1, importanceSamples: 3}\n",
                "table.yaml",
                List.of());
        config = DataSources.resolved(config, TinyRun.data(config).train().shape());
        RunDirectory run = TinyRun.train(runs, config);
        Path export = exported(run, "of-" + missing);
        tell("float32 table, missing: " + missing + ", " + model, OnnxComparison.assertSame(export, test(run), 1e-4));
        assertThat(Files.exists(export.resolve("onnx/complete.onnx"))).isEqualTo(missing.equals("mask"));
    }

    private static void assertSame(RunDirectory run, Scorer scorer, double tolerance) {
        TrainedModel trained = TinyRun.open(run, "last");
        Model model = trained.values().model();
        Examples set = TinyRun.data(run.readConfig()).test().slice(0, ROWS);
        double[][] stored = new double[ROWS][];
        Arrays.setAll(stored, set::values);
        int[] labels = IntStream.range(0, ROWS).map(set::label).toArray();
        Rows rows = Rows.of(stored).labelled(labels).ofData("test");
        int[] places = IntStream.range(0, ROWS).toArray();
        // A logit of a pixel in float32 has lost digits where the pixel is white.
        assertClose(scorer.encode(rows), trained.encode(set, places, "test").toArray(double[][]::new), 10 * tolerance);
        if (model.hasLikelihood()) {
            double[] logWeights = trained.logWeights(set, "test");
            double[] scores = Arrays.stream(scorer.score(rows, 1))
                    .mapToDouble(score -> score.logProb())
                    .toArray();
            assertClose(new double[][] {scores}, new double[][] {logWeights}, tolerance);
        } else {
            assertThatExceptionOfType(org.likelihood4j.score.files.ExportException.class)
                    .isThrownBy(() -> scorer.score(rows, 1))
                    .withMessageContaining("has no likelihood");
        }
        boolean conditional = scorer.conditionClasses() > 0;
        try (OpenedModel opened = OpenedModel.open(run.path(), "last")) {
            if (model.hasLikelihood() && !scorer.isExact()) {
                double[] three = Arrays.stream(scorer.score(rows, 3))
                        .mapToDouble(score -> score.logProb())
                        .toArray();
                ImportanceEstimate estimate = opened instanceof OpenedFlow flow
                        ? flow.logProb(set, 3, flow.noise())
                        : ((OpenedVae) opened).logProb(set, 3, opened.noise());
                assertClose(
                        new double[][] {three},
                        new double[][] {estimate.logProb().toDoubleVector()},
                        tolerance);
            }
            assertClose(
                    scorer.reconstruct(rows),
                    rows(opened.reconstruct(set, opened.noise()).reconstructed()),
                    10 * tolerance);
            double[][] expected = rows(conditional ? opened.sample(labels, 0.7, 9) : opened.sample(ROWS, 0.7, 9));
            // What is drawn in float32 has gone through an exponential or two.
            assertClose(
                    conditional ? scorer.sample(labels, 0.7, 9) : scorer.sample(ROWS, 0.7, 9),
                    expected,
                    10 * tolerance);
            double[][] latent = scorer.encode(rows);
            INDArray latents = Nd4j.create(latent);
            assertClose(
                    conditional ? scorer.decode(latent, rows) : scorer.decode(latent),
                    rows(conditional ? opened.decode(latents, labels) : opened.decode(latents)),
                    10 * tolerance);
        }
    }

    private static double[][] rows(INDArray data) {
        return data.reshape(data.size(0), data.length() / data.size(0)).toDoubleMatrix();
    }

    private static void assertClose(double[][] actual, double[][] expected, double tolerance) {
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int row = 0; row < expected.length; row++) {
            double size = Math.max(
                    1, Arrays.stream(expected[row]).map(Math::abs).max().orElse(0));
            CloseArrays.assertWithin(actual[row], expected[row], tolerance * size, "row " + row);
        }
    }

    @Test
    void everyTensorIsThereAndNamed() throws IOException {
        RunDirectory run = train(TinyRun.FLOW, "training.emaDecay=0.9");
        Path export = exported(run, "ema");
        JsonNode json = JsonFiles.LINE.readTree(Files.readString(export.resolve("model.json")));
        Safetensors.Contents weights = Safetensors.read(export.resolve("weights.safetensors"));
        assertThat(json.get("weights").stringValue()).isEqualTo("the moving average of the parameters, decay 0.9");
        assertThat(json.get("checkpoint").stringValue()).isEqualTo("epoch-0002");
        assertThat(json.get("model").get("type").stringValue()).isEqualTo("realnvp");
        // Every tensor is used by the program.
        String program = Files.readString(export.resolve("program.json"));
        assertThat(weights.tensors())
                .extracting(Tensor::name)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(program).contains("\"" + name + "\""));
        try (OpenedModel model = OpenedModel.open(run.path(), "last")) {
            INDArray opened = model.weight("coupling0/conditioner/layer0/weight");
            assertThat(opened.reshape(opened.length()).toFloatVector())
                    .containsExactly(weights.tensor("coupling0/conditioner/layer0/weight")
                            .toFloats());
        }
    }

    @Test
    void nothingIsWrittenOver() throws IOException {
        RunDirectory run = train(TinyRun.VAE, "training.epochs=1");
        Path folder = Files.createDirectory(runs.resolve("there"));
        Path file = Files.writeString(folder.resolve("mine.txt"), "mine");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> ModelExport.write(run, "last", folder))
                .withMessage(folder + ": exists already, and nothing is written over; choose another with --output");
        assertThat(file).hasContent("mine");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> ModelExport.write(run, "last", file.resolve("below")))
                .withMessageContaining("cannot be made (");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> ModelExport.write(run, "epoch-0077", runs.resolve("new")))
                .withMessageContaining("epoch-0077");
        assertThat(runs.resolve("new")).doesNotExist();
    }
}
