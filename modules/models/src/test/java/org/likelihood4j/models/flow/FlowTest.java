package org.likelihood4j.models.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The flow's likelihood against the change of variables, from stored pixels to z. */
class FlowTest {
    private static final int LEVELS = 16;
    private static final int ROWS = 40;
    private static final double ALPHA = 0.02;
    private static final Mlp.Hidden HIDDEN = new Mlp.Hidden(List.of(3), Activation.TANH);

    private static Flow flow(HalfOrder order, int channels, int height, int width) {
        return new Flow(new Flow.Options(
                new PixelData(EventShape.image(height, width, channels), LEVELS, order, ALPHA, 1e-3),
                3,
                HIDDEN,
                new DerivedAffineFamily(1.5),
                DataType.DOUBLE));
    }

    /** Of images of 4 x 4 pixels: checkerboards, channels, and what is left of them at one place. */
    private static Flow multiscale(boolean norms, boolean mixing, boolean learnedBase) {
        ConvNet.Shape net = new ConvNet.Shape(ConvNet.Block.RESIDUAL, 2, 1);
        return new Flow(new Flow.Options(
                new PixelData(EventShape.image(4, 4, 1), LEVELS, HalfOrder.CHECKERBOARD, ALPHA, 1e-3),
                new MultiscaleArchitecture(
                        List.of(
                                new MultiscaleArchitecture.Scale(0, 2, net),
                                new MultiscaleArchitecture.Scale(1, 1, net),
                                new MultiscaleArchitecture.Scale(2, 0, net)),
                        new DerivedAffineFamily(1),
                        norms,
                        mixing,
                        learnedBase,
                        0.5),
                DataType.DOUBLE));
    }

    private static double[][] encode(Flow flow, Map<String, double[]> values, double[][] dequantized) {
        return BoundGraph.matrix(Functions.only(
                flow.encode(),
                values,
                Map.of(
                        "pixels", Functions.array(dequantized),
                        "dequantization_noise",
                                Functions.array(new double[dequantized.length][dequantized[0].length]))));
    }

    private static Stream<Flow> flows() {
        return Stream.concat(
                Stream.of(HalfOrder.values()).map(order -> flow(order, 1, 2, 2)),
                Stream.of(multiscale(false, false, false), multiscale(true, true, true)));
    }

    @ParameterizedTest
    @MethodSource("flows")
    void logLikelihoodIsThatOfTheChangeOfVariables(Flow flow) {
        Map<String, double[]> values = Functions.perturbed(flow, flow.shape().size() > 4 ? 0.3 : 0.8, 1);
        Map<String, INDArray> inputs = Functions.inputs(flow.trainingLoss(), 3, LEVELS, DataType.DOUBLE, 2);
        Map<String, INDArray> terms = Functions.run(flow.trainingLoss(), values, inputs);
        INDArray logWeight = Functions.only(flow.logWeight(), values, inputs);
        double[][] v = BoundGraph.matrix(inputs.get("pixels").add(inputs.get("dequantization_noise")));
        for (int n = 0; n < 3; n++) {
            double base = Arrays.stream(encode(flow, values, new double[][] {v[n]})[0])
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

    @Test
    void termsOfSeveralScalesAreToldByScaleAndKind() {
        assertThat(multiscale(true, true, true).metrics())
                .extracting(Metric::name)
                .containsExactly(
                        "log_likelihood",
                        "base_scale1",
                        "base_scale2",
                        "dequantization",
                        "logit",
                        "standardization",
                        "scale0_norm",
                        "scale0_checkerboard",
                        "scale1_norm",
                        "scale1_mixing",
                        "scale1_channel",
                        "scale1_base",
                        "scale1_checkerboard",
                        "scale2_norm",
                        "scale2_mixing",
                        "scale2_channel");
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
        double[][] z = encode(flow, values, points);
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
        Flow flow = flow(HalfOrder.CHECKERBOARD, 3, 2, 2);
        int d = 12;
        Map<String, INDArray> out = Functions.run(
                flow.trainingLoss(),
                Functions.perturbed(flow, 0.8, 3),
                Functions.inputs(flow.trainingLoss(), 4, LEVELS, DataType.DOUBLE, 4));
        assertThat(flow.trainingLoss().outputNames())
                .containsExactly(
                        "loss", "log_likelihood", "base", "dequantization", "logit", "standardization", "couplings");
        for (int n = 0; n < 4; n++) {
            double inLogitSpace = out.get("base").getDouble(n)
                    + out.get("couplings").getDouble(n)
                    + out.get("standardization").getDouble(n);
            double bits = (-inLogitSpace - out.get("logit").getDouble(n)) / (d * Math.log(2))
                    + Math.log(LEVELS) / Math.log(2);
            assertThat(-out.get("log_likelihood").getDouble(n) / (d * Math.log(2)))
                    .isCloseTo(bits, within(1e-10));
        }
    }

    @ParameterizedTest
    @EnumSource(HalfOrder.class)
    void decodingAndReconstructingInvertEncoding(HalfOrder order) {
        Flow flow = flow(order, 1, 4, 4);
        Map<String, double[]> values = Functions.perturbed(flow, 0.8, 5);
        Map<String, INDArray> inputs = Functions.inputs(flow.encode(), 3, LEVELS, DataType.DOUBLE, 6);
        double[][] v = BoundGraph.matrix(inputs.get("pixels").add(inputs.get("dequantization_noise")));
        INDArray latent = Functions.only(flow.encode(), values, inputs);
        double[][] decoded = BoundGraph.matrix(Functions.only(flow.decode(), values, Map.of("latent_value", latent)));
        Map<String, INDArray> shown = Functions.run(flow.reconstruct(), values, inputs);
        for (int n = 0; n < 3; n++) {
            for (int i = 0; i < 16; i++) {
                assertThat(decoded[n][i]).isCloseTo(v[n][i] / LEVELS, within(1e-9));
                assertThat(shown.get("seen").getDouble(n, i)).isCloseTo(v[n][i] / LEVELS, within(1e-12));
                assertThat(shown.get("reconstruction").getDouble(n, i)).isCloseTo(v[n][i] / LEVELS, within(1e-9));
            }
        }
    }

    @Test
    void dataInitialisationStandardisesEveryPixel() {
        Flow flow = flow(HalfOrder.HALVES, 1, 2, 2);
        DataInitialization initialization = flow.dataInitializations().get(0);
        int rows = 50;
        Map<String, INDArray> inputs = Functions.inputs(initialization.statistic(), rows, LEVELS, DataType.DOUBLE, 7);
        // A pixel that never changes: the floor must keep its scale.
        inputs.get("pixels").getColumn(3).assign(0);
        inputs.get("dequantization_noise").getColumn(3).assign(0.5);
        double[][] statistic = BoundGraph.matrix(Functions.only(initialization.statistic(), Map.of(), inputs));
        double p = ALPHA + (1 - 2 * ALPHA) * 0.5 / LEVELS;
        assertThat(statistic[0][3]).isCloseTo(Math.log(p / (1 - p)), within(1e-12));

        double[] mean = IntStream.range(0, 4)
                .mapToDouble(i -> PlainMath.mean(PlainMath.column(statistic, i)))
                .toArray();
        double[] variance = IntStream.range(0, 4)
                .mapToDouble(i -> PlainMath.variance(PlainMath.column(statistic, i)) * (rows - 1) / rows)
                .toArray();
        Map<String, double[]> values = initialization.values().apply(mean, variance);
        assertThat(values).containsOnlyKeys("standardization/shift", "standardization/logScale");
        assertThat(values.get("standardization/logScale")[3]).isCloseTo(Math.log(1e-3), within(1e-12));

        // With the couplings still the identity, z is the standardised logit in HALVES order, which
        // moves no pixel here.
        double[][] z = BoundGraph.matrix(Functions.only(flow.encode(), values, inputs));
        for (int i = 0; i < 3; i++) {
            double[] column = PlainMath.column(z, i);
            assertThat(PlainMath.mean(column)).isCloseTo(0, within(1e-10));
            assertThat(PlainMath.variance(column) * (rows - 1) / rows).isCloseTo(1, within(1e-10));
        }
    }

    @Test
    void aMultiscaleFlowStandardisesAllPlacesByOneMeanAndDeviation() {
        DataInitialization initialization =
                multiscale(false, false, false).dataInitializations().get(0);
        Map<String, INDArray> inputs = Functions.inputs(initialization.statistic(), ROWS, LEVELS, DataType.DOUBLE, 7);
        // A place unlike the others, as the border of a digit is.
        inputs.get("pixels").getColumn(3).assign(0);
        double[][] statistic = BoundGraph.matrix(Functions.only(initialization.statistic(), Map.of(), inputs));
        double[] all = Stream.of(statistic).flatMapToDouble(DoubleStream::of).toArray();
        Map<String, double[]> values = initialization.values().apply(means(statistic), variances(statistic));
        double deviation = Math.sqrt(PlainMath.variance(all) * (all.length - 1) / all.length);
        double[] shifts = new double[16];
        double[] logScales = new double[16];
        Arrays.fill(shifts, PlainMath.mean(all));
        Arrays.fill(logScales, Math.log(deviation));
        assertThat(values.get("standardization/shift")).containsExactly(shifts, within(1e-12));
        assertThat(values.get("standardization/logScale")).containsExactly(logScales, within(1e-12));
    }

    @Test
    void pixelOrdersSplitAsTheySay() {
        assertThat(HalfOrder.CHECKERBOARD.order(EventShape.image(2, 4, 1))).containsExactly(0, 2, 5, 7, 1, 3, 4, 6);
        assertThat(HalfOrder.COLUMNS.order(EventShape.image(2, 3, 1))).containsExactly(0, 2, 3, 5, 1, 4);
        assertThat(HalfOrder.HALVES.order(EventShape.image(3, 1, 2))).containsExactly(0, 1, 3, 4, 2, 5);
        assertThat(HalfOrder.CHECKERBOARD.order(EventShape.image(2, 2, 2))).containsExactly(0, 3, 5, 6, 1, 2, 4, 7);
        assertThat(HalfOrder.COLUMNS.firstHalf(EventShape.image(2, 3, 1))).isEqualTo(4);
        assertThat(HalfOrder.HALVES.firstHalf(EventShape.image(3, 1, 2))).isEqualTo(4);
        assertThat(HalfOrder.CHECKERBOARD.firstHalf(EventShape.image(3, 3, 1))).isEqualTo(5);
        assertThat(HalfOrder.HALVES.order(EventShape.row(5))).containsExactly(0, 1, 2, 3, 4);
        assertThat(HalfOrder.HALVES.firstHalf(EventShape.row(5))).isEqualTo(3);
        for (HalfOrder order : List.of(HalfOrder.CHECKERBOARD, HalfOrder.COLUMNS)) {
            assertThat(order.order(EventShape.row(5))).containsExactly(0, 2, 4, 1, 3);
            assertThat(order.firstHalf(EventShape.row(5))).isEqualTo(3);
        }
        assertThat(HalfOrder.HALVES.splits(EventShape.row(1))).isFalse();
    }

    /**
     * The first block transforms the order's first half given its second: changing a pixel of the
     * second moves all.
     */
    @Test
    void couplingsTakeTurns() {
        Flow flow = new Flow(new Flow.Options(
                new PixelData(EventShape.image(1, 4, 1), LEVELS, HalfOrder.COLUMNS, ALPHA, 1e-3),
                1,
                HIDDEN,
                new DerivedAffineFamily(1.5),
                DataType.DOUBLE));
        Map<String, double[]> values = Functions.perturbed(flow, 0.8, 8);
        double[][] v = PlainMath.tile(new double[] {3.5, 7.5, 1.5, 9.5}, 3);
        v[1][0] += 1;
        v[2][1] += 1;
        double[][] z = encode(flow, values, v);
        // In z: pixels 0 and 2, then 1 and 3.
        assertThat(changed(z[0], z[1])).containsExactly(0);
        assertThat(changed(z[0], z[2])).containsExactly(0, 1, 2);
    }

    private static List<Integer> changed(double[] a, double[] b) {
        return IntStream.range(0, a.length).filter(i -> a[i] != b[i]).boxed().toList();
    }

    /** Checkpoints go by these names. */
    @Test
    void namesAreStable() {
        Flow flow = new Flow(new Flow.Options(
                new PixelData(EventShape.image(1, 5, 1), LEVELS, HalfOrder.COLUMNS, ALPHA, 1e-3),
                2,
                HIDDEN,
                new DerivedAffineFamily(1.5),
                DataType.DOUBLE));
        List<String> names = new ArrayList<>();
        flow.parameters()
                .entries()
                .forEach(entry -> names.add(
                        entry.parameter().name() + " " + entry.parameter().shape() + " " + entry.offset()));
        flow.buffers()
                .entries()
                .forEach(entry -> names.add(
                        entry.parameter().name() + " " + entry.parameter().shape()));
        assertThat(names)
                .containsExactly(
                        "coupling0/conditioner/layer0/weight [2, 3] 0",
                        "coupling0/conditioner/layer0/bias [3] 16",
                        "coupling0/conditioner/output/weight [3, 6] 32",
                        "coupling0/conditioner/output/bias [6] 64",
                        "coupling0/scale [2] 80",
                        "coupling1/conditioner/layer0/weight [3, 3] 96",
                        "coupling1/conditioner/layer0/bias [3] 112",
                        "coupling1/conditioner/output/weight [3, 4] 128",
                        "coupling1/conditioner/output/bias [4] 144",
                        "coupling1/scale [3] 160",
                        "standardization/shift [5]",
                        "standardization/logScale [5]");
    }

    private static Flow withLearnedNoise() {
        return withLearnedNoise(new ConvNet.Shape(ConvNet.Block.RESIDUAL, 3, 1));
    }

    private static Flow withLearnedNoise(LayerFactory net) {
        PixelData data = new PixelData(EventShape.image(2, 3, 1), LEVELS, HalfOrder.CHECKERBOARD, ALPHA, 1e-3);
        return new Flow(new Flow.Options(
                data,
                new FlatArchitecture(2, HIDDEN, new DerivedAffineFamily(1.5)),
                Optional.of(new VariationalDequantization(data, 2, net)),
                DataType.DOUBLE));
    }

    /** {@code q(u|x, y)}: the couplings of the data are told no class here. */
    @Test
    void learnedNoiseIsOfItsClass() {
        Flow flow = withLearnedNoise(
                new ConvNet.Shape(ConvNet.Block.GATED, 4, 1).given(new FunctionInput.Condition("label", 2)));
        Map<String, double[]> values = Functions.perturbed(flow, 0.3, 1);
        Map<String, INDArray> inputs =
                new HashMap<>(Functions.inputs(flow.trainingLoss(), 1, LEVELS, DataType.DOUBLE, 2));
        double[] entropies = new double[2];
        double[] likelihoods = new double[2];
        for (int y = 0; y < 2; y++) {
            inputs.put("label", Functions.array(new double[][] {{1 - y, y}}));
            Map<String, INDArray> terms = Functions.run(flow.trainingLoss(), values, inputs);
            entropies[y] = terms.get("dequantization_entropy").getDouble(0);
            likelihoods[y] = terms.get("log_likelihood").getDouble(0);
        }
        assertThat(entropies[0]).isNotCloseTo(entropies[1], within(1e-3));
        assertThat(likelihoods[0]).isNotCloseTo(likelihoods[1], within(1e-3));
    }

    /**
     * {@code log p(x + u) - log q(u|x) = log N(z; 0, I) + log|det dz/dr|} for the uniform r behind u:
     * nothing of the model's own log-determinants is in that.
     */
    @Test
    void learnedNoiseIsWeightedByItsDensity() {
        Flow flow = withLearnedNoise();
        Map<String, double[]> values = Functions.perturbed(flow, 0.3, 1);
        Map<String, INDArray> inputs = Functions.inputs(flow.trainingLoss(), 2, LEVELS, DataType.DOUBLE, 2);
        Map<String, INDArray> terms = Functions.run(flow.trainingLoss(), values, inputs);
        int d = 6;
        double h = 1e-5;
        for (int n = 0; n < 2; n++) {
            double[] pixels = BoundGraph.matrix(inputs.get("pixels"))[n];
            double[] r = BoundGraph.matrix(inputs.get("dequantization_noise"))[n];
            double[][] points = PlainMath.tile(r, 2 * d + 1);
            for (int i = 0; i < d; i++) {
                points[2 * i][i] += h;
                points[2 * i + 1][i] -= h;
            }
            double[][] z = BoundGraph.matrix(Functions.only(
                    flow.encode(),
                    values,
                    Map.of(
                            "pixels", Functions.array(PlainMath.tile(pixels, 2 * d + 1)),
                            "dequantization_noise", Functions.array(points))));
            double[][] jacobian = new double[d][d];
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    jacobian[j][i] = (z[2 * i][j] - z[2 * i + 1][j]) / (2 * h);
                }
            }
            double expected = Arrays.stream(z[2 * d])
                            .map(x -> PlainMath.logNormal(x, 0, 1))
                            .sum()
                    + PlainMath.logAbsDet(jacobian);
            assertThat(terms.get("log_likelihood").getDouble(n)).isCloseTo(expected, within(1e-5));
        }
    }

    /** The noise stays in its cell, and as it starts it is uniform, with the density 1. */
    @Test
    void learnedNoiseStartsUniformAndStaysInItsCell() {
        Flow flow = withLearnedNoise();
        for (double scale : new double[] {0, 3}) {
            Map<String, double[]> values = Functions.perturbed(flow, scale, 1);
            Map<String, INDArray> inputs = Functions.inputs(flow.reconstruct(), 20, LEVELS, DataType.DOUBLE, 2);
            double[][] seen = BoundGraph.matrix(
                    Functions.run(flow.reconstruct(), values, inputs).get("seen"));
            double[][] pixels = BoundGraph.matrix(inputs.get("pixels"));
            double[][] r = BoundGraph.matrix(inputs.get("dequantization_noise"));
            double[] entropy = Functions.run(flow.trainingLoss(), values, inputs)
                    .get("dequantization_entropy")
                    .toDoubleVector();
            for (int n = 0; n < 20; n++) {
                for (int i = 0; i < 6; i++) {
                    double u = LEVELS * seen[n][i] - pixels[n][i];
                    assertThat(u).isBetween(-2e-6, 1 + 2e-6);
                    if (scale == 0) {
                        assertThat(u).isCloseTo(r[n][i], within(1e-9));
                    }
                }
                if (scale == 0) {
                    assertThat(entropy[n]).isCloseTo(0, within(1e-9));
                }
            }
        }
    }

    /** Checkpoints go by these names. */
    @Test
    void namesOfAMultiscaleFlowAreStable() {
        List<String> names = multiscale(true, true, true).parameters().entries().stream()
                .map(entry -> entry.parameter().name() + " " + entry.parameter().shape())
                .filter(name -> !name.contains("block") && !name.contains("bias"))
                .toList();
        assertThat(names)
                .containsExactly(
                        "scale0/coupling0/norm/scale [1]",
                        "scale0/coupling0/conditioner/first/weight [3, 3, 1, 2]",
                        "scale0/coupling0/conditioner/output/weight [3, 3, 2, 2]",
                        "scale0/coupling0/scale [8]",
                        "scale0/coupling1/norm/scale [1]",
                        "scale0/coupling1/conditioner/first/weight [3, 3, 1, 2]",
                        "scale0/coupling1/conditioner/output/weight [3, 3, 2, 2]",
                        "scale0/coupling1/scale [8]",
                        "scale1/coupling0/norm/scale [4]",
                        "scale1/coupling0/mixing/factors [4, 4]",
                        "scale1/coupling0/conditioner/first/weight [3, 3, 2, 2]",
                        "scale1/coupling0/conditioner/output/weight [3, 3, 2, 4]",
                        "scale1/coupling0/scale [8]",
                        "scale1/base/conditioner/weight [3, 3, 2, 4]",
                        "scale1/coupling1/norm/scale [2]",
                        "scale1/coupling1/mixing/factors [2, 2]",
                        "scale1/coupling1/conditioner/first/weight [3, 3, 2, 2]",
                        "scale1/coupling1/conditioner/output/weight [3, 3, 2, 4]",
                        "scale1/coupling1/scale [4]",
                        "scale2/coupling0/norm/scale [8]",
                        "scale2/coupling0/mixing/factors [8, 8]",
                        "scale2/coupling0/conditioner/first/weight [3, 3, 4, 2]",
                        "scale2/coupling0/conditioner/output/weight [3, 3, 2, 8]",
                        "scale2/coupling0/scale [4]",
                        "scale2/coupling1/norm/scale [8]",
                        "scale2/coupling1/mixing/factors [8, 8]",
                        "scale2/coupling1/conditioner/first/weight [3, 3, 4, 2]",
                        "scale2/coupling1/conditioner/output/weight [3, 3, 2, 8]",
                        "scale2/coupling1/scale [4]");
    }

    /**
     * The first normalisation of each scale starts from what it is shown, and then all channels in
     * front of every coupling have mean 0 and variance 1.
     */
    @Test
    void normalisationsStartFromTheDataTheySee() {
        Flow flow = multiscale(true, true, false);
        List<DataInitialization> initializations = flow.dataInitializations();
        assertThat(initializations).hasSize(4);
        Map<String, double[]> values = new HashMap<>();
        // The rest starts at 0: biases, last weights, mixing.
        flow.parameters()
                .entries()
                .forEach(entry -> values.put(
                        entry.parameter().name(),
                        new double[(int) entry.parameter().length()]));
        // As if the data were not standardised yet.
        values.put("standardization/shift", new double[16]);
        values.put("standardization/logScale", new double[16]);
        for (DataInitialization initialization : initializations.subList(1, 4)) {
            double[][] statistic = statistic(initialization, values);
            assertThat(initialization.columns()).isIn(1, 4, 8);
            values.putAll(initialization.values().apply(means(statistic), variances(statistic)));
        }
        // Through all that now starts so: the latents of the last scale, whose channels were normalised last.
        double[][] z = BoundGraph.matrix(Functions.only(
                flow.encode(), values, Functions.inputs(flow.encode(), ROWS, LEVELS, DataType.DOUBLE, 7)));
        for (int i = 8; i < 16; i++) {
            double[] column = PlainMath.column(z, i);
            assertThat(PlainMath.mean(column)).isCloseTo(0, within(1e-9));
            assertThat(PlainMath.variance(column) * (ROWS - 1) / ROWS).isCloseTo(1, within(1e-9));
        }
    }

    private static double[] means(double[][] rows) {
        return IntStream.range(0, rows[0].length)
                .mapToDouble(i -> PlainMath.mean(PlainMath.column(rows, i)))
                .toArray();
    }

    private static double[] variances(double[][] rows) {
        double biased = (rows.length - 1.0) / rows.length;
        return IntStream.range(0, rows[0].length)
                .mapToDouble(i -> biased * PlainMath.variance(PlainMath.column(rows, i)))
                .toArray();
    }

    private static double[][] statistic(DataInitialization initialization, Map<String, double[]> values) {
        return BoundGraph.matrix(Functions.only(
                initialization.statistic(),
                values,
                Functions.inputs(initialization.statistic(), ROWS, LEVELS, DataType.DOUBLE, 7)));
    }

    @Test
    void aMultiscaleFlowThatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> multiscaleOf(EventShape.image(6, 6, 1)))
                .withMessage("squeezing needs an even height and width, not a map 3x3x2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Flow(new Flow.Options(
                        new RowData(EventShape.row(4), HalfOrder.HALVES), architecture(1), DataType.DOUBLE)))
                .withMessage("a multi-scale flow is one of images, not of 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> architecture(0))
                .withMessage("there must be at least 1 coupling");
        assertThat(architecture(2).totalLogScale()).isEqualTo(3 * 2 * (1.5 + 0.5 + 0.5) + 0.5);
    }

    private static Flow multiscaleOf(EventShape.Image image) {
        return new Flow(new Flow.Options(
                new PixelData(image, LEVELS, HalfOrder.CHECKERBOARD, ALPHA, 1e-3), architecture(1), DataType.DOUBLE));
    }

    private static MultiscaleArchitecture architecture(int checkerboard) {
        MultiscaleArchitecture.Scale scale =
                new MultiscaleArchitecture.Scale(0, checkerboard, new ConvNet.Shape(ConvNet.Block.RESIDUAL, 2, 1));
        return new MultiscaleArchitecture(
                List.of(scale, scale, scale), new DerivedAffineFamily(1.5), true, true, true, 0.5);
    }

    /** A builder of options that are all valid but for what a test changes. */
    private static Flow.Options options(Map<String, Number> changes) {
        Map<String, Number> v = new HashMap<>(Map.of(
                "channels",
                1,
                "height",
                2,
                "width",
                2,
                "levels",
                256,
                "couplings",
                4,
                "bound",
                2.0,
                "alpha",
                0.05,
                "floor",
                0.01));
        v.putAll(changes);
        return new Flow.Options(
                new PixelData(
                        EventShape.image(
                                v.get("height").intValue(),
                                v.get("width").intValue(),
                                v.get("channels").intValue()),
                        v.get("levels").intValue(),
                        HalfOrder.COLUMNS,
                        v.get("alpha").doubleValue(),
                        v.get("floor").doubleValue()),
                v.get("couplings").intValue(),
                HIDDEN,
                new DerivedAffineFamily(v.get("bound").doubleValue()),
                DataType.FLOAT);
    }

    /** As it starts, a flow over rows is a product of normal densities in the data's own units. */
    @Test
    void rowsHaveADensityInTheirOwnUnits() {
        Flow flow = new Flow(new Flow.Options(
                new RowData(EventShape.row(3), HalfOrder.HALVES),
                2,
                HIDDEN,
                new DerivedAffineFamily(1.5),
                DataType.DOUBLE));
        assertThat(flow.hasBitsPerDimension()).isFalse();
        assertThat(flow.hasPixels()).isFalse();
        double[] mean = {5, -2000, 1e-6};
        double[] deviation = {0.1, 300, 1e-8};
        Map<String, double[]> values = new java.util.HashMap<>(Functions.perturbed(flow, 0, 1));
        values.putAll(flow.dataInitializations().get(0).values().apply(mean, new double[] {0.01, 9e4, 1e-16}));
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

    @Test
    void badOptionsAreNamed() {
        assertThat(options(Map.of("couplings", 16)).architecture().totalLogScale())
                .isEqualTo(32);
        assertRefused(Map.of("channels", 0), "channels", "2, 2 and 0");
        assertRefused(Map.of("height", -1), "height", "-1, 2 and 1");
        assertRefused(Map.of("width", 1), "COLUMNS", "2x1x1");
        assertRefused(Map.of("levels", 1), "levels", "was 1");
        assertRefused(Map.of("couplings", 0), "couplings", "was 0");
        assertRefused(Map.of("couplings", 17), "couplings x logScaleBound", "34.0");
        for (double bad : new double[] {0, -1, Double.NaN}) {
            assertRefused(Map.of("bound", bad), "log-scale bound", String.valueOf(bad));
            assertRefused(Map.of("alpha", bad), "alpha", String.valueOf(bad));
            assertRefused(Map.of("floor", bad), "standardizationFloor", String.valueOf(bad));
        }
        assertRefused(Map.of("alpha", 0.5), "alpha", "0.5");
        assertRefused(Map.of("alpha", 1e-13), "alpha", "1.0E-13");
        assertRefused(Map.of("floor", 1e-7), "standardizationFloor", "1.0E-7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Flow.Options(
                        new PixelData(EventShape.image(2, 2, 1), 256, HalfOrder.COLUMNS, 0.05, 0.01),
                        2,
                        HIDDEN,
                        new DerivedAffineFamily(2),
                        DataType.BFLOAT16))
                .withMessageContaining("FLOAT or DOUBLE");
    }

    private static void assertRefused(Map<String, Number> changes, String... parts) {
        assertThatIllegalArgumentException().isThrownBy(() -> options(changes)).withMessageContainingAll(parts);
    }
}
