package org.likelihood4j.models.bijectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.coupling.AdditiveFamily;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.Autoregressive;
import org.likelihood4j.models.bijectors.coupling.AutoregressiveStack;
import org.likelihood4j.models.bijectors.coupling.ChannelSplit;
import org.likelihood4j.models.bijectors.coupling.CheckerboardSplit;
import org.likelihood4j.models.bijectors.coupling.ColumnSplit;
import org.likelihood4j.models.bijectors.coupling.Coupling;
import org.likelihood4j.models.bijectors.coupling.CouplingStack;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.bijectors.coupling.Multiscale;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;
import org.likelihood4j.models.bijectors.coupling.Split;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.Dense;
import org.likelihood4j.models.layers.Layer;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Masked;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.layers.ResidualMlp;
import org.likelihood4j.models.rows.RealLine;
import org.likelihood4j.models.rows.Support;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every bijector must do. A new bijector is one line in {@link #bijectors}. */
class BijectorContractTest {
    private static final double BOUND = 1.5;
    private static final ConvNet.Shape SMOOTH = new ConvNet.Shape(ConvNet.Block.GATED, 2, 0);
    private static final ConvNet.Shape RESIDUAL = new ConvNet.Shape(ConvNet.Block.RESIDUAL, 2, 1);

    /**
     * A bijector under test.
     *
     * @param from data lie between these two values, well inside the bijector's domain
     */
    private record Case(String name, int dimension, Bijector bijector, double from, double to) {
        List<Parameter> tensors() {
            List<Parameter> tensors = new ArrayList<>(bijector.parameters());
            tensors.addAll(bijector.buffers());
            return tensors;
        }

        /** Of random parameters: through many steps, or in exponents, large ones leave what differences can tell. */
        double scale() {
            return name.startsWith("multi-scale")
                            || name.startsWith("autoregressive")
                            || name.contains("RationalQuadratic")
                    ? 0.3
                    : 1;
        }

        /** Of |log f'|: a spline's are three times that of the slopes at its knots, {@code -log 0.001}. */
        double bound() {
            return name.contains("RationalQuadratic") ? 3 * Math.log(1000) : BOUND;
        }

        double[][] data(int rows, long seed) {
            // In float32's grid, so that both types see the same numbers.
            double[][] data = PlainMath.uniform(rows, dimension, from, to, seed);
            for (double[] row : data) {
                Arrays.setAll(row, i -> (float) row[i]);
            }
            return data;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> bijectors() {
        List<Case> cases = new ArrayList<>();
        cases.add(coupling("first of unequal halves", first(5, 2), hidden(Activation.TANH, 4)));
        cases.add(coupling("rest of unequal halves", rest(5, 2), hidden(Activation.TANH, 4)));
        cases.add(coupling("no hidden layer", rest(3, 2), hidden(Activation.RELU)));
        cases.add(coupling("two hidden layers", first(4, 3), hidden(Activation.TANH, 4, 3)));
        cases.add(coupling("any mask", new ColumnSplit(true, false, false, true, false), hidden(Activation.TANH, 4)));
        cases.add(coupling("any mask, one column", new ColumnSplit(true, false, true), hidden(Activation.TANH, 4, 3)));
        cases.add(coupling("halves of one column", first(2, 1), hidden(Activation.TANH, 3)));
        cases.add(coupling("halves of one column, rest", rest(2, 1), hidden(Activation.TANH)));
        for (Activation activation : Activation.values()) {
            cases.add(coupling(activation.name(), rest(4, 2), hidden(activation, 5)));
        }
        for (ElementwiseFamily family : List.of(
                new AffineFamily(BOUND),
                new AdditiveFamily(),
                new RationalQuadraticFamily(4, 3),
                new RationalQuadraticFamily(2, 2.5))) {
            String name = family.toString();
            for (Split split : List.of(first(5, 2), rest(2, 1), new ColumnSplit(true, false, false, true, false))) {
                Coupling block = block("block", split, hidden(Activation.TANH, 4), family);
                cases.add(new Case(
                        "coupling, " + name + ", " + split.shape(),
                        split.shape().size(),
                        block,
                        -2,
                        2));
            }
        }
        cases.add(new Case(
                "columns made normal",
                3,
                new Gaussianization(ParameterPath.root().child("marginals"), EventShape.row(3)),
                -2,
                2));
        LayerFactory gated = new GatedFactory();
        Coupling gate = Coupling.startingAtIdentity(
                ParameterPath.root().child("block"), rest(4, 1), gated, new DerivedAffineFamily(BOUND));
        cases.add(new Case("coupling, another network", 4, gate, -2, 2));
        LearnedScale scale = new LearnedScale(ParameterPath.root().child("scale"), EventShape.row(3), BOUND);
        cases.add(new Case("learned scale", 3, scale, -2, 2));
        cases.add(new Case(
                "learned scale, one column",
                1,
                new LearnedScale(ParameterPath.root().child("scale"), EventShape.row(1), BOUND),
                -2,
                2));
        cases.add(new Case("dequantization", 3, new Dequantization(EventShape.row(3), 256), 0, 256));
        cases.add(new Case("dequantization, one column", 1, new Dequantization(EventShape.row(1), 2), 0, 2));
        cases.add(new Case("logit, tiny alpha", 3, new Logit(EventShape.row(3), 1e-6), 0.02, 0.98));
        cases.add(new Case("logit, large alpha", 2, new Logit(EventShape.row(2), 0.05), 0, 1));
        cases.add(new Case("logit, one column", 1, new Logit(EventShape.row(1), 0.05), 0, 1));
        List<Support> supports = List.of(
                new Support.Line(),
                new Support.HalfLine(-0.5),
                new Support.Interval(-1, 3),
                new Support.Integers(),
                new Support.Integers(-2, 5),
                new Support.Cells(4));
        cases.add(new Case("real line, all supports", 6, new RealLine(EventShape.row(6), supports), 0.1, 2.5));
        for (Support support : supports) {
            RealLine one = new RealLine(EventShape.row(1), List.of(support));
            cases.add(new Case("real line, " + support, 1, one, 0.1, 2.5));
        }
        cases.add(new Case("standardization", 3, standardization("s", 3), -2, 2));
        cases.add(new Case("standardization, one column", 1, standardization("s", 1), -2, 2));
        EventShape image = EventShape.image(2, 1, 2);
        cases.add(new Case("permutation of an image", 4, new Permutation(image, 3, 1, 0, 2), -2, 2));
        cases.add(new Case("permutation", 4, new Permutation(EventShape.row(4), 2, 0, 3, 1), -2, 2));
        cases.add(mapped("to map", Permutation.toMap(EventShape.image(2, 3, 2))));
        cases.add(mapped("to map, one channel", Permutation.toMap(EventShape.image(2, 2, 1))));
        cases.add(mapped("squeeze", Permutation.squeeze(map(2, 4, 2))));
        for (int channels : new int[] {1, 3}) {
            cases.add(mapped("act norm " + channels, new ActNorm(path("norm"), map(2, 1, channels), BOUND)));
        }
        for (int channels : new int[] {2, 3, 5}) {
            cases.add(mapped(
                    "invertible convolution " + channels,
                    new InvertibleConv(path("mixing"), map(1, 2, channels), BOUND)));
        }
        for (Split split : List.of(
                new CheckerboardSplit(map(3, 3, 1), 0),
                new CheckerboardSplit(map(3, 1, 2), 1),
                ChannelSplit.transformFirst(map(2, 2, 3), 1),
                ChannelSplit.transformRest(map(2, 1, 3), 1))) {
            for (ElementwiseFamily family : List.of(
                    new DerivedAffineFamily(BOUND),
                    new AffineFamily(BOUND),
                    new AdditiveFamily(),
                    new RationalQuadraticFamily(3, 2.5))) {
                cases.add(new Case(
                        "coupling, " + family.getClass().getSimpleName() + ", "
                                + split.getClass().getSimpleName() + " " + split.shape(),
                        split.shape().size(),
                        Coupling.startingAtIdentity(path("block"), split, RESIDUAL, family),
                        -2,
                        2));
            }
        }
        for (int columns : new int[] {2, 3, 5}) {
            for (List<Integer> widths : List.<List<Integer>>of(List.of(), List.of(6), List.of(4, 3))) {
                cases.add(autoregressive("autoregressive, " + columns + " columns, " + widths, columns, widths));
            }
        }
        for (ElementwiseFamily family : List.of(new AdditiveFamily(), new RationalQuadraticFamily(3, 2.5))) {
            LayerFactory residual = new Masked(3, new ResidualMlp.Shape(5, 1, Activation.TANH, 0));
            cases.add(mapped(
                    "autoregressive, residual, " + family,
                    new Autoregressive(path("step"), EventShape.row(3), residual, family)));
        }
        for (Mixing.Kind kind : Mixing.Kind.values()) {
            Mixing mixing = new Mixing(kind, BOUND);
            cases.add(mapped(
                    "autoregressive steps, mixing " + kind,
                    AutoregressiveStack.of(
                            ParameterPath.root(),
                            EventShape.row(3),
                            2,
                            new Masked(3, hidden(Activation.TANH, 4)),
                            new AffineFamily(0.5),
                            mixing)));
            cases.add(mapped(
                    "multi-scale of rows, mixing " + kind,
                    new CouplingStack(
                            ParameterPath.root(),
                            EventShape.row(5),
                            2,
                            2,
                            hidden(Activation.TANH, 4),
                            new AffineFamily(0.5),
                            mixing)));
        }
        for (int columns : new int[] {2, 3, 5}) {
            int[] order =
                    IntStream.range(0, columns).map(i -> (i + 1) % columns).toArray();
            cases.add(
                    mapped("linear, " + columns, new LuLinear(path("linear"), EventShape.row(columns), BOUND, order)));
        }
        cases.add(new Case(
                "coupling, dense network on a map",
                8,
                block("block", ChannelSplit.transformRest(map(2, 2, 2), 1), hidden(Activation.TANH, 3)),
                -2,
                2));
        cases.add(mapped("multi-scale", multiscale()));
        cases.add(mapped(
                "multi-scale of one",
                new Multiscale(List.of(new Multiscale.Scale(new ActNorm(path("norm"), map(2, 1, 2), BOUND), 0)))));
        cases.add(new Case(
                "chain",
                4,
                new Chain(List.of(
                        new Dequantization(EventShape.row(4), 8),
                        new Logit(EventShape.row(4), 0.01),
                        standardization("s", 4),
                        new Permutation(EventShape.row(4), 1, 3, 0, 2),
                        block("a", first(4, 1), hidden(Activation.TANH, 3)),
                        block("b", rest(4, 1), hidden(Activation.SWISH, 3), new AdditiveFamily()),
                        new Chain(List.of(
                                block("c", new ColumnSplit(false, true, true, false), hidden(Activation.ELU, 3)))))),
                0.5,
                7.5));
        return cases.stream();
    }

    private static Case autoregressive(String name, int columns, List<Integer> widths) {
        LayerFactory masked = new Masked(columns, new Mlp.Hidden(widths, Activation.TANH));
        return mapped(name, new Autoregressive(path("step"), EventShape.row(columns), masked, new AffineFamily(BOUND)));
    }

    private static Multiscale multiscale() {
        FeatureMap squeezed = map(1, 2, 4);
        Chain first = new Chain(List.of(
                block("a", new CheckerboardSplit(map(2, 4, 1), 1), SMOOTH, new AffineFamily(BOUND)),
                Permutation.squeeze(map(2, 4, 1)),
                new ActNorm(path("norm"), squeezed, BOUND),
                block("b", ChannelSplit.transformFirst(squeezed, 1), SMOOTH, new DerivedAffineFamily(BOUND))));
        FeatureMap left = map(1, 2, 3);
        Chain second = new Chain(List.of(
                new InvertibleConv(path("mixing"), left, BOUND),
                block("c", new CheckerboardSplit(left, 0), SMOOTH, new DerivedAffineFamily(BOUND))));
        return new Multiscale(List.of(new Multiscale.Scale(first, 1), new Multiscale.Scale(second, 0)));
    }

    /** {@code W x * sigmoid(V x)}: not a chain of dense layers. */
    private record Gated(Dense value, Dense gate) implements Layer {
        @Override
        public EventShape inputShape() {
            return value.inputShape();
        }

        @Override
        public EventShape outputShape() {
            return value.outputShape();
        }

        @Override
        public List<Parameter> parameters() {
            return Stream.of(value, gate)
                    .flatMap(layer -> layer.parameters().stream())
                    .toList();
        }

        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return value.apply(g, x).mul(gate.apply(g, x));
        }
    }

    private record GatedFactory() implements LayerFactory {
        @Override
        public Layer create(ParameterPath path, EventShape in, EventShape out) {
            return layer(path, in, out, Initializer.glorot(in.size(), out.size()));
        }

        @Override
        public Layer startingAtZero(ParameterPath path, EventShape in, EventShape out) {
            return layer(path, in, out, Initializer.zeros());
        }

        private static Layer layer(ParameterPath path, EventShape in, EventShape out, Initializer output) {
            return new Gated(
                    new Dense(path.child("value"), in, out, Activation.IDENTITY, output),
                    new Dense(path.child("gate"), in, out, Activation.SIGMOID));
        }
    }

    private static Case coupling(String name, Split split, Mlp.Hidden hidden) {
        return new Case("coupling, " + name, split.shape().size(), block("block", split, hidden), -2, 2);
    }

    private static Coupling block(String name, Split split, Mlp.Hidden hidden) {
        return block(name, split, hidden, new DerivedAffineFamily(BOUND));
    }

    private static Coupling block(String name, Split split, LayerFactory network, ElementwiseFamily family) {
        return Coupling.startingAtIdentity(path(name), split, network, family);
    }

    private static Case mapped(String name, Bijector bijector) {
        return new Case(name, bijector.inputShape().size(), bijector, -2, 2);
    }

    private static ParameterPath path(String name) {
        return ParameterPath.root().child(name);
    }

    private static FeatureMap map(int height, int width, int channels) {
        return EventShape.featureMap(height, width, channels);
    }

    private static Split first(int dimension, int columns) {
        return ColumnSplit.transformFirst(EventShape.row(dimension), columns);
    }

    private static Split rest(int dimension, int columns) {
        return ColumnSplit.transformRest(EventShape.row(dimension), columns);
    }

    private static Standardization standardization(String name, int dimension) {
        return new Standardization(ParameterPath.root().child(name), EventShape.row(dimension), 1e-3);
    }

    private static Mlp.Hidden hidden(Activation activation, Integer... widths) {
        return new Mlp.Hidden(List.of(widths), activation);
    }

    /** One direction of a bijector as a runnable graph over the variable {@code x [N, D]}. */
    private record Direction(BoundGraph graph, GraphBuilder g, SDVariable value, SDVariable logDet) {
        static Direction of(Case c, boolean forward, DataType type, double[][] x, double scale) {
            GraphBuilder g = new GraphBuilder(type);
            SDVariable input = g.sameDiff().var("x", array(x, type));
            Bijector.Result result =
                    forward ? c.bijector().forward(g, input) : c.bijector().inverse(g, input);
            return bind(c, g, result, scale);
        }

        private static Direction bind(Case c, GraphBuilder g, Bijector.Result result, double scale) {
            Map<String, double[]> values = BoundGraph.perturbed(c.tensors(), scale, 7);
            return new Direction(new BoundGraph(g.sameDiff(), values), g, result.value(), result.logDet());
        }

        Values run() {
            Map<String, INDArray> out = graph.run(List.of(value.name(), logDet.name()), Map.of());
            return new Values(out.get(value.name()), out.get(logDet.name()));
        }
    }

    private record Values(INDArray values, INDArray logDets) {
        double[][] value() {
            return BoundGraph.matrix(values);
        }

        double[] logDet() {
            assertThat(logDets.rank()).isEqualTo(1);
            return logDets.toDoubleVector();
        }
    }

    private static INDArray array(double[][] values, DataType type) {
        return Nd4j.createFromArray(values).castTo(type);
    }

    private static Values run(Case c, boolean forward, DataType type, double[][] x) {
        return Direction.of(c, forward, type, x, c.scale()).run();
    }

    private static void assertClose(double[][] actual, double[][] expected, double tolerance) {
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int i = 0; i < expected.length; i++) {
            assertClose(actual[i], expected[i], tolerance);
        }
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
        }
    }

    @ParameterizedTest
    @MethodSource("bijectors")
    void shapesAreOfItsSizeAndAChainTakesWhatItsFirstLinkTakes(Case c) {
        assertThat(c.bijector().inputShape().size()).isEqualTo(c.dimension());
        assertThat(c.bijector().outputShape().size()).isEqualTo(c.dimension());
        Chain chain = new Chain(List.of(c.bijector(), new Logit(c.bijector().outputShape(), 0.1)));
        assertThat(chain.inputShape()).isEqualTo(c.bijector().inputShape());
        EventShape other = EventShape.row(c.dimension() + 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Chain(List.of(c.bijector(), new Logit(other, 0.1))))
                .withMessage("link 1 of a chain takes " + other + ", but the link before it makes "
                        + c.bijector().outputShape());
    }

    @ParameterizedTest
    @MethodSource("bijectors")
    void roundTripInBothOrdersAndOppositeLogDeterminants(Case c) {
        double[][] x = c.data(5, 1);
        Values forward = run(c, true, DataType.DOUBLE, x);
        Values back = run(c, false, DataType.DOUBLE, forward.value());
        assertClose(back.value(), x, 1e-9);
        assertClose(back.logDet(), negated(forward.logDet()), 1e-9);

        Values again = run(c, true, DataType.DOUBLE, back.value());
        assertClose(again.value(), forward.value(), 1e-9);
    }

    private static double[] negated(double[] values) {
        return Arrays.stream(values).map(v -> -v).toArray();
    }

    @ParameterizedTest
    @MethodSource("bijectors")
    void logDeterminantIsThatOfTheAutodiffJacobian(Case c) {
        double[][] points = c.data(2, 2);
        checkLogDets(c, true, points);
        checkLogDets(c, false, run(c, true, DataType.DOUBLE, points).value());
    }

    /**
     * One point tiled D times: the gradient of {@code sum over n of y[n, n]} with respect to row n
     * is row n of the Jacobian, because row n of y depends on row n of x only (a contract of its
     * own). All points are put in the same graph one after another.
     */
    private static void checkLogDets(Case c, boolean forward, double[][] points) {
        int d = c.dimension();
        Direction direction = Direction.of(c, forward, DataType.DOUBLE, PlainMath.tile(points[0], d), c.scale());
        SDVariable eye = direction.g().sameDiff().constant("eye", Nd4j.eye(d).castTo(DataType.DOUBLE));
        SDVariable loss = direction.value().mul(eye).sum();
        BoundGraph graph = new BoundGraph(direction.g().sameDiff(), Map.of());
        for (double[] point : points) {
            graph.value("x").assign(array(PlainMath.tile(point, d), DataType.DOUBLE));
            double[][] jacobian = BoundGraph.matrix(
                    graph.gradients(loss.name(), List.of("x"), Map.of()).get("x"));
            double expected = PlainMath.logAbsDet(jacobian);
            double[] actual = graph.run(direction.logDet().name(), Map.of()).toDoubleVector();
            double[] all = new double[d];
            Arrays.fill(all, expected);
            assertThat(actual).containsExactly(all, within(1e-9 * (1 + Math.abs(expected))));
        }
    }

    @ParameterizedTest
    @MethodSource("bijectors")
    void aRowDependsOnItsOwnRowOnlyAndABatchOfOneWorks(Case c) {
        for (boolean forward : new boolean[] {true, false}) {
            double[][] x = c.data(4, 3);
            double[][] input = forward ? x : run(c, true, DataType.DOUBLE, x).value();
            Values together = run(c, forward, DataType.DOUBLE, input);
            assertThat(together.logDet()).hasSize(4);
            Direction single = Direction.of(c, forward, DataType.DOUBLE, new double[][] {input[0]}, c.scale());
            for (int n = 0; n < 4; n++) {
                single.graph().value("x").assign(array(new double[][] {input[n]}, DataType.DOUBLE));
                Values alone = single.run();
                assertThat(alone.logDet()).hasSize(1);
                assertClose(alone.value()[0], together.value()[n], 1e-12);
                assertThat(alone.logDet()[0]).isCloseTo(together.logDet()[n], within(1e-11));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("bijectors")
    void everyParameterHasTheGradientOfCentralDifferences(Case c) {
        for (boolean forward : new boolean[] {true, false}) {
            for (int rows : new int[] {1, 3}) {
                double[][] x = c.data(rows, 4);
                double[][] input =
                        forward ? x : run(c, true, DataType.DOUBLE, x).value();
                Direction direction = Direction.of(c, forward, DataType.DOUBLE, input, c.scale());
                SDVariable loss = mixed(direction, rows, c.dimension());
                BoundGraph graph = new BoundGraph(direction.g().sameDiff(), Map.of());
                List<String> names = new ArrayList<>(
                        c.bijector().parameters().stream().map(Parameter::name).toList());
                if (!isConstantSlope(c.bijector())) {
                    names.add("x");
                }
                if (!names.isEmpty()) {
                    graph.checkGradients(loss.name(), names, Map.of(), 1, 5);
                }
            }
        }
    }

    /**
     * Their gradient with respect to x is in the Jacobian's test; differences of huge values would
     * only lose digits.
     */
    private static boolean isConstantSlope(Bijector bijector) {
        return bijector instanceof Dequantization;
    }

    /** A random quadratic form of the value and a random combination of the log-determinants. */
    private static SDVariable mixed(Direction direction, int rows, int dimension) {
        var sd = direction.g().sameDiff();
        SDVariable a = sd.constant("mixA", array(PlainMath.normal(rows, dimension, 8), DataType.DOUBLE));
        SDVariable b = sd.constant("mixB", Nd4j.createFromArray(PlainMath.normal(1, rows, 9)[0]));
        SDVariable value = direction.value();
        return value.mul(value).mul(a).sum().add(direction.logDet().mul(b).sum());
    }

    /**
     * Values of order 1 to 10 with condition numbers of the order exp(2 x bound): float32 keeps
     * about four digits.
     */
    @ParameterizedTest
    @MethodSource("bijectors")
    void float32AgreesWithFloat64(Case c) {
        double[][] x = c.data(5, 6);
        Values exact = run(c, true, DataType.DOUBLE, x);
        Values single = run(c, true, DataType.FLOAT, x);
        assertClose(single.value(), exact.value(), 1e-4);
        assertClose(single.logDet(), exact.logDet(), 1e-4);

        double[][] y = Arrays.stream(single.value()).map(double[]::clone).toArray(double[][]::new);
        Values exactBack = run(c, false, DataType.DOUBLE, y);
        Values singleBack = run(c, false, DataType.FLOAT, y);
        assertClose(singleBack.value(), exactBack.value(), 1e-4);
        assertClose(singleBack.logDet(), exactBack.logDet(), 1e-4);
    }

    /** Those of a family that scales. */
    private static Stream<Case> couplings() {
        return bijectors()
                .filter(c -> (c.bijector() instanceof Coupling || c.bijector() instanceof Autoregressive)
                        && !c.name().contains("Additive"));
    }

    @ParameterizedTest
    @MethodSource("couplings")
    void logScalesStayBoundedForEnormousRawValues(Case c) {
        for (boolean forward : new boolean[] {true, false}) {
            Direction direction = Direction.of(c, forward, DataType.FLOAT, c.data(3, 10), 1e6);
            SDVariable loss = direction.value().sum().add(direction.logDet().sum());
            BoundGraph graph = new BoundGraph(direction.g().sameDiff(), Map.of());
            Values values = new Direction(graph, direction.g(), direction.value(), direction.logDet()).run();
            for (int n = 0; n < 3; n++) {
                assertThat(Math.abs(values.logDet()[n])).isLessThanOrEqualTo(c.bound() * c.dimension() * (1 + 1e-6));
                assertThat(Arrays.stream(values.value()[n])).allMatch(Double::isFinite);
            }
            List<String> names =
                    c.bijector().parameters().stream().map(Parameter::name).toList();
            graph.gradients(loss.name(), names, Map.of())
                    .forEach((name, gradient) -> assertThat(gradient.sumNumber().doubleValue())
                            .as(name)
                            .isFinite());
        }
    }
}
