package org.likelihood4j.models.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.PlainMath;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How a flow starts from the data that it is shown. */
class FlowInitializationTest {
    private static final int ROWS = 40;

    @Test
    void dataInitialisationStandardisesEveryPixel() {
        Flow flow = SmallFlows.flow(HalfOrder.HALVES, 1, 2, 2);
        DataInitialization initialization = flow.dataInitializations().get(0);
        int rows = 50;
        Map<String, INDArray> inputs =
                Functions.inputs(initialization.statistic(), rows, SmallFlows.LEVELS, DataType.DOUBLE, 7);
        // A pixel that never changes: the floor must keep its scale.
        inputs.get("pixels").getColumn(3).assign(0);
        inputs.get("dequantization_noise").getColumn(3).assign(0.5);
        double[][] statistic = BoundGraph.matrix(Functions.only(initialization.statistic(), Map.of(), inputs));
        double p = SmallFlows.ALPHA + (1 - 2 * SmallFlows.ALPHA) * 0.5 / SmallFlows.LEVELS;
        assertThat(statistic[0][3]).isCloseTo(Math.log(p / (1 - p)), within(1e-12));

        double[] mean = IntStream.range(0, 4)
                .mapToDouble(i -> PlainMath.mean(PlainMath.column(statistic, i)))
                .toArray();
        double[] variance = IntStream.range(0, 4)
                .mapToDouble(i -> PlainMath.variance(PlainMath.column(statistic, i)) * (rows - 1) / rows)
                .toArray();
        Map<String, double[]> values =
                initialization.values().apply(new DataInitialization.Columns(mean, variance, List.of()));
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
                SmallFlows.multiscale(false, false, false).dataInitializations().get(0);
        Map<String, INDArray> inputs =
                Functions.inputs(initialization.statistic(), ROWS, SmallFlows.LEVELS, DataType.DOUBLE, 7);
        // A place unlike the others, as the border of a digit is.
        inputs.get("pixels").getColumn(3).assign(0);
        double[][] statistic = BoundGraph.matrix(Functions.only(initialization.statistic(), Map.of(), inputs));
        double[] all = Stream.of(statistic).flatMapToDouble(DoubleStream::of).toArray();
        Map<String, double[]> values = initialization
                .values()
                .apply(new DataInitialization.Columns(means(statistic), variances(statistic), List.of()));
        double deviation = Math.sqrt(PlainMath.variance(all) * (all.length - 1) / all.length);
        double[] shifts = new double[16];
        double[] logScales = new double[16];
        Arrays.fill(shifts, PlainMath.mean(all));
        Arrays.fill(logScales, Math.log(deviation));
        assertThat(values.get("standardization/shift")).containsExactly(shifts, within(1e-12));
        assertThat(values.get("standardization/logScale")).containsExactly(logScales, within(1e-12));
    }

    /**
     * The first normalisation of each scale starts from what it is shown, and then all channels in
     * front of every coupling have mean 0 and variance 1.
     */
    @Test
    void normalisationsStartFromTheDataTheySee() {
        Flow flow = SmallFlows.multiscale(true, true, false);
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
            values.putAll(initialization
                    .values()
                    .apply(new DataInitialization.Columns(means(statistic), variances(statistic), List.of())));
        }
        // Through all that now starts so: the latents of the last scale, whose channels were normalised last.
        double[][] z = BoundGraph.matrix(Functions.only(
                flow.encode(), values, Functions.inputs(flow.encode(), ROWS, SmallFlows.LEVELS, DataType.DOUBLE, 7)));
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
                Functions.inputs(initialization.statistic(), ROWS, SmallFlows.LEVELS, DataType.DOUBLE, 7)));
    }
}
