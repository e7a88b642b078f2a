package org.likelihood4j.models.densities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * KL(N(mu, sigma^2) || N(0, 1)) in closed form against its definition, and its gradients against
 * the derivation.
 */
class KlTest {
    private static BoundGraph graph(GraphBuilder g) {
        return new BoundGraph(g.sameDiff(), Map.of());
    }

    private static DiagonalGaussian gaussian(GraphBuilder g, int rows, double mu, double sigma) {
        double[][] means = PlainMath.tile(new double[] {mu}, rows);
        double[][] logVariances = PlainMath.tile(new double[] {2 * Math.log(sigma)}, rows);
        return new DiagonalGaussian(
                g,
                EventShape.row(1),
                g.sameDiff().var("mean", Nd4j.createFromArray(means)),
                g.sameDiff().var("logVariance", Nd4j.createFromArray(logVariances)));
    }

    private static double analytic(double mu, double sigma) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable kl = gaussian(g, 1, mu, sigma).klToStandardNormal();
        return graph(g).run(kl.name(), Map.of()).getDouble(0);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1.5, 1", "-0.7, 2.5", "0.3, 0.1", "3, 0.01"})
    void isTheIntegralOfItsDefinition(double mu, double sigma) {
        double integral = PlainMath.integrate(
                z -> {
                    double logQ = PlainMath.logNormal(z, mu, sigma * sigma);
                    return Math.exp(logQ) * (logQ - PlainMath.logNormal(z, 0, 1));
                },
                mu - 12 * sigma,
                mu + 12 * sigma,
                400);
        assertThat(analytic(mu, sigma)).isCloseTo(integral, within(1e-10 * (1 + integral)));
    }

    @ParameterizedTest
    @CsvSource({"0.5, 1.2", "1.5, 1", "-0.7, 2.5", "0.3, 0.1", "3, 0.01"})
    void isTheExpectationOfTheSampledForm(double mu, double sigma) {
        int rows = 20_000;
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        DiagonalGaussian q = gaussian(g, rows, mu, sigma);
        SDVariable z = q.sample(g.sameDiff().constant("noise", Nd4j.createFromArray(PlainMath.normal(rows, 1, 1))));
        SDVariable sampled = q.sampledKlToStandardNormal(z);
        double[] kl = graph(g).run(sampled.name(), Map.of()).toDoubleVector();
        assertThat(PlainMath.mean(kl)).isCloseTo(analytic(mu, sigma), within(4 * PlainMath.standardError(kl)));
    }

    /** dKL/dmu = mu and, by the chain rule through log sigma^2, dKL/dlogvar = (sigma^2 - 1)/2. */
    @ParameterizedTest
    @CsvSource({"1.5, 1", "-0.7, 2.5", "0.3, 0.1", "3, 0.01"})
    void gradientsAreTheDerivedOnes(double mu, double sigma) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable loss = gaussian(g, 1, mu, sigma).klToStandardNormal().sum();
        var gradients = graph(g).gradients(loss.name(), List.of("mean", "logVariance"), Map.of());
        assertThat(gradients.get("mean").getDouble(0)).isCloseTo(mu, within(1e-12));
        assertThat(gradients.get("logVariance").getDouble(0)).isCloseTo((sigma * sigma - 1) / 2, within(1e-12));
    }

    private enum Form {
        FULL,
        PATH
    }

    /**
     * The gradients of log q(z) - log p(z) at z = mu + sigma * eps with respect to mean and
     * log-variance.
     */
    private static double[] sampledGradients(Form form, double mu, double sigma, double eps) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        DiagonalGaussian q = gaussian(g, 1, mu, sigma);
        SDVariable z = q.sample(g.sameDiff().constant("noise", Nd4j.createFromArray(new double[][] {{eps}})));
        DiagonalGaussian seen = form == Form.PATH ? q.stopped() : q;
        SDVariable loss = seen.sampledKlToStandardNormal(z).sum();
        BoundGraph graph = graph(g);
        double value = graph.run(loss.name(), Map.of()).getDouble(0);
        double at = mu + sigma * eps;
        assertThat(value)
                .isCloseTo(
                        PlainMath.logNormal(at, mu, sigma * sigma) - PlainMath.logNormal(at, 0, 1),
                        within(1e-10 * (1 + Math.abs(value))));
        var gradients = graph.gradients(loss.name(), List.of("mean", "logVariance"), Map.of());
        return new double[] {
            gradients.get("mean").getDouble(0), gradients.get("logVariance").getDouble(0)
        };
    }

    /** With respect to log sigma^2 a sigma-gradient is multiplied by sigma/2. */
    @ParameterizedTest
    @CsvSource({"1.5, 1, 0.3", "-0.7, 2.5, -1.9", "0.3, 0.1, 0.8", "3, 0.01, -0.4", "0.5, 1.2, 0"})
    void gradientsOfBothSampledFormsAreTheDerivedOnes(double mu, double sigma, double eps) {
        double z = mu + sigma * eps;
        double path = (mu - z) / (sigma * sigma) + z;
        assertThat(sampledGradients(Form.PATH, mu, sigma, eps))
                .containsExactly(new double[] {path, path * eps * sigma / 2}, within(1e-11 * (1 + Math.abs(path))));
        assertThat(sampledGradients(Form.FULL, mu, sigma, eps))
                .containsExactly(new double[] {z, (z * eps - 1 / sigma) * sigma / 2}, within(1e-11));
    }

    /** Both are quadratic in eps, so the two points -1 and 1 give their expectations exactly. */
    @ParameterizedTest
    @CsvSource({"1.5, 1", "-0.7, 2.5", "0.3, 0.1"})
    void bothSampledFormsHaveTheAnalyticGradientAsTheirExpectation(double mu, double sigma) {
        for (Form form : Form.values()) {
            double[] below = sampledGradients(form, mu, sigma, -1);
            double[] above = sampledGradients(form, mu, sigma, 1);
            assertThat((below[0] + above[0]) / 2).isCloseTo(mu, within(1e-12));
            assertThat((below[1] + above[1]) / 2).isCloseTo((sigma * sigma - 1) / 2, within(1e-12));
        }
    }

    @Test
    void sampledTermsOfEachDimensionAndRepeatedRows() {
        double[][] mean = PlainMath.normal(2, 3, 1);
        double[][] logVariance = PlainMath.normal(2, 3, 2);
        double[][] x = PlainMath.normal(6, 3, 3);
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        DiagonalGaussian q = new DiagonalGaussian(
                g,
                EventShape.row(3),
                g.sameDiff().var("mean", Nd4j.createFromArray(mean)),
                g.sameDiff().var("logVariance", Nd4j.createFromArray(logVariance)));
        SDVariable terms = q.repeated(3).sampledKlToStandardNormal(g.sameDiff().constant("x", Nd4j.createFromArray(x)));
        double[][] actual = BoundGraph.matrix(graph(g).run(terms.name(), Map.of()));
        for (int n = 0; n < 6; n++) {
            for (int j = 0; j < 3; j++) {
                double expected = PlainMath.logNormal(x[n][j], mean[n / 3][j], Math.exp(logVariance[n / 3][j]))
                        - PlainMath.logNormal(x[n][j], 0, 1);
                assertThat(actual[n][j]).isCloseTo(expected, within(1e-12));
            }
        }
    }
}
