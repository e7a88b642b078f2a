package org.likelihood4j.inference.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.random.CounterRandom;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.kinds.ModelFormulas;
import org.likelihood4j.inference.kinds.Vocabulary;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.FunctionInput.NoiseInput;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.TinyRun;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.databind.JsonNode;

/** Exports are read as a stranger would: the two files and plain arithmetic, nothing of the project's models. */
class ModelExportTest {
    @TempDir
    private static Path runs;

    /** A stranger's program. */
    private record Stranger(JsonNode json, Safetensors.Contents weights) {
        static Stranger read(Path export) throws IOException {
            return new Stranger(
                    JsonFiles.LINE.readTree(Files.readString(export.resolve("model.json"))),
                    Safetensors.read(export.resolve("weights.safetensors")));
        }

        List<String> lines(String recipe) {
            return json.get("compute").get(recipe).values().stream()
                    .map(JsonNode::stringValue)
                    .toList();
        }

        /** Starts with tensors and constants, as the notation says. */
        FormulaInterpreter interpreter(Map<String, double[][]> given, FormulaInterpreter.NewNoise noise) {
            Map<String, double[][]> known = new HashMap<>(given);
            weights.tensors().forEach(tensor -> known.put(tensor.name(), matrix(tensor)));
            json.get("constants").properties().forEach(constant -> {
                JsonNode value = constant.getValue();
                known.put(
                        constant.getKey(),
                        value.isArray()
                                ? new double[][] {
                                    value.values().stream()
                                            .mapToDouble(JsonNode::doubleValue)
                                            .toArray()
                                }
                                : FormulaInterpreter.number(value.doubleValue()));
            });
            return new FormulaInterpreter(known, noise);
        }

        private static double[][] matrix(Tensor tensor) {
            double[] values = tensor.toDoubles();
            int columns = tensor.shape().get(tensor.shape().size() - 1).intValue();
            double[][] matrix = new double[values.length / columns][];
            Arrays.setAll(matrix, row -> Arrays.copyOfRange(values, row * columns, (row + 1) * columns));
            return matrix;
        }
    }

    private static RunDirectory train(String model, String... overrides) {
        return TinyRun.train(runs, TinyRun.config(model, overrides));
    }

    private static Stranger exported(RunDirectory run, String folder) throws IOException {
        ModelExport.write(run, "last", runs.resolve(folder));
        return Stranger.read(runs.resolve(folder));
    }

    private static final int ROWS = 5;

    /** The noise of a function's inputs, in the order in which they are asked for. */
    private static FormulaInterpreter.NewNoise noise(
            ModelFunction function, BiFunction<NoiseInput, Integer, Long> key) {
        Map<String, Deque<double[][]>> arrays = new HashMap<>();
        for (FunctionInput input : function.inputs()) {
            if (input instanceof NoiseInput noise) {
                String kind = noise.distribution() == Noise.NORMAL ? "normal" : "uniform";
                arrays.computeIfAbsent(kind + noise.size(), any -> new ArrayDeque<>())
                        .add(InputArrays.noise(noise, DataType.DOUBLE, ROWS, row -> key.apply(noise, row))
                                .toDoubleMatrix());
            }
        }
        return (distribution, size) -> arrays.get(distribution + size).remove();
    }

    /** The same that the program draws for its samples. */
    private static FormulaInterpreter.NewNoise samplingNoise(ModelFunction function, long seed) {
        long seeded = CounterRandom.key(seed, "sample");
        FunctionInput first = function.inputs().get(0);
        return noise(
                function,
                (input, row) ->
                        CounterRandom.key(input.equals(first) ? seeded : CounterRandom.key(seeded, input.name()), row));
    }

    /** The lines of every kind of model encode, decode, sample and score as the program does, in float64. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            digits | type: vae, latent: 4, encoder: {hidden: [9, 7], activation: tanh}, decoder: {hidden: [8], activation: softplus}
            digits | type: vae, latent: 3, encoder: {hidden: [9], activation: elu}, decoder: {hidden: [], activation: relu}, \
            likelihood: {type: gaussian, sigma: 0.3}, prior: {type: mixture, components: 3}
            digits | type: vae, latent: 5, encoder: {hidden: [9], activation: swish}, decoder: {hidden: [8], activation: sigmoid}, \
            likelihood: {type: bernoulli, binarization: static}, prior: {type: realnvp, couplings: 3, conditioner: {hidden: [6]}}
            digits | type: vae, latent: 2, encoder: {hidden: [9]}, decoder: {hidden: [8]}, \
            likelihood: {type: bernoulli, binarization: none}
            digits | type: vae, latent: 3, encoder: {hidden: [9]}, decoder: {hidden: [8]}, condition: label, \
            prior: {type: realnvp, couplings: 2, conditioner: {hidden: [6]}}
            digits | type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [9]}, alpha: 0.01, condition: label
            toy | type: vae, latent: 3, encoder: {hidden: [9]}, decoder: {hidden: [8]}, \
            likelihood: {type: gaussian, sigma: 0.2}
            toy | type: vae, latent: 1, encoder: {hidden: [9]}, decoder: {hidden: [8]}, \
            likelihood: {type: gaussian, sigma: 0.2}, prior: {type: mixture, components: 4}
            toy | type: vae, latent: 3, encoder: {hidden: [9]}, decoder: {hidden: [8]}, \
            likelihood: {type: gaussian, sigma: 0.2}, prior: {type: realnvp, couplings: 2, conditioner: {hidden: [6]}}
            toy | type: vae, latent: 3, encoder: {hidden: [9]}, decoder: {hidden: [8]}, \
            likelihood: {type: gaussian, sigma: 0.2}, prior: {type: realnvp, couplings: 2, family: spline, bins: 4, conditioner: {hidden: [6]}}
            digits | type: realnvp, architecture: flat, couplings: 3, conditioner: {hidden: [16]}, alpha: 0.01
            digits | type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [5, 4], activation: tanh}, mask: halves, alpha: 0.01
            toy | type: realnvp, couplings: 3, conditioner: {hidden: [16]}
            toy | type: realnvp, couplings: 3, family: affine, conditioner: {hidden: [16]}
            toy | type: realnvp, couplings: 3, family: spline, bins: 5, tailBound: 2, conditioner: {hidden: [16]}
            toy | type: realnvp, couplings: 3, mixing: permutation, conditioner: {type: residual, width: 9, blocks: 2, dropout: 0.2}
            toy | type: realnvp, couplings: 3, family: additive, mixing: lu, conditioner: {hidden: [9], dropout: 0.1}
            toy | type: realnvp, architecture: autoregressive, couplings: 3, conditioner: {hidden: [9, 7], activation: tanh}
            toy | type: realnvp, architecture: autoregressive, couplings: 3, family: spline, bins: 3, mixing: lu, \
            conditioner: {type: residual, width: 8, blocks: 1}
            digits | type: realnvp, architecture: flat, couplings: 2, family: spline, conditioner: {hidden: [16]}, alpha: 0.01
            digits | type: realnvp, architecture: flat, couplings: 3, family: additive, conditioner: {hidden: [16]}, alpha: 0.01
            """)
    void aStrangerNeedsTheTwoFilesOnly(String data, String model) throws IOException {
        RunDirectory run = train(
                "model: {" + model + "}\n" + (model.contains("vae") ? "diagnostics: {gradientDraws: 0}\n" : ""),
                "precision=float64",
                "data.type=" + data,
                "data.train=80",
                "data.validation=20",
                "data.test=30",
                "training.epochs=1",
                "training.optimizer.learningRate=0.05");
        Stranger stranger = exported(run, "of-" + run.path().getFileName());
        TrainedModel trained = TinyRun.open(run, "last");
        Model graphs = trained.values().model();
        Examples set = TinyRun.data(run.readConfig()).test().slice(0, ROWS);
        double[][] stored = new double[ROWS][];
        Arrays.setAll(stored, set::values);
        Batch batch = Batches.evaluation(set, ROWS, 0);
        NoiseKeys keys = NoiseKeys.evaluation(run.readConfig().seed(), 1, "test", 0);
        ModelFunction seen = graphs.hasLikelihood() ? graphs.logWeight() : graphs.encode();
        FormulaInterpreter reader = stranger.interpreter(
                told(graphs, set, Map.of("data", stored)), noise(seen, (input, row) -> keys.key(input, batch, row)));
        String shown = stranger.lines("decode")
                .get(stranger.lines("decode").size() - 1)
                .split(" ", 2)[0];

        double[][] latent = reader.run(stranger.lines("encode"), "latent");
        int[] places = IntStream.range(0, ROWS).toArray();
        assertClose(latent, trained.encode(set, places, "test").toArray(double[][]::new));
        if (graphs.hasLikelihood()) {
            double[][] logProb = reader.run(stranger.lines("logProb"), "logProb");
            double[] expected = trained.logWeights(set, "test");
            for (int row = 0; row < ROWS; row++) {
                assertThat(logProb[row][0]).isCloseTo(expected[row], within(1e-9 * Math.abs(expected[row]) + 1e-9));
            }
        } else {
            assertThat(stranger.lines("logProb")).isEmpty();
        }
        try (OpenedModel opened = OpenedModel.open(run.path(), "last")) {
            double[][] decoded = stranger.interpreter(told(graphs, set, Map.of("latent", latent)), null)
                    .run(stranger.lines("decode"), shown);
            int[] labels = IntStream.range(0, ROWS).map(set::label).toArray();
            boolean conditional = graphs.condition().isPresent();
            assertClose(
                    decoded,
                    rows(
                            conditional
                                    ? opened.decode(Nd4j.create(latent), labels)
                                    : opened.decode(Nd4j.create(latent))));
            Map<String, double[][]> temperature =
                    told(graphs, set, Map.of("temperature", FormulaInterpreter.number(0.7)));
            double[][] sampled = stranger.interpreter(temperature, samplingNoise(graphs.sample(), 9))
                    .run(stranger.lines("sample"), shown);
            assertClose(sampled, rows(conditional ? opened.sample(labels, 0.7, 9) : opened.sample(ROWS, 0.7, 9)));
            if (shown.equals("intensity")) {
                double[][] pixels = stranger.interpreter(temperature, samplingNoise(graphs.sample(), 9))
                        .run(stranger.lines("sample"), "pixel");
                double[][] written = trained.sample(Conditions.of(graphs.condition(), labels), 0.7, 9).stream()
                        .map(image -> IntStream.range(0, image.length)
                                .mapToDouble(i -> image[i] & 0xff)
                                .toArray())
                        .toArray(double[][]::new);
                assertThat(pixels).isDeepEqualTo(written);
            }
        }
    }

    /** With what a model is told of the examples. */
    private static Map<String, double[][]> told(Model model, Examples set, Map<String, double[][]> given) {
        Map<String, double[][]> all = new HashMap<>(given);
        model.condition().ifPresent(condition -> {
            double[][] columns = new double[ROWS][condition.classes()];
            for (int row = 0; row < ROWS; row++) {
                columns[row][set.label(row)] = 1;
            }
            all.put(condition.name(), columns);
        });
        return all;
    }

    private static double[][] rows(INDArray data) {
        return data.reshape(data.size(0), data.length() / data.size(0)).toDoubleMatrix();
    }

    private static void assertClose(double[][] actual, double[][] expected) {
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int row = 0; row < expected.length; row++) {
            assertThat(actual[row]).containsExactly(expected[row], within(1e-8));
        }
    }

    /** A network may use any of them, and a stranger knows only what the notation says. */
    @ParameterizedTest
    @EnumSource
    void everyActivationIsInTheNotation(NetworkConfig.Activation activation) {
        FormulaText text = FormulaText.of(new ModelFormulas(Map.of(), List.of(), List.of(), List.of(), List.of()));
        assertThat(String.join(" ", text.notation())).containsPattern("\\b" + activation + "\\b");
        double[][] x = {{-30}, {-1.5}, {-0.1}, {0}, {0.2}, {3}, {25}};
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable y = Vocabulary.of(activation).apply(g, g.sameDiff().constant(Nd4j.create(x)));
        double[][] told = new FormulaInterpreter(Map.of("x", x), null).run(List.of("y = " + activation + "(x)"), "y");
        assertClose(told, y.eval().toDoubleMatrix());
    }

    @Test
    void everyTensorIsThereAndNamed() throws IOException {
        RunDirectory run = train(TinyRun.FLOW, "training.emaDecay=0.9");
        Stranger stranger = exported(run, "ema");
        assertThat(stranger.json().get("weights").stringValue())
                .isEqualTo("the moving average of the parameters, decay 0.9");
        assertThat(stranger.json().get("checkpoint").stringValue()).isEqualTo("epoch-0002");
        assertThat(stranger.json().get("model").get("type").stringValue()).isEqualTo("realnvp");
        List<String> listed = stranger.json().get("tensors").values().stream()
                .map(tensor -> tensor.get("name").stringValue())
                .toList();
        assertThat(stranger.weights().tensors()).extracting(Tensor::name).containsExactlyElementsOf(listed);
        for (JsonNode tensor : stranger.json().get("tensors")) {
            List<Long> shape = tensor.get("shape").values().stream()
                    .map(JsonNode::longValue)
                    .toList();
            assertThat(stranger.weights()
                            .tensor(tensor.get("name").stringValue())
                            .shape())
                    .isEqualTo(shape);
        }
        // Every tensor is used by the recipe.
        String recipe = stranger.json().get("compute").toString();
        assertThat(listed).allSatisfy(name -> assertThat(recipe).contains(name));
        try (OpenedModel model = OpenedModel.open(run.path(), "last")) {
            INDArray opened = model.weight("coupling0/conditioner/layer0/weight");
            assertThat(opened.reshape(opened.length()).toFloatVector())
                    .containsExactly(stranger.weights()
                            .tensor("coupling0/conditioner/layer0/weight")
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
