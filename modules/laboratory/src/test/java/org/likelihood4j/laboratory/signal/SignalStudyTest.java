package org.likelihood4j.laboratory.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.LossConfig.Estimator;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.arrays.ArrayExamples;
import org.likelihood4j.laboratory.signal.SignalReport.Row;
import org.likelihood4j.laboratory.signal.SignalReport.Slope;
import org.likelihood4j.training.ArrayTraining;
import org.likelihood4j.training.Trainer;
import org.nd4j.linalg.factory.Nd4j;

class SignalStudyTest {
    private static final String LINEAR = """
            name: linear
            model:
              type: vae
              latent: 1
              encoder: {hidden: []}
              decoder: {hidden: []}
              likelihood: {type: gaussian, sigma: 0.7}
            diagnostics: {gradientDraws: 0}
            training: {epochs: 40, batchSize: 50, imagesEvery: 1000, optimizer: {type: adam, learningRate: 0.02}}
            """;

    /** Normal elements: |E g|^2 = 3^2 + 4^2, tr Cov = 98 * 2^2 + 2 * 5^2; and without a signal the ratio is 0 within its error, not 1/sqrt(M). */
    @Test
    void theRatioIsThatOfTheDistribution() {
        Random random = new Random(1);
        GradientSums clear = new GradientSums(100);
        GradientSums lost = new GradientSums(100);
        for (int draw = 0; draw < 1000; draw++) {
            double[] g =
                    random.doubles(100).map(any -> 2 * random.nextGaussian()).toArray();
            g[3] = 3 + 5 * random.nextGaussian();
            g[70] = -4 + 5 * random.nextGaussian();
            GradientSums.Draw pieces = clear.draw();
            pieces.add(Arrays.copyOf(g, 30));
            pieces.add(Arrays.copyOfRange(g, 30, 100));
            lost.draw()
                    .add(random.doubles(100).map(any -> random.nextGaussian()).toArray());
        }
        GradientSums.Ratio ratio = clear.ratio();
        assertThat(ratio.value()).isCloseTo(Math.sqrt(25 / (98 * 4.0 + 50)), within(4 * ratio.standardError()));
        assertThat(ratio.standardError()).isBetween(0.001, 0.02);
        assertThat(lost.ratio().value()).isLessThan(1 / Math.sqrt(1000) * 0.9);
        assertThatIllegalStateException().isThrownBy(() -> new GradientSums(1).ratio());
    }

    @Test
    void aSlopeIsThatOfAPower() {
        List<Row> rows = List.of(
                new Row("encoder", "path", 1, 2, 1, 2, 0.01),
                new Row("encoder", "path", 16, 8, 1, 8, 0.04),
                new Row("encoder", "path", 64, 16, 1, 16, 0.1),
                new Row("encoder", "path", 256, 0.1, 1, 0.1, 0.1));
        assertThat(SignalReport.slope(rows).value()).isCloseTo(0.5, within(1e-12));
        assertThat(SignalReport.slope(rows.subList(3, 4))).isNull();
    }

    /**
     * The published laws, where they hold: with a posterior near enough that weights differ little. The encoder's ratio falls as K^-1/2 by the plain gradient and
     * grows as K^1/2 by the doubly reparameterised one, and the decoder's grows by both.
     */
    @Test
    void moreDrawsDrownTheEncodersGradientButForTheDoublyReparameterizedOne(@TempDir Path runs) {
        Random random = new Random(3);
        double[][] rows = new double[600][2];
        for (double[] row : rows) {
            double z = random.nextGaussian();
            row[0] = z + random.nextGaussian();
            row[1] = -z + random.nextGaussian();
        }
        Examples all = ArrayExamples.of(Nd4j.createFromArray(rows), VectorShape.ofNumbers(List.of("a", "b")));
        Splits data = new Splits(all.slice(0, 500), all.slice(500, 550), all.slice(550, 600));
        Trainer trainer = ArrayTraining.start(
                ConfigLoader.parse(LINEAR, "linear.yaml", List.of()), data, "two columns", runs, List.of());
        trainer.run();
        SignalReport report = new SignalStudy(trainer.directory(), "last", data.test(), 10, 2000)
                .measure(List.of(Estimator.SAMPLED, Estimator.PATH), List.of(2, 16), ProgressListener.none());
        System.out.println("measured: " + report.rows());
        lies(report, "encoder", "sampled", -0.5);
        lies(report, "encoder", "path", 0.5);
        lies(report, "decoder", "sampled", 0.5);
        lies(report, "decoder", "path", 0.5);
        for (Row row : report.of("decoder", "path")) {
            Row other = report.of("decoder", "sampled").stream()
                    .filter(each -> each.k() == row.k())
                    .findFirst()
                    .orElseThrow();
            assertThat(row.ratio()).isCloseTo(other.ratio(), within(6 * (row.standardError() + other.standardError())));
        }
    }

    private static void lies(SignalReport report, String part, String estimator, double law) {
        Slope slope = SignalReport.slope(report.of(part, estimator));
        assertThat(slope.value())
                .as("%s, %s", part, estimator)
                .isCloseTo(law, within(0.15 + 4 * slope.standardError()));
    }
}
