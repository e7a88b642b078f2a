package org.likelihood4j.models.bijectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GaussianizationTest {
    private static final int ROWS = 20_000;

    /** What tables hold. */
    private enum Column {
        NORMAL(random -> 1e6 + 3 * random.nextGaussian()),
        SKEWED(random -> Math.exp(2 * random.nextGaussian())),
        DECADES(random -> Math.pow(10, random.nextInt(6) - 3) * random.nextGaussian()),
        HEAVY_TAILED(random -> random.nextGaussian() / Math.abs(random.nextGaussian())),
        TWO_MODES(random -> (random.nextBoolean() ? 1 : -1) * 5 + random.nextGaussian()),
        UNIFORM(Random::nextDouble);

        @SuppressWarnings("ImmutableEnumChecker") // none holds anything
        private final ToDoubleFunction<Random> draw;

        Column(ToDoubleFunction<Random> draw) {
            this.draw = draw;
        }

        /** In float32's grid, so that both types see the same numbers. */
        double[] sorted(int rows, long seed) {
            Random random = new Random(seed);
            double[] values = new double[rows];
            Arrays.setAll(values, i -> (float) draw.applyAsDouble(random));
            Arrays.sort(values);
            return values;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Mapped(double[] value, double[] logDet) {}

    /** One column through the map that its training data have made. */
    private static Mapped run(Map<String, double[]> buffers, boolean forward, DataType type, double... x) {
        Gaussianization map = map();
        GraphBuilder g = new GraphBuilder(type);
        SDVariable input =
                g.sameDiff().var("x", Nd4j.createFromArray(x).castTo(type).reshape(x.length, 1));
        Bijector.Result result = forward ? map.forward(g, input) : map.inverse(g, input);
        Map<String, INDArray> out = new BoundGraph(g.sameDiff(), buffers)
                .run(List.of(result.value().name(), result.logDet().name()), Map.of());
        return new Mapped(
                out.get(result.value().name()).toDoubleVector(),
                out.get(result.logDet().name()).toDoubleVector());
    }

    private static Gaussianization map() {
        return new Gaussianization(ParameterPath.root().child("marginals"), EventShape.row(1));
    }

    private static Map<String, double[]> learned(double... sorted) {
        return map().values(List.of(sorted));
    }

    @Test
    void itIsTheIdentityUntilItHasSeenData() {
        double[] x = {-1e6, -20, -15.5, -3.25, 0, 0.5, 7, 15.5, 16, 1e6};
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        Gaussianization map = map();
        List<Double> initial = ((Initializer.Rows) map.buffers().get(0).initializer()).values();
        double[] rows = initial.stream().mapToDouble(Double::doubleValue).toArray();
        Map<String, double[]> buffers = Map.of(
                "marginals/knots", rows, "marginals/scores", rows, "marginals/logSlopes", new double[rows.length]);
        Mapped mapped = run(buffers, true, g.type(), x);
        for (int i = 0; i < x.length; i++) {
            assertThat(mapped.value()[i]).isCloseTo(x[i], within(1e-9 * Math.max(1, Math.abs(x[i]))));
            assertThat(mapped.logDet()[i]).isCloseTo(0, within(1e-12));
        }
    }

    /** Kolmogorov's distance of other rows' numbers from N(0, 1): that of as many normal ones is above 0.0115 once in a hundred times. */
    @ParameterizedTest
    @EnumSource
    void otherRowsOfTheSameColumnBecomeNormal(Column column) {
        double[] y = run(learned(column.sorted(ROWS, 1)), true, DataType.FLOAT, column.sorted(ROWS, 2))
                .value();
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double distance = 0;
        for (int i = 0; i < y.length; i++) {
            assertThat(i == 0 || y[i] >= y[i - 1] - 1e-5).isTrue();
            double share = normal.cumulativeProbability(y[i]);
            distance = Math.max(distance, Math.max(share - (double) i / ROWS, (i + 1.0) / ROWS - share));
        }
        // Twice as much, for the training rows are a sample too; and what 32 knots leave.
        assertThat(distance).isLessThan(0.03);
        assertThat(PlainMath.mean(y)).isCloseTo(0, within(0.05));
        assertThat(PlainMath.variance(y)).isCloseTo(1, within(0.1));
    }

    @ParameterizedTest
    @EnumSource
    void theWayBackIsTheInverseAlsoFarBeyondTheData(Column column) {
        double[] sorted = column.sorted(ROWS, 1);
        Map<String, double[]> buffers = learned(sorted);
        double range = sorted[ROWS - 1] - sorted[0];
        List<Double> points = new ArrayList<>(List.of(sorted[0] - 100 * range, sorted[ROWS - 1] + 100 * range));
        for (int i = 0; i < ROWS; i += 97) {
            points.add(sorted[i]);
        }
        double[] x = points.stream().mapToDouble(Double::doubleValue).toArray();
        Mapped there = run(buffers, true, DataType.DOUBLE, x);
        Mapped back = run(buffers, false, DataType.DOUBLE, there.value());
        Mapped rounded = run(
                buffers,
                false,
                DataType.FLOAT,
                run(buffers, true, DataType.FLOAT, x).value());
        for (int i = 0; i < x.length; i++) {
            assertThat(back.value()[i]).isCloseTo(x[i], within(1e-9 * (Math.abs(x[i]) + 1e-3)));
            assertThat(back.logDet()[i]).isCloseTo(-there.logDet()[i], within(1e-6));
            // An error of float32 in y is as many times larger in x as the map is flat there.
            double flat = Math.exp(-there.logDet()[i]) * (1 + Math.abs(there.value()[i]));
            assertThat(rounded.value()[i]).isCloseTo(x[i], within(1e-6 * (Math.abs(x[i]) + flat)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void itsLogDeterminantIsThatOfDifferences(Column column) {
        double[] sorted = column.sorted(ROWS, 1);
        Map<String, double[]> buffers = learned(sorted);
        double[] x = {sorted[0] - 1, sorted[10], sorted[5_003], sorted[10_000], sorted[17_345], sorted[ROWS - 1] + 1};
        double[] logDet = run(buffers, true, DataType.DOUBLE, x).logDet();
        for (int i = 0; i < x.length; i++) {
            double h = 1e-5 * Math.exp(-logDet[i]);
            double[] y = run(buffers, true, DataType.DOUBLE, x[i] - h, x[i] + h).value();
            assertThat(Math.log((y[1] - y[0]) / (2 * h))).isCloseTo(logDet[i], within(1e-3));
        }
    }

    /** A handful of rows, ties, one value only, and numbers that float32 can hardly tell apart. */
    @Test
    void poorColumnsHaveAMapToo() {
        double[] tied = new double[1000];
        Arrays.fill(tied, 700, 1000, 1);
        for (int i = 990; i < 1000; i++) {
            tied[i] = i;
        }
        double[] near = new double[1000];
        Arrays.setAll(near, i -> 1e7 + i * 1e-3);
        for (double[] sorted : List.of(new double[] {3}, new double[] {3, 3, 3}, new double[] {-1, 2}, tied, near)) {
            Mapped mapped = run(learned(sorted), true, DataType.FLOAT, sorted);
            assertThat(Arrays.stream(mapped.value())).allMatch(y -> Math.abs(y) < 20);
            assertThat(Arrays.stream(mapped.logDet())).allMatch(Double::isFinite);
            double[] back = run(
                            learned(sorted),
                            false,
                            DataType.DOUBLE,
                            run(learned(sorted), true, DataType.DOUBLE, sorted).value())
                    .value();
            for (int i = 0; i < sorted.length; i++) {
                assertThat(back[i]).isCloseTo(sorted[i], within(1e-9 * (1 + Math.abs(sorted[i]))));
            }
        }
    }

    /** Of 60 rows a map through 32 of them would be no estimate of anything. */
    @Test
    void fewRowsHaveFewKnots() {
        double[] sorted = Column.NORMAL.sorted(60, 1);
        QuantileKnots knots = QuantileKnots.of(sorted);
        for (int k = 3; k < QuantileKnots.COUNT; k++) {
            assertThat(knots.slopes()[k]).isEqualTo(knots.slopes()[2]);
        }
    }
}
