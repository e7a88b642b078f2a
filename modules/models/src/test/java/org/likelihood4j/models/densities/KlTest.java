package org.likelihood4j.models.densities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.PlainMath;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** KL(N(mu, sigma^2) || N(0, 1)) in closed form against its definition, and its gradients against the derivation. */
class KlTest {
    private static BoundGraph graph(GraphBuilder g) {
        return new BoundGraph(g.sameDiff(), Map.of());
    }

    private static DiagonalGaussian gaussian(GraphBuilder g, int rows, double mu, double sigma) {
        double[][] means = PlainMath.tile(new double[] {mu}, rows);
        double[][] logVariances = PlainMath.tile(new double[] {2 * Math.log(sigma)}, rows);
        return new DiagonalGaussian(
                g,
                1,
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
        SDVariable sampled = q.logProb(z).sub(new StandardNormal(g, 1).logProb(z));
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
}
