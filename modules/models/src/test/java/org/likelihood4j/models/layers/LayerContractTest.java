package org.likelihood4j.models.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
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
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every layer must do, and what each convolution is. A new layer is one line in {@link #layers}. */
class LayerContractTest {
    private static final ParameterPath PATH = ParameterPath.root().child("net");

    private record Case(String name, Layer layer) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A convolution and its window. */
    private record Convolution(FeatureMap in, int channels, Window window) {
        Conv2d layer(Activation activation) {
            return new Conv2d(PATH, in, channels, window, activation);
        }

        ConvTranspose2d transposed(Activation activation) {
            return new ConvTranspose2d(PATH, in, channels, window, activation);
        }
    }

    private static Stream<Convolution> convolutions() {
        return Stream.of(
                new Convolution(map(3, 4, 2), 3, Window.everywhere(3)),
                new Convolution(map(4, 3, 1), 2, Window.everywhere(1)),
                new Convolution(map(5, 4, 2), 1, new Window(3, 2)),
                new Convolution(map(4, 6, 1), 3, new Window(4, 2)),
                new Convolution(map(3, 3, 2), 2, new Window(2, 2)),
                new Convolution(map(4, 4, 2), 2, new Window(1, 2)),
                new Convolution(map(2, 2, 3), 2, Window.everywhere(5)),
                new Convolution(map(1, 1, 2), 2, Window.everywhere(3)));
    }

    private static Stream<Case> layers() {
        List<Case> cases = new ArrayList<>();
        EventShape row = EventShape.row(3);
        cases.add(new Case("dense", new Dense(PATH, row, EventShape.row(2), Activation.TANH)));
        cases.add(new Case("mlp", new Mlp.Hidden(List.of(4), Activation.TANH).create(PATH, row, EventShape.row(2))));
        for (int blocks : new int[] {0, 2}) {
            cases.add(new Case(
                    "residual mlp, blocks " + blocks,
                    new ResidualMlp.Shape(4, blocks, Activation.TANH, 0.5).create(PATH, row, EventShape.row(2))));
        }
        for (EventShape in : List.of(EventShape.row(3), EventShape.row(5))) {
            cases.add(new Case(
                    "masked mlp of " + in,
                    new Masked(3, new Mlp.Hidden(List.of(4, 2), Activation.TANH)).create(PATH, in, EventShape.row(6))));
            cases.add(new Case(
                    "masked residual mlp of " + in,
                    new Masked(3, new ResidualMlp.Shape(5, 2, Activation.TANH, 0))
                            .create(PATH, in, EventShape.row(6))));
        }
        convolutions().forEach(convolution -> {
            cases.add(new Case("convolution " + convolution, convolution.layer(Activation.TANH)));
            cases.add(new Case("transposed " + convolution, convolution.transposed(Activation.IDENTITY)));
        });
        cases.add(new Case("layer norm", new LayerNorm(PATH, map(2, 3, 4))));
        cases.add(new Case("layer norm of two", new LayerNorm(PATH, map(2, 1, 2))));
        cases.add(new Case("residual block", new ResidualBlock(PATH, map(3, 3, 2))));
        cases.add(new Case("gated block", new GatedBlock(PATH, map(3, 2, 3))));
        for (ConvNet.Block block : ConvNet.Block.values()) {
            cases.add(new Case(block + " net", net(block, 1).create(PATH, map(3, 3, 2), map(3, 3, 4))));
            cases.add(new Case(block + " net, no block", net(block, 0).create(PATH, map(2, 3, 1), map(2, 3, 1))));
        }
        for (int blocks : new int[] {0, 1}) {
            EventShape image = EventShape.image(8, 4, 2);
            List<Integer> channels = List.of(3, 2);
            cases.add(new Case(
                    "encoder, blocks " + blocks,
                    new ConvEncoder.Shape(channels, blocks, List.of(5), Activation.TANH)
                            .create(PATH, EventShape.image(7, 5, 2), row)));
            cases.add(new Case(
                    "decoder, blocks " + blocks,
                    new ConvDecoder.Shape(channels, blocks, List.of(5), Activation.TANH).create(PATH, row, image)));
        }
        return cases.stream();
    }

    private static ConvNet.Shape net(ConvNet.Block block, int blocks) {
        return new ConvNet.Shape(block, 3, blocks);
    }

    private static FeatureMap map(int height, int width, int channels) {
        return EventShape.featureMap(height, width, channels);
    }

    private static Map<String, double[]> values(Layer layer) {
        return BoundGraph.perturbed(layer.parameters(), 0.8, 7);
    }

    private static double[][] data(Layer layer, int rows) {
        double[][] data = PlainMath.normal(rows, layer.inputShape().size(), 3);
        for (double[] row : data) {
            Arrays.setAll(row, i -> (float) row[i]);
        }
        return data;
    }

    private static double[][] run(Layer layer, Map<String, double[]> values, DataType type, double[][] x) {
        GraphBuilder g = new GraphBuilder(type);
        SDVariable y = layer.apply(g, g.sameDiff().constant("x", array(x, type)));
        INDArray out = new BoundGraph(g.sameDiff(), values).run(y.name(), Map.of());
        assertThat(out.dataType()).isEqualTo(type);
        return BoundGraph.matrix(out);
    }

    private static INDArray array(double[][] values, DataType type) {
        return Nd4j.createFromArray(values).castTo(type);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void eachEventGoesItsOwnWayToTheShapeThatIsSaid(Case c) {
        Layer layer = c.layer();
        double[][] x = data(layer, 3);
        double[][] together = run(layer, values(layer), DataType.DOUBLE, x);
        assertThat(together).hasDimensions(3, layer.outputShape().size());
        for (int n = 0; n < 3; n++) {
            double[][] alone = run(layer, values(layer), DataType.DOUBLE, new double[][] {x[n]});
            assertThat(alone[0]).containsExactly(together[n], within(1e-12));
        }
        assertThat(layer.footprint().kept()).isNotNegative();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void everyParameterAndTheInputHaveTheGradientOfCentralDifferences(Case c) {
        Layer layer = c.layer();
        for (int rows : new int[] {1, 3}) {
            GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
            SDVariable y = layer.apply(g, g.sameDiff().var("x", array(data(layer, rows), DataType.DOUBLE)));
            SDVariable mix = g.sameDiff()
                    .constant(array(PlainMath.normal(rows, layer.outputShape().size(), 8), DataType.DOUBLE));
            SDVariable loss = y.mul(y).add(y).mul(mix).sum();
            List<String> names = new ArrayList<>(
                    layer.parameters().stream().map(Parameter::name).toList());
            names.add("x");
            new BoundGraph(g.sameDiff(), values(layer)).checkGradients(loss.name(), names, Map.of(), 2, 5);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void float32AgreesWithFloat64(Case c) {
        double[][] x = data(c.layer(), 3);
        double[][] exact = run(c.layer(), values(c.layer()), DataType.DOUBLE, x);
        double[][] single = run(c.layer(), values(c.layer()), DataType.FLOAT, x);
        for (int n = 0; n < 3; n++) {
            assertThat(single[n]).containsExactly(exact[n], within(1e-4));
        }
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void aConvolutionIsTheSumOverItsWindow(Convolution c) {
        Conv2d layer = c.layer(Activation.TANH);
        Map<String, double[]> values = values(layer);
        double[][] x = data(layer, 2);
        double[][] y = run(layer, values, DataType.DOUBLE, x);
        for (int n = 0; n < 2; n++) {
            double[] sum = PlainConvolution.convolved(
                    layer.inputShape(), layer.outputShape(), c.window(), values.get("net/weight"), x[n]);
            double[] bias = values.get("net/bias");
            Arrays.setAll(sum, i -> Math.tanh(sum[i] + bias[i % bias.length]));
            assertThat(y[n]).containsExactly(sum, within(1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void aTransposedConvolutionIsTheTransposeOfOne(Convolution c) {
        ConvTranspose2d layer = c.transposed(Activation.TANH);
        Map<String, double[]> values = values(layer);
        double[][] x = data(layer, 2);
        double[][] y = run(layer, values, DataType.DOUBLE, x);
        for (int n = 0; n < 2; n++) {
            double[] sum = PlainConvolution.transposed(
                    layer.outputShape(), layer.inputShape(), c.window(), values.get("net/weight"), x[n]);
            double[] bias = values.get("net/bias");
            Arrays.setAll(sum, i -> Math.tanh(sum[i] + bias[i % bias.length]));
            assertThat(y[n]).containsExactly(sum, within(1e-12));
        }
    }

    @Test
    void aLayerNormNormalisesEachPlace() {
        LayerNorm norm = new LayerNorm(PATH, map(2, 2, 3));
        Map<String, double[]> values = values(norm);
        double[][] x = data(norm, 2);
        double[][] y = run(norm, values, DataType.DOUBLE, x);
        for (int n = 0; n < 2; n++) {
            for (int place = 0; place < 4; place++) {
                double[] channels = Arrays.copyOfRange(x[n], 3 * place, 3 * place + 3);
                double mean = PlainMath.mean(channels);
                double variance = PlainMath.variance(channels) * 2 / 3;
                for (int c = 0; c < 3; c++) {
                    double expected = values.get("net/scale")[c] * (channels[c] - mean) / Math.sqrt(variance + 1e-5)
                            + values.get("net/shift")[c];
                    assertThat(y[n][3 * place + c]).isCloseTo(expected, within(1e-12));
                }
            }
        }
    }

    /** Weights that are fed through: the centre of the kernel alone, so that both blocks are formulas of one place. */
    @Test
    void blocksAreTheirFormulas() {
        FeatureMap one = map(1, 1, 2);
        double[] x = {0.7, -0.4};
        ResidualBlock residual = new ResidualBlock(PATH, one);
        Map<String, double[]> values = values(residual);
        double[] hidden = affine(values, "net/conv", relu(x));
        double[] added = affine(values, "net/point", relu(hidden));
        assertThat(run(residual, values, DataType.DOUBLE, new double[][] {x})[0])
                .containsExactly(new double[] {x[0] + added[0], x[1] + added[1]}, within(1e-12));

        GatedBlock gated = new GatedBlock(PATH, one);
        Map<String, double[]> gates = new HashMap<>(values(gated));
        double[] both = affine(gates, "net/point", concatElu(affine(gates, "net/conv", concatElu(x))));
        double[] sum = {x[0] + both[0] * PlainMath.sigmoid(both[2]), x[1] + both[1] * PlainMath.sigmoid(both[3])};
        double mean = PlainMath.mean(sum);
        double deviation = Math.sqrt(PlainMath.variance(sum) / 2 + 1e-5);
        double[] expected = new double[2];
        Arrays.setAll(
                expected,
                i -> gates.get("net/norm/scale")[i] * (sum[i] - mean) / deviation + gates.get("net/norm/shift")[i]);
        assertThat(run(gated, gates, DataType.DOUBLE, new double[][] {x})[0]).containsExactly(expected, within(1e-12));
    }

    private static double[] relu(double... x) {
        return Arrays.stream(x).map(v -> Math.max(v, 0)).toArray();
    }

    private static double[] concatElu(double... x) {
        double[] y = new double[2 * x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] > 0 ? x[i] : Math.expm1(x[i]);
            y[x.length + i] = x[i] < 0 ? -x[i] : Math.expm1(-x[i]);
        }
        return y;
    }

    /** On a map of one place: the kernel's centre. */
    private static double[] affine(Map<String, double[]> values, String path, double... x) {
        double[] weight = values.get(path + "/weight");
        double[] y = values.get(path + "/bias").clone();
        int matrix = x.length * y.length;
        int centre = (weight.length / matrix / 2) * matrix;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y.length; j++) {
                y[j] += x[i] * weight[centre + i * y.length + j];
            }
        }
        return y;
    }

    @Test
    void networksThatStartAtZeroPutOutZero() {
        for (ConvNet.Block block : ConvNet.Block.values()) {
            ConvNet net = net(block, 2).startingAtZero(PATH, map(3, 2, 1), map(3, 2, 2));
            Map<String, double[]> values = new HashMap<>(values(net));
            values.replaceAll((name, value) -> name.startsWith("net/output/") ? new double[value.length] : value);
            assertThat(net.parameters())
                    .filteredOn(parameter -> parameter.name().startsWith("net/output/"))
                    .hasSize(2)
                    .allMatch(parameter -> parameter.initializer().equals(Initializer.zeros()));
            assertThat(run(net, values, DataType.DOUBLE, data(net, 2))[1]).containsOnly(0);
        }
    }

    /** A weight of a convolution meets as many numbers as there are in its window. */
    @Test
    void initialisationsCountTheWindow() {
        Conv2d layer = new Conv2d(PATH, map(4, 4, 3), 5, new Window(3, 2), Activation.RELU);
        assertThat(layer.parameters().get(0))
                .isEqualTo(new Parameter("net/weight", List.of(3L, 3L, 3L, 5L), Initializer.fanIn(27), true));
        assertThat(layer.parameters().get(1))
                .isEqualTo(new Parameter("net/bias", List.of(5L), Initializer.zeros(), false));
        ConvTranspose2d transposed = new ConvTranspose2d(PATH, map(4, 4, 3), 5, new Window(4, 2), Activation.RELU);
        assertThat(transposed.parameters().get(0))
                .isEqualTo(new Parameter("net/weight", List.of(4L, 4L, 5L, 3L), Initializer.fanIn(12), true));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Window(0, 1))
                .withMessage("a window's size and stride must be at least 1, were 0 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LayerNorm(PATH, map(2, 2, 1)))
                .withMessage("a layer norm needs at least 2 channels, had 1");
        ConvNet.Shape net = net(ConvNet.Block.RESIDUAL, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> net.create(PATH, EventShape.row(4), map(2, 2, 1)))
                .withMessage("a network of convolutions needs feature maps, not 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> net.create(PATH, map(2, 2, 1), map(2, 3, 1)))
                .withMessage("a network of convolutions keeps the places, but was asked for map 2x2x1 to map 2x3x1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConvNet.Shape(ConvNet.Block.GATED, 0, 1))
                .withMessage("a network of convolutions needs at least 1 channel and 0 blocks, had 0 and 1");
    }
}
