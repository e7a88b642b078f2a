package org.likelihood4j.models.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The flow's likelihood against the change of variables, from stored pixels to z. */
class FlowTest {
    private static Stream<Flow> flows() {
        return Stream.concat(
                Stream.of(HalfOrder.values()).map(order -> SmallFlows.flow(order, 1, 2, 2)),
                Stream.of(SmallFlows.multiscale(false, false, false), SmallFlows.multiscale(true, true, true)));
    }

    @ParameterizedTest
    @MethodSource("flows")
    void logLikelihoodIsThatOfTheChangeOfVariables(Flow flow) {
        Map<String, double[]> values = Functions.perturbed(flow, flow.shape().size() > 4 ? 0.3 : 0.8, 1);
        Map<String, INDArray> inputs = Functions.inputs(flow.trainingLoss(), 3, SmallFlows.LEVELS, DataType.DOUBLE, 2);
        Map<String, INDArray> terms = Functions.run(flow.trainingLoss(), values, inputs);
        INDArray logWeight = Functions.only(flow.logWeight(), values, inputs);
        double[][] v = BoundGraph.matrix(inputs.get("pixels").add(inputs.get("dequantization_noise")));
        for (int n = 0; n < 3; n++) {
            double base = Arrays.stream(SmallFlows.encode(flow, values, new double[][] {v[n]})[0])
                    .map(z -> PlainMath.logNormal(z, 0, 1))
                    .sum();
            double expected = base + PlainMath.logAbsDet(jacobian(flow, values, v[n]));
            int row = n;
            List<String> names = flow.metrics().stream().map(Metric::name).toList();
            assertThat(names.stream()
                            .filter(name -> name.startsWith("base"))
                            .mapToDouble(name -> terms.get(name).getDouble(row))
                            .sum())
                    .isCloseTo(base, within(1e-10));
            assertThat(names.stream()
                            .skip(1)
                            .mapToDouble(name -> terms.get(name).getDouble(row))
                            .sum())
                    .isCloseTo(terms.get("log_likelihood").getDouble(n), within(1e-10));
            assertThat(terms.get("log_likelihood").getDouble(n)).isCloseTo(expected, within(1e-6));
            assertThat(logWeight.getDouble(n))
                    .isEqualTo(terms.get("log_likelihood").getDouble(n));
        }
    }

    /**
     * d z / d v by central differences of the whole encoder: nothing of the model's own
     * log-determinants is in it.
     */
    private static double[][] jacobian(Flow flow, Map<String, double[]> values, double[] v) {
        double h = 1e-5;
        int d = v.length;
        double[][] points = PlainMath.tile(v, 2 * d);
        for (int i = 0; i < d; i++) {
            points[2 * i][i] += h;
            points[2 * i + 1][i] -= h;
        }
        double[][] z = SmallFlows.encode(flow, values, points);
        double[][] jacobian = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                jacobian[j][i] = (z[2 * i][j] - z[2 * i + 1][j]) / (2 * h);
            }
        }
        return jacobian;
    }

    @Test
    void logLikelihoodIsTheSumOfItsTermsAndBitsPerDimensionFollow() {
        Flow flow = SmallFlows.flow(HalfOrder.CHECKERBOARD, 3, 2, 2);
        int d = 12;
        Map<String, INDArray> out = Functions.run(
                flow.trainingLoss(),
                Functions.perturbed(flow, 0.8, 3),
                Functions.inputs(flow.trainingLoss(), 4, SmallFlows.LEVELS, DataType.DOUBLE, 4));
        assertThat(flow.trainingLoss().outputNames())
                .containsExactly(
                        "loss", "log_likelihood", "base", "dequantization", "logit", "standardization", "couplings");
        for (int n = 0; n < 4; n++) {
            double inLogitSpace = out.get("base").getDouble(n)
                    + out.get("couplings").getDouble(n)
                    + out.get("standardization").getDouble(n);
            double bits = (-inLogitSpace - out.get("logit").getDouble(n)) / (d * Math.log(2))
                    + Math.log(SmallFlows.LEVELS) / Math.log(2);
            assertThat(-out.get("log_likelihood").getDouble(n) / (d * Math.log(2)))
                    .isCloseTo(bits, within(1e-10));
        }
    }

    @ParameterizedTest
    @EnumSource(HalfOrder.class)
    void decodingAndReconstructingInvertEncoding(HalfOrder order) {
        Flow flow = SmallFlows.flow(order, 1, 4, 4);
        Map<String, double[]> values = Functions.perturbed(flow, 0.8, 5);
        Map<String, INDArray> inputs = Functions.inputs(flow.encode(), 3, SmallFlows.LEVELS, DataType.DOUBLE, 6);
        double[][] v = BoundGraph.matrix(inputs.get("pixels").add(inputs.get("dequantization_noise")));
        INDArray latent = Functions.only(flow.encode(), values, inputs);
        double[][] decoded = BoundGraph.matrix(Functions.only(flow.decode(), values, Map.of("latent_value", latent)));
        Map<String, INDArray> shown = Functions.run(flow.reconstruct(), values, inputs);
        for (int n = 0; n < 3; n++) {
            for (int i = 0; i < 16; i++) {
                assertThat(decoded[n][i]).isCloseTo(v[n][i] / SmallFlows.LEVELS, within(1e-9));
                assertThat(shown.get("seen").getDouble(n, i)).isCloseTo(v[n][i] / SmallFlows.LEVELS, within(1e-12));
                assertThat(shown.get("reconstruction").getDouble(n, i))
                        .isCloseTo(v[n][i] / SmallFlows.LEVELS, within(1e-9));
            }
        }
    }

    /**
     * The first block transforms the order's first half given its second: changing a pixel of the
     * second moves all.
     */
    @Test
    void couplingsTakeTurns() {
        Flow flow = new Flow(new Flow.Options(
                new PixelData(EventShape.image(1, 4, 1), SmallFlows.LEVELS, HalfOrder.COLUMNS, SmallFlows.ALPHA, 1e-3),
                1,
                SmallFlows.HIDDEN,
                new DerivedAffineFamily(1.5),
                DataType.DOUBLE));
        Map<String, double[]> values = Functions.perturbed(flow, 0.8, 8);
        double[][] v = PlainMath.tile(new double[] {3.5, 7.5, 1.5, 9.5}, 3);
        v[1][0] += 1;
        v[2][1] += 1;
        double[][] z = SmallFlows.encode(flow, values, v);
        // In z: pixels 0 and 2, then 1 and 3.
        assertThat(changed(z[0], z[1])).containsExactly(0);
        assertThat(changed(z[0], z[2])).containsExactly(0, 1, 2);
    }

    private static List<Integer> changed(double[] a, double[] b) {
        return IntStream.range(0, a.length).filter(i -> a[i] != b[i]).boxed().toList();
    }

    /** As it starts, a flow over rows is a product of normal densities in the data's own units. */
    @Test
    void rowsHaveADensityInTheirOwnUnits() {
        Flow flow = new Flow(new Flow.Options(
                new RowData(EventShape.row(3), HalfOrder.HALVES),
                2,
                SmallFlows.HIDDEN,
                new DerivedAffineFamily(1.5),
                DataType.DOUBLE));
        assertThat(flow.hasBitsPerDimension()).isFalse();
        assertThat(flow.hasPixels()).isFalse();
        double[] mean = {5, -2000, 1e-6};
        double[] deviation = {0.1, 300, 1e-8};
        Map<String, double[]> values = new java.util.HashMap<>(Functions.perturbed(flow, 0, 1));
        values.putAll(flow.dataInitializations()
                .get(0)
                .values()
                .apply(new DataInitialization.Columns(mean, new double[] {0.01, 9e4, 1e-16}, List.of())));
        double[][] rows = {{5.05, -1800, 1.02e-6}, {4, -2000, 0.97e-6}};
        double[] actual = Functions.only(flow.logWeight(), values, Map.of("values", Functions.array(rows)))
                .toDoubleVector();
        for (int n = 0; n < rows.length; n++) {
            double expected = 0;
            for (int i = 0; i < 3; i++) {
                double z = (rows[n][i] - mean[i]) / deviation[i];
                expected -= 0.5 * z * z + 0.5 * Math.log(2 * Math.PI) + Math.log(deviation[i]);
            }
            assertThat(actual[n]).isCloseTo(expected, within(1e-9));
        }
    }
}
