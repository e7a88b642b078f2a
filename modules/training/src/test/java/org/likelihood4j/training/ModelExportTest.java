package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.training.io.Safetensors;
import org.likelihood4j.training.io.Tensor;
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
                    Json.LINE.readTree(Files.readString(export.resolve("model.json"))),
                    Safetensors.read(export.resolve("weights.safetensors")));
        }

        double[] tensor(String name) {
            return weights.tensor(name).toDoubles();
        }

        /** x @ weight + bias. */
        double[] affine(double[] x, String path) {
            double[] weight = tensor(path + "/weight");
            double[] y = tensor(path + "/bias").clone();
            for (int i = 0; i < x.length; i++) {
                for (int j = 0; j < y.length; j++) {
                    y[j] += x[i] * weight[i * y.length + j];
                }
            }
            return y;
        }

        double[] network(double[] x, String path, int hidden, DoubleUnaryOperator activation) {
            for (int i = 0; i < hidden; i++) {
                x = Arrays.stream(affine(x, path + "/layer" + i))
                        .map(activation)
                        .toArray();
            }
            return affine(x, path + "/output");
        }

        double constant(String name) {
            return json.get("constants").get(name).doubleValue();
        }
    }

    private static RunDirectory train(String model, String... overrides) {
        return TinyRun.train(runs, TinyRun.config(model, overrides));
    }

    private static Stranger exported(RunDirectory run, String folder) throws IOException {
        ModelExport.write(run, "last", runs.resolve(folder));
        return Stranger.read(runs.resolve(folder));
    }

    @Test
    void aVaeCanBeComputedWith() throws IOException {
        RunDirectory run = train(
                TinyRun.VAE,
                "precision=float64",
                "model.encoder.activation=tanh",
                "model.decoder.activation=softplus",
                "model.likelihood.type=gaussian");
        Stranger stranger = exported(run, "vae");
        assertThat(stranger.json().get("compute").get("encode").get(0).stringValue())
                .isEqualTo("x = data / 255");
        assertThat(stranger.json().get("compute").get("encode").get(1).stringValue())
                .isEqualTo("h0 = tanh(x @ encoder/layer0/weight + encoder/layer0/bias)");
        try (OpenedModel model = OpenedModel.open(run.path(), "last")) {
            INDArray pixels = Nd4j.arange(784).reshape(1, 784).fmod(256).castTo(DataType.UINT8);
            double[] x = pixels.castTo(DataType.DOUBLE).div(255).toDoubleVector();
            double[] latent = Arrays.copyOf(stranger.network(x, "encoder", 1, Math::tanh), 4);
            assertThat(model.encode(pixels).toDoubleVector()).containsExactly(latent, within(1e-10));
            double[] intensity = stranger.network(latent, "decoder", 1, y -> Math.log1p(Math.exp(y)));
            INDArray z = Nd4j.create(new double[][] {latent});
            assertThat(model.decode(z).reshape(784).toDoubleVector()).containsExactly(intensity, within(1e-10));
        }
    }

    @Test
    void aFlowCanBeComputedWith() throws IOException {
        RunDirectory run =
                train(TinyRun.FLOW, "precision=float64", "model.couplings=3", "training.optimizer.learningRate=0.01");
        Stranger stranger = exported(run, "flow");
        try (OpenedFlow model = (OpenedFlow) OpenedModel.open(run.path(), "last")) {
            INDArray pixels =
                    ArrayOfDigits.pixels(TinyRun.data(run.readConfig()).test(), 1);
            // The dequantised pixels (data + u)/levels, as the model saw them.
            double[] v = model.reconstruct(pixels).seen().reshape(784).toDoubleVector();
            double[] logProb = new double[1];
            double[] latent = encode(stranger, v, logProb);
            assertThat(model.encode(pixels).reshape(784).toDoubleVector()).containsExactly(latent, within(1e-8));
            assertThat(model.logProb(pixels).getDouble(0)).isCloseTo(logProb[0], within(1e-6));
            assertThat(decode(stranger, latent)).containsExactly(v, within(1e-9));
            INDArray z = Nd4j.create(new double[][] {latent});
            assertThat(model.decode(z).reshape(784).toDoubleVector()).containsExactly(v, within(1e-9));
        }
    }

    private static double[] encode(Stranger s, double[] v, double[] logProb) {
        double alpha = s.constant("alpha");
        double bound = s.constant("bound");
        int half = (int) s.constant("firstHalf");
        JsonNode order = s.json().get("constants").get("order");
        double[] shift = s.tensor("standardization/shift");
        double[] logScale = s.tensor("standardization/logScale");
        double[] y = new double[784];
        double log = 0;
        for (int i = 0; i < 784; i++) {
            int from = order.get(i).intValue();
            double p = alpha + (1 - 2 * alpha) * v[from];
            y[i] = (Math.log(p) - Math.log(1 - p) - shift[from]) / Math.exp(logScale[from]);
            log += -Math.log(s.constant("levels"))
                    + Math.log(1 - 2 * alpha)
                    - Math.log(p)
                    - Math.log(1 - p)
                    - logScale[from];
        }
        for (int block = 0; block < 3; block++) {
            String path = "coupling" + block;
            boolean first = block % 2 == 0;
            double[] y1 = Arrays.copyOfRange(y, first ? 0 : half, first ? half : 784);
            double[] y2 = Arrays.copyOfRange(y, first ? half : 0, first ? 784 : half);
            double[] output = s.network(y2, path + "/conditioner", 1, x -> Math.max(x, 0));
            double[] scale = s.tensor(path + "/scale");
            for (int i = 0; i < y1.length; i++) {
                double g = bound * Math.tanh(output[y1.length + i] / bound);
                y1[i] = Math.exp(g) * y1[i] + output[i];
                log += g;
            }
            for (int i = 0; i < y2.length; i++) {
                double t = bound * Math.tanh(scale[i] / bound);
                y2[i] = Math.exp(t) * y2[i];
                log += t;
            }
            System.arraycopy(y1, 0, y, first ? 0 : half, y1.length);
            System.arraycopy(y2, 0, y, first ? half : 0, y2.length);
        }
        for (double z : y) {
            log += -z * z / 2 - Math.log(2 * Math.PI) / 2;
        }
        logProb[0] = log;
        return y;
    }

    private static double[] decode(Stranger s, double[] latent) {
        double alpha = s.constant("alpha");
        double bound = s.constant("bound");
        int half = (int) s.constant("firstHalf");
        double[] y = latent.clone();
        for (int block = 2; block >= 0; block--) {
            String path = "coupling" + block;
            boolean first = block % 2 == 0;
            double[] y1 = Arrays.copyOfRange(y, first ? 0 : half, first ? half : 784);
            double[] y2 = Arrays.copyOfRange(y, first ? half : 0, first ? 784 : half);
            double[] scale = s.tensor(path + "/scale");
            for (int i = 0; i < y2.length; i++) {
                y2[i] /= Math.exp(bound * Math.tanh(scale[i] / bound));
            }
            double[] output = s.network(y2, path + "/conditioner", 1, x -> Math.max(x, 0));
            for (int i = 0; i < y1.length; i++) {
                y1[i] = (y1[i] - output[i]) / Math.exp(bound * Math.tanh(output[y1.length + i] / bound));
            }
            System.arraycopy(y1, 0, y, first ? 0 : half, y1.length);
            System.arraycopy(y2, 0, y, first ? half : 0, y2.length);
        }
        double[] v = new double[784];
        for (int i = 0; i < 784; i++) {
            int to = s.json().get("constants").get("order").get(i).intValue();
            double x =
                    y[i] * Math.exp(s.tensor("standardization/logScale")[to]) + s.tensor("standardization/shift")[to];
            v[to] = (1 / (1 + Math.exp(-x)) - alpha) / (1 - 2 * alpha);
        }
        return v;
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
        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(() -> ModelExport.write(run, "last", folder))
                .withMessage(folder + ": exists already, and nothing is written over; choose another with --output");
        assertThat(file).hasContent("mine");
        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(() -> ModelExport.write(run, "last", file.resolve("below")))
                .withMessageContaining("cannot be made (");
        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(() -> ModelExport.write(run, "epoch-0077", runs.resolve("new")))
                .withMessageContaining("epoch-0077");
        assertThat(runs.resolve("new")).doesNotExist();
    }
}
