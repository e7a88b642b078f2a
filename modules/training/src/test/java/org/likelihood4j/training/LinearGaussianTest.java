package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.Estimate;
import org.likelihood4j.inference.ImportanceEstimate;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.arrays.ArrayExamples;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.statistics.Moments;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A VAE without hidden layers, trained on a table through the Java API: with {@code x|z ~ N(W z + b, sigma^2 I)} and {@code z ~ N(0,
 * 1)}, {@code p(x) = N(b, W W' + sigma^2 I)} is known in closed form.
 */
class LinearGaussianTest {
    private static final double SIGMA = 0.5;

    @TempDir
    private static Path runs;

    private static final String CONFIG = """
            name: linear
            model:
              type: vae
              latent: 1
              encoder: {hidden: []}
              decoder: {hidden: []}
              likelihood: {type: gaussian, sigma: 0.5}
            diagnostics: {gradientDraws: 0}
            training: {epochs: 40, batchSize: 50, imagesEvery: 1000, optimizer: {type: adam, learningRate: 0.02}}
            """;

    private static INDArray rows(int count) {
        Random random = new Random(3);
        double[][] rows = new double[count][2];
        for (double[] row : rows) {
            double z = random.nextGaussian();
            row[0] = 100 + 5 * z + 2 * random.nextGaussian();
            row[1] = -3 + 0.2 * z - 0.1 * random.nextGaussian();
        }
        return Nd4j.createFromArray(rows);
    }

    @Test
    void estimatesAgreeWithTheClosedForm() {
        VectorShape shape = VectorShape.ofNumbers(List.of("pressure", "drift"));
        Examples all = ArrayExamples.of(rows(600), shape);
        Splits data = new Splits(all.slice(0, 500), all.slice(500, 550), all.slice(550, 600));
        RunConfig config = ConfigLoader.parse(CONFIG, "linear.yaml", List.of());
        TinyRun.Losses losses = new TinyRun.Losses();
        Trainer trainer = ArrayTraining.start(config, data, "two sensors", runs, List.of(losses));
        assertThat(trainer.run()).isEqualTo(EndReason.COMPLETED);
        assertThat(losses.values).hasSize(400);

        TrainedModel trained = TrainedModel.open(trainer.directory(), "last", shape);
        try (OpenedVae vae = (OpenedVae) OpenedModel.open(trainer.directory().path(), "last")) {
            assertThat(vae.shape()).isEqualTo(shape);
            Examples test = data.test();
            ImportanceEstimate estimate = vae.logProb(test, 2000, vae.noise());
            Estimate bound = vae.elbo(test, 200, vae.noise());
            double squares = 0;
            for (int i = 0; i < test.size(); i++) {
                double exact = exact(trained, test.values(i));
                double error = estimate.standardError().getDouble(i);
                assertThat(error).isBetween(1e-7, 0.1);
                double z = (estimate.logProb().getDouble(i) - exact) / error;
                assertThat(z).isBetween(-5.0, 5.0);
                squares += z * z / test.size();
                assertThat(bound.value().getDouble(i))
                        .isLessThan(exact + 5 * bound.standardError().getDouble(i));
            }
            // The errors are neither too large nor too small.
            assertThat(squares).isCloseTo(1, within(0.8));
            spreadOverSeedsIsTheStandardError(vae, test.slice(0, 1));
        }
    }

    private static void spreadOverSeedsIsTheStandardError(OpenedVae vae, Examples one) {
        Moments values = new Moments();
        Moments errors = new Moments();
        for (int seed = 0; seed < 80; seed++) {
            ImportanceEstimate estimate = vae.logProb(one, 200, vae.noise().withSeed(1000 + seed));
            values.add(estimate.logProb().getDouble(0));
            errors.add(estimate.standardError().getDouble(0));
        }
        // Of 80 values, the standard deviation has a relative error of 8%.
        assertThat(Math.sqrt(values.sampleVariance()) / errors.mean()).isCloseTo(1, within(0.35));
    }

    /** log N(x; b, W W' + sigma^2 I) of the standardised x, in the data's own units. */
    private static double exact(TrainedModel trained, double[] x) {
        INDArray w = trained.values().parameters().view("decoder/output/weight");
        INDArray b = trained.values().parameters().view("decoder/output/bias");
        INDArray shift = trained.values().buffers().view("standardization/shift");
        INDArray logScale = trained.values().buffers().view("standardization/logScale");
        double[] y = new double[2];
        for (int i = 0; i < 2; i++) {
            y[i] = (x[i] - shift.getDouble(i)) / Math.exp(logScale.getDouble(i)) - b.getDouble(i);
        }
        double w0 = w.getDouble(0, 0);
        double w1 = w.getDouble(0, 1);
        double a = w0 * w0 + SIGMA * SIGMA;
        double c = w1 * w1 + SIGMA * SIGMA;
        double covariance = w0 * w1;
        double determinant = a * c - covariance * covariance;
        double form = (c * y[0] * y[0] - 2 * covariance * y[0] * y[1] + a * y[1] * y[1]) / determinant;
        return -Math.log(2 * Math.PI)
                - Math.log(determinant) / 2
                - form / 2
                - logScale.getDouble(0)
                - logScale.getDouble(1);
    }
}
