package org.likelihood4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.Trainer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every example on digits and networks so small that it takes seconds. */
class ExamplesTest {
    private static final String REST = """
            data: {type: digits, train: 1500, validation: 50, test: 300}
            training: {epochs: 4, batchSize: 50, imagesEvery: 1000, optimizer: {type: adam, learningRate: 0.003}}
            """;
    private static final String VAE = REST + """
            name: vae
            model: {type: vae, latent: 10, encoder: {hidden: [64, 32], activation: tanh}, decoder: {hidden: [64]}}
            diagnostics: {gradientDraws: 0}
            """;
    private static final String FLOW = REST
            + "name: flow\nmodel: {type: realnvp, architecture: flat, couplings: 4, conditioner: {hidden: [64]}}\n";

    @TempDir
    private static Path runs;

    private static Splits data;

    @BeforeAll
    static void train() {
        for (String yaml : List.of(VAE, FLOW)) {
            RunConfig config = ConfigLoader.parse(yaml, "x.yaml", List.of());
            data = DataSources.source(config.data(), Path.of("none")).load(ProgressListener.none());
            RunDirectory run = RunDirectory.create(runs, config);
            new Trainer(config, data, run, EnvironmentProvenance.gather(data, "digits", config), List.of()).run();
        }
    }

    private static String printed(Consumer<PrintStream> example) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        example.accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aGlanceTellsLikelihoodsOfBothModels() {
        assertThat(printed(out -> Glance.run(runs.resolve("vae"), out))).contains("log p(x), nats: [", " +- [");
        assertThat(printed(out -> Glance.run(runs.resolve("flow"), out)))
                .contains("latents of the first: [", "log p(x), nats: [")
                .doesNotContain("+-");
    }

    @Test
    void theTourGoesThroughBothModels() {
        assertThat(printed(out -> Tour.run(runs.resolve("vae"), out)))
                .contains("samples [16, 1, 28, 28], latents [16, 10]")
                .containsPattern("image 2: ELBO -[0-9.]+ \\+- [0-9.]+, log p\\(x\\) -[0-9.]+ \\+- [0-9.]+ nats");
        assertThat(printed(out -> Tour.run(runs.resolve("flow"), out)))
                .contains("samples [16, 1, 28, 28], latents [16, 784]")
                .containsPattern("log p\\(x\\) -?[0-9.]+ nats on average, [0-9.]+ bits/dim");
    }

    @Test
    void dl4jsLayersAreTheEncoder() {
        try (OpenedVae vae = (OpenedVae) OpenedModel.open(runs.resolve("vae"))) {
            MultiLayerNetwork network = LatentClassifier.classifier(vae, true);
            // Binary images are the same before and after binarisation.
            INDArray pixels = Nd4j.rand(DataType.FLOAT, 20, 784)
                    .gt(0.7)
                    .castTo(DataType.UINT8)
                    .mul(255);
            INDArray latents = vae.encode(pixels);
            INDArray theirs =
                    network.feedForward(pixels.castTo(DataType.FLOAT).div(255)).get(3);
            assertThat(theirs.shape()).containsExactly(20, 10);
            assertThat(theirs.equalsWithEps(latents, 1e-4)).isTrue();

            INDArray before = network.getParam("0_W").dup();
            INDArray head = network.getParam("3_W").dup();
            double accuracy = LatentClassifier.accuracy(network, data, 8);
            assertThat(network.getParam("0_W")).as("frozen").isEqualTo(before);
            assertThat(network.getParam("3_W")).as("trained").isNotEqualTo(head);
            // Ten classes: a guess is right one time in ten.
            assertThat(accuracy).isGreaterThan(0.4);
        }
    }

    @Test
    void damagedDigitsAreLessLikely() {
        try (OpenedModel vae = OpenedModel.open(runs.resolve("vae"));
                OpenedModel flow = OpenedModel.open(runs.resolve("flow"))) {
            ImageSet test = (ImageSet) data.test().slice(0, 100);
            for (OpenedModel model : List.of(vae, flow)) {
                double[] usual = AnomalyScores.score(model, test);
                for (String name : List.of("inverted", "pixels shuffled", "a tenth is noise")) {
                    ImageSet damaged =
                            AnomalyScores.damaged(test, AnomalyScores.damages().get(name));
                    assertThat(AnomalyScores.areaUnderCurve(usual, AnomalyScores.score(model, damaged)))
                            .as(name)
                            .isGreaterThan(0.95);
                }
            }
            assertThat(printed(out -> AnomalyScores.run(runs.resolve("flow"), out)))
                    .contains("test images", "upside down", "AUC");
        }
    }

    @Test
    void damagesDoWhatTheySay() {
        ImageShape shape = new ImageShape(2, 2, 2);
        ImageSet one = new ImageSet(shape, new byte[] {0, 1, 2, 3, 4, 5, 6, (byte) 255}, new int[1]);
        assertThat(AnomalyScores.damaged(one, AnomalyScores.damages().get("inverted"))
                        .values(0))
                .containsExactly(255, 254, 253, 252, 251, 250, 249, 0);
        assertThat(AnomalyScores.damaged(one, AnomalyScores.damages().get("upside down"))
                        .values(0))
                .containsExactly(2, 3, 0, 1, 6, 255, 4, 5);
        assertThat(AnomalyScores.damaged(one, AnomalyScores.damages().get("pixels shuffled"))
                        .values(0))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 255);
        assertThat(AnomalyScores.areaUnderCurve(new double[] {1, 2}, new double[] {0, 1.5}))
                .isEqualTo(0.75);
        assertThat(AnomalyScores.areaUnderCurve(new double[] {1}, new double[] {1}))
                .isEqualTo(0.5);
    }

    @Test
    void ownDataAreLearned() {
        StringBuilder text = new StringBuilder();
        double[] gap = new double[1];
        text.append(printed(out -> gap[0] = OwnData.run(
                runs,
                out,
                List.of("training.epochs=5", "training.optimizer.learningRate=0.004", "training.batchSize=100"))));
        assertThat(text).contains("log p(0.00, 3.00)", "KL(true || model)");
        // A Gaussian with the true mean and covariance, the best without curves, is this far away.
        assertThat(gaussianGap()).isGreaterThan(0.5);
        assertThat(gap[0]).isBetween(-0.05, 0.4);
    }

    /** KL(true || best Gaussian): the difference of their entropies. */
    private static double gaussianGap() {
        // Var(y) = Var(x^2)/16 + 0.25 = 2 * 16/16 + 0.25; x and y are uncorrelated.
        double gaussian = Math.log(2 * Math.PI * Math.E) + Math.log(2 * Math.sqrt(2.25));
        double truth = Math.log(2 * Math.PI * Math.E) + Math.log(2 * 0.5);
        assertThat(Arrays.stream(OwnData.banana(100_000, 2).getColumn(1).toDoubleVector())
                        .average()
                        .orElseThrow())
                .isCloseTo(1, within(0.05));
        return gaussian - truth;
    }
}
