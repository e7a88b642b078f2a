package org.likelihood4j.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What every prior must do; a new one is one line in {@link #priors}. Then each against its
 * formula.
 */
class PriorTest {
    private static final Mlp.Hidden HIDDEN = new Mlp.Hidden(List.of(3), Activation.TANH);
    private static final String COMPONENT = "prior_component";

    /** Priors of two latents. */
    private static Stream<Prior> priors() {
        return Stream.of(
                new StandardNormalPrior(2),
                new MixturePrior(2, 3),
                new FlowPrior(2, 3, HIDDEN, new DerivedAffineFamily(1.5)));
    }

    private static Map<String, double[]> perturbed(Prior prior) {
        return BoundGraph.perturbed(prior.parameters(), 0.5, 1);
    }

    private static double[] logProb(Prior prior, Map<String, double[]> values, double[][] z) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        ModelFunction function = g.function(new Outputs()
                .perExample(
                        "log_prob",
                        prior.logProb(g, g.input(new FunctionInput.Value("z", EventShape.row(z[0].length))))));
        INDArray logProb = Functions.only(function, values, Map.of("z", Functions.array(z)));
        assertThat(logProb.shape()).containsExactly(z.length);
        return logProb.toDoubleVector();
    }

    private static ModelFunction sampling(Prior prior, DataType type) {
        GraphBuilder g = new GraphBuilder(type);
        return g.function(new Outputs().events("z", prior.shape(), prior.sample(g)));
    }

    private static double[][] sample(Prior prior, Map<String, double[]> values, double[][] noise, double[][] uniform) {
        ModelFunction function = sampling(prior, DataType.DOUBLE);
        Map<String, INDArray> inputs = Map.of(Prior.NOISE, Functions.array(noise), COMPONENT, Functions.array(uniform));
        return BoundGraph.matrix(Functions.only(function, values, Functions.declared(function, inputs)));
    }

    private static double[][] sample(Prior prior, Map<String, double[]> values, double[][] noise, long seed) {
        return sample(prior, values, noise, PlainMath.uniform(noise.length, 1, 0, 1, seed));
    }

    /**
     * By the trapezoidal rule over a square: the mass and the moments of the density, and those of
     * the draws.
     */
    @ParameterizedTest
    @MethodSource("priors")
    void theDensityHasMassOneAndItsDrawsHaveItsMoments(Prior prior) {
        int points = 241;
        double h = 0.2;
        double[][] grid = new double[points * points][];
        Arrays.setAll(grid, i -> new double[] {(i % points - points / 2) * h, (i / points - points / 2) * h});
        double[] logProb = logProb(prior, perturbed(prior), grid);
        double[] moments = new double[6];
        for (int i = 0; i < grid.length; i++) {
            double[] terms = moments(grid[i]);
            for (int k = 0; k < moments.length; k++) {
                moments[k] += h * h * Math.exp(logProb[i]) * terms[k];
            }
        }
        assertThat(moments[0]).isCloseTo(1, within(1e-8));

        double[][] draws = sample(prior, perturbed(prior), PlainMath.normal(20_000, 2, 2), 3);
        for (int k = 1; k < moments.length; k++) {
            int moment = k;
            double[] terms =
                    Arrays.stream(draws).mapToDouble(z -> moments(z)[moment]).toArray();
            assertThat(PlainMath.mean(terms))
                    .as("moment %s", k)
                    .isCloseTo(moments[k], within(4 * PlainMath.standardError(terms)));
        }
    }

    private static double[] moments(double[] z) {
        return new double[] {1, z[0], z[1], z[0] * z[0], z[0] * z[1], z[1] * z[1]};
    }

    @Test
    void aMixtureOfOneLatentHasMassOne() {
        MixturePrior prior = new MixturePrior(1, 4);
        double h = 0.05;
        double[][] grid = new double[801][1];
        Arrays.setAll(grid, i -> new double[] {(i - 400) * h});
        double mass = h
                * Arrays.stream(logProb(prior, perturbed(prior), grid))
                        .map(Math::exp)
                        .sum();
        assertThat(mass).isCloseTo(1, within(1e-10));
    }

    @Test
    void theMixtureIsItsFormulaForAnySizeAndFarOut() {
        for (int[] size : new int[][] {{1, 2}, {1, 5}, {3, 2}, {4, 7}}) {
            MixturePrior prior = new MixturePrior(size[0], size[1]);
            Map<String, double[]> values = BoundGraph.perturbed(prior.parameters(), 1.5, 4);
            for (int rows : new int[] {1, 5}) {
                double[][] z = PlainMath.uniform(rows, size[0], -60, 60, 5);
                double[] actual = logProb(prior, values, z);
                for (int n = 0; n < rows; n++) {
                    double expected = PlainMath.logMixture(
                            values.get("prior/logits"),
                            values.get("prior/mean"),
                            values.get("prior/logVariance"),
                            z[n]);
                    assertThat(actual[n]).isCloseTo(expected, within(1e-13 * (1 + Math.abs(expected))));
                }
            }
        }
    }

    /** Of four components, at uniform noise just inside both ends of each one's interval. */
    @Test
    void aMixtureDrawsTheComponentInWhoseIntervalTheUniformNoiseLies() {
        MixturePrior prior = new MixturePrior(2, 4);
        Map<String, double[]> values = perturbed(prior);
        double[] logits = values.get("prior/logits");
        double[][] noise = PlainMath.normal(8, 2, 6);
        double[][] uniform = new double[8][1];
        double sum = 0;
        for (int k = 0; k < 4; k++) {
            uniform[2 * k][0] = k == 0 ? 0 : sum + 1e-12;
            sum += Math.exp(logits[k] - PlainMath.logSumExp(logits));
            uniform[2 * k + 1][0] = k == 3 ? Math.nextDown(1.0) : sum - 1e-12;
        }
        assertThat(sum).isCloseTo(1, within(1e-12));
        double[][] draws = sample(prior, values, noise, uniform);
        for (int n = 0; n < 8; n++) {
            for (int j = 0; j < 2; j++) {
                int at = n / 2 * 2 + j;
                double sigma = Math.exp(values.get("prior/logVariance")[at] / 2);
                assertThat(draws[n][j]).isCloseTo(values.get("prior/mean")[at] + sigma * noise[n][j], within(1e-12));
            }
        }
    }

    /** Components far apart and narrow, so that each draw tells which one it came from. */
    @Test
    void componentsAreDrawnAsOftenAsTheirWeightsSay() {
        MixturePrior prior = new MixturePrior(1, 3);
        double[] weights = {0.2, 0.5, 0.3};
        Map<String, double[]> values = Map.of(
                "prior/logits", Arrays.stream(weights).map(w -> 2 + Math.log(w)).toArray(),
                "prior/mean", new double[] {100, 0, 200},
                "prior/logVariance", new double[3]);
        int draws = 20_000;
        double[] z = PlainMath.column(sample(prior, values, PlainMath.normal(draws, 1, 7), 8), 0);
        for (int k = 0; k < 3; k++) {
            double mean = values.get("prior/mean")[k];
            long count = Arrays.stream(z).filter(v -> Math.abs(v - mean) < 20).count();
            double error = Math.sqrt(weights[k] * (1 - weights[k]) / draws);
            assertThat((double) count / draws).as("component %s", k).isCloseTo(weights[k], within(4 * error));
        }
    }

    /**
     * In float32 the weights of ten equal components do not add up to 1, and the largest u below 1
     * is beyond their sum.
     */
    @Test
    void theLastComponentIsDrawnWhereRoundingLeavesAGap() {
        MixturePrior prior = new MixturePrior(1, 10);
        double[] means = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        Map<String, double[]> values =
                Map.of("prior/logits", new double[10], "prior/mean", means, "prior/logVariance", new double[10]);
        ModelFunction function = sampling(prior, DataType.FLOAT);
        double[][] uniform = {{Math.nextDown(1f)}, {1}, {0}};
        INDArray z = Functions.only(
                function,
                values,
                Map.of(
                        Prior.NOISE,
                        Functions.array(new double[3][1], DataType.FLOAT),
                        COMPONENT,
                        Functions.array(uniform, DataType.FLOAT)));
        assertThat(PlainMath.column(BoundGraph.matrix(z), 0)).containsExactly(10, 10, 1);
    }

    /**
     * {@code log p(z) = log N(eps) - log|det dz/deps|} with the Jacobian of sampling by central
     * differences.
     */
    @Test
    void theFlowsDensityAtItsDrawsIsThatOfTheChangeOfVariables() {
        for (int latent : new int[] {2, 3, 5}) {
            FlowPrior prior = new FlowPrior(latent, 3, HIDDEN, new DerivedAffineFamily(1.5));
            Map<String, double[]> values = perturbed(prior);
            double[][] noise = PlainMath.normal(3, latent, 9);
            double[] actual = logProb(prior, values, sample(prior, values, noise, 0));
            for (int n = 0; n < 3; n++) {
                double h = 1e-5;
                double[][] shifted = PlainMath.tile(noise[n], 2 * latent);
                for (int j = 0; j < latent; j++) {
                    shifted[2 * j][j] += h;
                    shifted[2 * j + 1][j] -= h;
                }
                double[][] z = sample(prior, values, shifted, 0);
                double[][] jacobian = new double[latent][latent];
                for (int j = 0; j < latent; j++) {
                    for (int i = 0; i < latent; i++) {
                        jacobian[i][j] = (z[2 * j][i] - z[2 * j + 1][i]) / (2 * h);
                    }
                }
                double base = Arrays.stream(noise[n])
                        .map(v -> PlainMath.logNormal(v, 0, 1))
                        .sum();
                double logDet = PlainMath.logAbsDet(jacobian);
                assertThat(Math.abs(logDet)).isGreaterThan(0.01);
                assertThat(actual[n]).isCloseTo(base - logDet, within(1e-8));
            }
        }
    }

    @Test
    void aFlowStartsAsTheNormalDistributionAndAMixtureInTheirMidst() {
        FlowPrior flow = new FlowPrior(3, 4, HIDDEN, new DerivedAffineFamily(2));
        Map<String, double[]> values = new HashMap<>(BoundGraph.perturbed(flow.parameters(), 1, 10));
        values.keySet().removeIf(name -> name.contains("output") || name.endsWith("scale"));
        assertThat(values).hasSize(8);
        double[][] z = PlainMath.normal(4, 3, 11);
        double[] actual = logProb(flow, values, z);
        for (int n = 0; n < 4; n++) {
            double expected =
                    Arrays.stream(z[n]).map(v -> PlainMath.logNormal(v, 0, 1)).sum();
            assertThat(actual[n]).isCloseTo(expected, within(1e-12));
        }
        assertThat(new MixturePrior(3, 2).parameters())
                .extracting(Parameter::initializer)
                .containsExactly(Initializer.zeros(), new Initializer.Uniform(1), Initializer.zeros());
    }

    /** Checkpoints go by these names. */
    @Test
    void namesAreStable() {
        assertThat(new StandardNormalPrior(2).parameters()).isEmpty();
        assertThat(new MixturePrior(2, 3).parameters())
                .extracting(parameter -> parameter.name() + " " + parameter.shape() + " " + parameter.decay())
                .containsExactly("prior/logits [3] false", "prior/mean [3, 2] false", "prior/logVariance [3, 2] false");
        assertThat(new FlowPrior(3, 2, HIDDEN, new DerivedAffineFamily(2)).parameters())
                .extracting(parameter -> parameter.name() + " " + parameter.shape() + " " + parameter.decay())
                .containsExactly(
                        "prior/coupling0/conditioner/layer0/weight [1, 3] true",
                        "prior/coupling0/conditioner/layer0/bias [3] false",
                        "prior/coupling0/conditioner/output/weight [3, 4] true",
                        "prior/coupling0/conditioner/output/bias [4] false",
                        "prior/coupling0/scale [1] false",
                        "prior/coupling1/conditioner/layer0/weight [2, 3] true",
                        "prior/coupling1/conditioner/layer0/bias [3] false",
                        "prior/coupling1/conditioner/output/weight [3, 2] true",
                        "prior/coupling1/conditioner/output/bias [2] false",
                        "prior/coupling1/scale [2] false");
    }

    @Test
    void badPriorsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MixturePrior(2, 1))
                .withMessage("a mixture needs at least 2 components, had 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlowPrior(1, 3, HIDDEN, new DerivedAffineFamily(1)))
                .withMessage("a flow over latents needs at least 2 latents and 1 coupling, had 1 and 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlowPrior(2, 0, HIDDEN, new DerivedAffineFamily(1)))
                .withMessageContaining("had 2 and 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlowPrior(2, 1, HIDDEN, new DerivedAffineFamily(0)))
                .withMessageContaining("log-scale bound");
    }
}
