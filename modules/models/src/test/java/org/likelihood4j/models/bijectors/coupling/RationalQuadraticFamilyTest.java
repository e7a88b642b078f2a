package org.likelihood4j.models.bijectors.coupling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The spline of one column against the paper's formulas in plain Java, with branches; and where float32 is pushed. */
class RationalQuadraticFamilyTest {
    private static final EventShape COLUMN = EventShape.row(1);
    private static final int BINS = 5;
    private static final double BOUND = 2;
    private static final RationalQuadraticFamily FAMILY = new RationalQuadraticFamily(BINS, BOUND);

    /** Of each row, whose loss is the sum of its value and its log-slope; the gradients of all parameters in one piece. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Mapped(double[] values, double[] logSlopes, double[] inputGradients, double[] parameterGradients) {}

    private static Mapped map(boolean forward, DataType type, double[] parameters, double... x) {
        return map(forward, type, PlainMath.tile(parameters, x.length), x);
    }

    private static Mapped map(boolean forward, DataType type, double[][] parameters, double... x) {
        GraphBuilder g = new GraphBuilder(type);
        SDVariable input =
                g.sameDiff().var("x", Nd4j.createFromArray(x).castTo(type).reshape(-1, 1));
        SDVariable all =
                g.sameDiff().var("theta", Nd4j.createFromArray(parameters).castTo(type));
        Bijector.Result result =
                forward ? FAMILY.forward(g, COLUMN, input, all) : FAMILY.inverse(g, COLUMN, input, all);
        SDVariable loss = result.value().sum().add(result.logDet().sum());
        BoundGraph graph = new BoundGraph(g.sameDiff(), Map.of());
        Map<String, INDArray> out =
                graph.run(List.of(result.value().name(), result.logDet().name()), Map.of());
        Map<String, INDArray> gradients = graph.gradients(loss.name(), List.of("x", "theta"), Map.of());
        return new Mapped(
                out.get(result.value().name()).reshape(-1).toDoubleVector(),
                out.get(result.logDet().name()).toDoubleVector(),
                gradients.get("x").reshape(-1).toDoubleVector(),
                gradients.get("theta").reshape(-1).toDoubleVector());
    }

    private static double[] shares(double... logits) {
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        return Arrays.stream(logits)
                .map(u -> 0.001 + (1 - 0.001 * logits.length) * Math.exp(u) / sum)
                .toArray();
    }

    /** y and f' by Durkan et al. 2019, equations 4 and 5. */
    private static double[] plain(double[] parameters, double x) {
        if (Math.abs(x) >= BOUND) {
            return new double[] {x, 1};
        }
        double[] widths = shares(Arrays.copyOfRange(parameters, 0, BINS));
        double[] heights = shares(Arrays.copyOfRange(parameters, BINS, 2 * BINS));
        double[] slopes = new double[BINS + 1];
        double c = Math.log(1000);
        Arrays.setAll(slopes, k -> k == 0 || k == BINS ? 1 : Math.exp(c * Math.tanh(parameters[2 * BINS + k - 1] / c)));
        int bin = 0;
        double left = -BOUND;
        double bottom = -BOUND;
        while (left + 2 * BOUND * widths[bin] < x) {
            left += 2 * BOUND * widths[bin];
            bottom += 2 * BOUND * heights[bin];
            bin++;
        }
        double w = 2 * BOUND * widths[bin];
        double h = 2 * BOUND * heights[bin];
        double s = h / w;
        double xi = (x - left) / w;
        double mixed = xi * (1 - xi);
        double denominator = s + (slopes[bin + 1] + slopes[bin] - 2 * s) * mixed;
        double y = bottom + h * (s * xi * xi + slopes[bin] * mixed) / denominator;
        double slope = s
                * s
                * (slopes[bin + 1] * xi * xi + 2 * s * mixed + slopes[bin] * (1 - xi) * (1 - xi))
                / (denominator * denominator);
        return new double[] {y, slope};
    }

    private static double[] parameters(long seed, double scale) {
        Random random = new Random(seed);
        return IntStream.range(0, FAMILY.parametersPerColumn())
                .mapToDouble(i -> scale * random.nextGaussian())
                .toArray();
    }

    /** From beyond one end to beyond the other, and far away. */
    private static double[] points() {
        return IntStream.concat(IntStream.rangeClosed(-260, 260), IntStream.of(-100_000, 100_000))
                .mapToDouble(i -> (i + 0.37) / 100)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 3})
    void itIsThePapersSpline(double scale) {
        double[] parameters = parameters(3, scale);
        double[] x = points();
        Mapped mapped = map(true, DataType.DOUBLE, parameters, x);
        for (int i = 0; i < x.length; i++) {
            double[] expected = plain(parameters, x[i]);
            assertThat(mapped.values()[i]).as("at %s", x[i]).isCloseTo(expected[0], within(1e-12));
            assertThat(mapped.logSlopes()[i]).as("at %s", x[i]).isCloseTo(Math.log(expected[1]), within(1e-10));
        }
        Mapped back = map(false, DataType.DOUBLE, parameters, mapped.values());
        assertThat(back.values()).containsExactly(x, within(1e-8));
    }

    @Test
    void itGoesUpThroughAllKnotsAndBeyondItIsTheIdentity() {
        double[] parameters = parameters(4, 2);
        double[] x = points();
        double[] y = map(true, DataType.FLOAT, parameters, x).values();
        for (int i = 0; i < x.length; i++) {
            if (Math.abs(x[i]) >= BOUND) {
                assertThat(y[i]).isEqualTo((float) x[i]);
            } else {
                assertThat(y[i]).isBetween(-BOUND - 1e-6, BOUND + 1e-6);
            }
        }
        assertThat(map(true, DataType.FLOAT, parameters, -1e30, 1e30).values())
                .containsExactly((float) -1e30, (float) 1e30);
        assertThat(map(true, DataType.FLOAT, parameters, 1e30).logSlopes()[0]).isZero();
    }

    /** Widths and heights at their least, slopes at both of their ends, and numbers at the ends. */
    @ParameterizedTest
    @ValueSource(doubles = {3, 30, 1e4, 1e6})
    void withExtremeParametersFloat32StaysNearFloat64AndAllGradientsAreFinite(double scale) {
        Random random = new Random(7);
        double[] x = points();
        double[][] parameters = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) x[i];
            parameters[i] = Arrays.stream(parameters(random.nextLong(), scale))
                    .map(v -> (float) v)
                    .toArray();
        }
        Mapped exact = map(true, DataType.DOUBLE, parameters, x);
        Mapped single = map(true, DataType.FLOAT, parameters, x);
        Mapped back = map(false, DataType.FLOAT, parameters, single.values());
        Mapped again = map(true, DataType.DOUBLE, parameters, back.values());
        for (int i = 0; i < x.length; i++) {
            // Where it is steep a knot that is off by a digit moves the value by the slope.
            double slope = Math.exp(exact.logSlopes()[i]);
            assertThat(single.values()[i]).isCloseTo(exact.values()[i], within(2e-6 * (1 + slope)));
            assertThat(Math.abs(single.logSlopes()[i])).isLessThan(3 * Math.log(1000));
            // Where it is flat a digit of y decides little of x; what comes back is mapped to y all the same.
            assertThat(back.values()[i]).isCloseTo(x[i], within(1e-5 * (1 + 1 / slope)));
            double slopeBack = Math.exp(again.logSlopes()[i]);
            assertThat(again.values()[i]).isCloseTo(single.values()[i], within(2e-6 * (1 + slopeBack)));
        }
        for (Mapped mapped : List.of(single, back)) {
            assertThat(Arrays.stream(mapped.values())).allMatch(Double::isFinite);
            assertThat(Arrays.stream(mapped.logSlopes())).allMatch(Double::isFinite);
            assertThat(Arrays.stream(mapped.inputGradients())).allMatch(Double::isFinite);
            assertThat(Arrays.stream(mapped.parameterGradients())).allMatch(Double::isFinite);
        }
    }

    @Test
    void theDensityOfANormalBehindItIntegratesToOne() {
        double[] parameters = parameters(5, 1);
        int count = 200_000;
        double step = 20.0 / count;
        double[] x = IntStream.range(0, count)
                .mapToDouble(i -> -10 + (i + 0.5) * step)
                .toArray();
        Mapped mapped = map(true, DataType.DOUBLE, parameters, x);
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double y = mapped.values()[i];
            sum += step * Math.exp(-0.5 * y * y + mapped.logSlopes()[i]) / Math.sqrt(2 * Math.PI);
        }
        assertThat(sum).isCloseTo(1, within(1e-7));
    }

    @Test
    void whatIsNoNumberStaysSo() {
        assertThat(map(true, DataType.FLOAT, parameters(6, 1), Double.NaN).values()[0])
                .isNaN();
    }

    @Test
    void binsAndBoundsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RationalQuadraticFamily(1, 3))
                .withMessage("bins must be 2 to 100, were 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RationalQuadraticFamily(8, Double.POSITIVE_INFINITY))
                .withMessage("the tail bound must be above 0 and finite, was Infinity");
    }
}
