package org.likelihood4j.models.bijectors.coupling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.bijectors.Dequantization;
import org.likelihood4j.models.bijectors.Logit;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The derived block, term by term: {@code y1 = exp(G(x2)) x1 + F(x2), y2 = exp(s) x2}, recomputed
 * in plain Java.
 */
class DerivedAffineFamilyTest {
    private static final double BOUND = 1.5;
    private static final int D = 5;
    /** x1: columns 0 and 1; x2: columns 2 to 4. */
    private static final int SPLIT = 2;

    private static final Coupling BLOCK = Coupling.startingAtIdentity(
            ParameterPath.root().child("block"),
            ColumnSplit.transformFirst(EventShape.row(D), SPLIT),
            new Mlp.Hidden(List.of(4), Activation.TANH),
            new DerivedAffineFamily(BOUND));
    private static final Map<String, double[]> VALUES = BoundGraph.perturbed(BLOCK.parameters(), 1, 3);
    private static final double[] X = {0.3, -1.2, 0.8, -0.5, 1.7};

    /** F(x2) then the raw output g of which G is the bounded form, by plain loops. */
    private static double[] network(double... x) {
        double[] w0 = VALUES.get("block/conditioner/layer0/weight");
        double[] b0 = VALUES.get("block/conditioner/layer0/bias");
        double[] w1 = VALUES.get("block/conditioner/output/weight");
        double[] b1 = VALUES.get("block/conditioner/output/bias");
        double[] hidden = b0.clone();
        for (int j = 0; j < hidden.length; j++) {
            for (int i = 0; i < D - SPLIT; i++) {
                hidden[j] += x[SPLIT + i] * w0[i * hidden.length + j];
            }
            hidden[j] = Math.tanh(hidden[j]);
        }
        double[] output = b1.clone();
        for (int j = 0; j < output.length; j++) {
            for (int i = 0; i < hidden.length; i++) {
                output[j] += hidden[i] * w1[i * output.length + j];
            }
        }
        return output;
    }

    private static double bounded(double raw) {
        return BOUND * Math.tanh(raw / BOUND);
    }

    private static double shift(int i) {
        return network(X)[i];
    }

    private static double logScale(int i) {
        return bounded(network(X)[SPLIT + i]);
    }

    private static double s(int i) {
        return bounded(VALUES.get("block/scale")[i]);
    }

    private static double[] forward(Map<String, double[]> values, String which) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        Bijector.Result result = BLOCK.forward(g, g.sameDiff().constant("x", Nd4j.createFromArray(new double[][] {X})));
        SDVariable output = which.equals("value") ? result.value() : result.logDet();
        return new BoundGraph(g.sameDiff(), values)
                .run(output.name(), Map.of())
                .reshape(-1)
                .toDoubleVector();
    }

    @Test
    void valueAndLogDeterminantAreTheDerivedOnes() {
        double[] y = forward(VALUES, "value");
        double sum = 0;
        for (int i = 0; i < SPLIT; i++) {
            assertThat(y[i]).isCloseTo(Math.exp(logScale(i)) * X[i] + shift(i), within(1e-12));
            sum += logScale(i);
        }
        for (int i = 0; i < D - SPLIT; i++) {
            assertThat(y[SPLIT + i]).isCloseTo(Math.exp(s(i)) * X[SPLIT + i], within(1e-12));
            sum += s(i);
        }
        assertThat(forward(VALUES, "logDet")).hasSize(1);
        assertThat(forward(VALUES, "logDet")[0]).isCloseTo(sum, within(1e-12));
        assertThat(Math.abs(sum)).as("the block does not preserve volume").isGreaterThan(0.1);
    }

    @Test
    void bothLogScalesContributeToTheLogDeterminant() {
        double both = forward(VALUES, "logDet")[0];
        Map<String, double[]> withoutS = new HashMap<>(VALUES);
        withoutS.put("block/scale", new double[D - SPLIT]);
        double onlyG = forward(withoutS, "logDet")[0];
        assertThat(onlyG).isCloseTo(logScale(0) + logScale(1), within(1e-12));
        assertThat(both - onlyG).isCloseTo(s(0) + s(1) + s(2), within(1e-12));
    }

    @Test
    void jacobianIsBlockTriangularWithTheDerivedDiagonalBlocks() {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable x = g.sameDiff().var("x", Nd4j.createFromArray(PlainMath.tile(X, D)));
        SDVariable eye = g.sameDiff().constant("eye", Nd4j.eye(D).castTo(DataType.DOUBLE));
        SDVariable loss = BLOCK.forward(g, x).value().mul(eye).sum();
        double[][] jacobian = BoundGraph.matrix(new BoundGraph(g.sameDiff(), VALUES)
                .gradients(loss.name(), List.of("x"), Map.of())
                .get("x"));
        double coupling = 0;
        for (int i = 0; i < D; i++) {
            for (int j = 0; j < D; j++) {
                double scale = i < SPLIT ? logScale(i) : s(i - SPLIT);
                if (i == j) {
                    assertThat(jacobian[i][j]).isCloseTo(Math.exp(scale), within(1e-12));
                } else if (i < SPLIT && j >= SPLIT) {
                    coupling += Math.abs(jacobian[i][j]);
                } else {
                    assertThat(jacobian[i][j]).as("d y%d / d x%d", i, j).isEqualTo(0);
                }
            }
        }
        assertThat(coupling).as("y1 depends on x2").isGreaterThan(0.1);
    }

    @Test
    void isTheIdentityAtInitialisation() {
        Random random = new Random(1);
        Map<String, double[]> initial = new HashMap<>();
        for (Parameter p : BLOCK.parameters()) {
            double[] values = p.initializer() instanceof Initializer.Uniform u
                    ? random.doubles(p.length(), -u.limit(), u.limit()).toArray()
                    : random.doubles(p.length())
                            .map(v -> ((Initializer.Constant) p.initializer()).value())
                            .toArray();
            initial.put(p.name(), values);
        }
        assertThat(initial.get("block/conditioner/layer0/weight")).doesNotContain(0);
        assertThat(forward(initial, "value")).isEqualTo(X);
        assertThat(forward(initial, "logDet")).containsExactly(0);
    }

    @Test
    void scaleExistsForTheConditioningHalfOnly() {
        Parameter scale = BLOCK.parameters().stream()
                .filter(p -> p.name().equals("block/scale"))
                .findFirst()
                .orElseThrow();
        assertThat(scale.shape()).containsExactly((long) D - SPLIT);
        assertThat(scale.decay()).isFalse();
    }

    @Test
    void badArgumentsAreNamed() {
        for (double bound : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new DerivedAffineFamily(bound))
                    .withMessageContaining("log-scale bound")
                    .withMessageContaining(String.valueOf(bound));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ColumnSplit.transformFirst(EventShape.row(3), 0))
                .withMessageContaining("0 transformed and 3 conditioning");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Permutation(EventShape.row(3), 0, 2, 2))
                .withMessageContaining("2 at position 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Logit(EventShape.row(2), 0.5))
                .withMessageContaining("alpha")
                .withMessageContaining("0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Standardization(ParameterPath.root().child("s"), EventShape.row(2), 0))
                .withMessageContaining("floor")
                .withMessageContaining("0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dequantization(EventShape.row(2), 1))
                .withMessageContaining("levels")
                .withMessageContaining("1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Chain(List.of()))
                .withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mlp.Hidden(List.of(3, 0), Activation.TANH))
                .withMessageContaining("[3, 0]");
    }
}
