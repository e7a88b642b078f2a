package org.likelihood4j.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.rows.Support;
import org.likelihood4j.models.vae.likelihood.MixedRows;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** log p(x|z) of rows of columns of all kinds, in the rows' own units. */
class MixedRowsTest {
    /** Not in the order in which the likelihood keeps them. */
    private static final List<Support> SUPPORTS = List.of(
            new Support.Cells(3),
            new Support.Integers(),
            new Support.HalfLine(-1),
            new Support.Cells(2),
            new Support.Integers(0, 2));

    /** A likelihood with statistics of its own, whose decoder says the same of all rows. */
    private static final class Given {
        final MixedRows likelihood;
        final Map<String, double[]> buffers;
        final double[] output;

        Given(List<Support> supports, boolean holes) {
            likelihood = new MixedRows(supports, holes);
            buffers = BoundGraph.perturbed(likelihood.buffers(), 0.5, 4);
            output = PlainMath.normal(
                    1, likelihood.outputShape(EventShape.row(supports.size())).size(), 2)[0];
        }

        double[] logProb(double[][] rows, double[][] present) {
            GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
            EventShape shape = EventShape.row(rows[0].length);
            SDVariable data = g.input(new FunctionInput.Data("values", shape));
            SDVariable x = likelihood.observe(g, data, shape);
            SDVariable made = g.sameDiff().constant(Nd4j.createFromArray(PlainMath.tile(output, rows.length)));
            SDVariable logProb = likelihood.density(g, made, shape).logProb(x);
            Map<String, INDArray> inputs = new HashMap<>(Map.of("values", Nd4j.createFromArray(rows)));
            if (present != null) {
                inputs.put("present", Nd4j.createFromArray(present));
            }
            return new BoundGraph(g.sameDiff(), buffers)
                    .run(logProb.name(), inputs)
                    .toDoubleVector();
        }
    }

    /** The sum over all discrete cells of the integral over the real column, by the trapezoidal rule in its logarithm. */
    @Test
    void theTotalOverCellsAndRealNumbersIsOne() {
        Given given = new Given(SUPPORTS, false);
        double h = 0.1;
        List<double[]> rows = new ArrayList<>();
        List<Double> widths = new ArrayList<>();
        for (double y = -8; y < 8; y += h) {
            for (int whole = -15; whole <= 15; whole++) {
                for (int cell = 0; cell < 18; cell++) {
                    rows.add(new double[] {cell % 3, whole, Math.exp(y) - 1, cell / 3 % 2, Math.floorDiv(cell, 6)});
                    widths.add(h * Math.exp(y));
                }
            }
        }
        double[] logProb = given.logProb(rows.toArray(double[][]::new), null);
        double total = 0;
        for (int n = 0; n < logProb.length; n++) {
            total += Math.exp(logProb[n]) * widths.get(n);
        }
        // Whole numbers beyond 15 are left out.
        assertThat(total).isCloseTo(1, within(1e-3));
        assertThat(total).isLessThan(1 + 1e-9);
    }

    /** The columns are independent given z: what is missing adds up to 1, and leaves no trace. */
    @Test
    void whatIsMissingIsSummedOut() {
        Given whole = new Given(SUPPORTS, true);
        double[] row = {2, 3, 0.7, 1, 0};
        double[] all = {1, 1, 1, 1, 1};
        for (int column : new int[] {0, 3, 4}) {
            int words = column == 3 ? 2 : 3;
            double[][] rows = new double[words][];
            double[][] present = new double[words][];
            for (int k = 0; k < words; k++) {
                rows[k] = row.clone();
                rows[k][column] = k;
                present[k] = all;
            }
            double marginal = PlainMath.logSumExp(whole.logProb(rows, present));
            double[] there = all.clone();
            there[column] = 0;
            double[] hole = row.clone();
            hole[column] = 0;
            assertThat(whole.logProb(new double[][] {hole}, new double[][] {there})[0])
                    .isCloseTo(marginal, within(1e-12));
        }
        double[][] nothing = {new double[5]};
        assertThat(whole.logProb(nothing, nothing)[0]).isEqualTo(0);
        // Of the real column a density is integrated.
        double h = 0.01;
        double sum = 0;
        double[] holed = {1, 1, 0, 1, 1};
        List<double[]> rows = new ArrayList<>();
        for (double y = -15; y < 30; y += h) {
            rows.add(new double[] {2, 3, Math.exp(y) - 1, 1, 0});
        }
        double[] logProb = whole.logProb(rows.toArray(double[][]::new), PlainMath.tile(all, rows.size()));
        for (int n = 0; n < logProb.length; n++) {
            sum += Math.exp(logProb[n]) * h * (rows.get(n)[2] + 1);
        }
        double[] zero = row.clone();
        zero[2] = 0;
        assertThat(whole.logProb(new double[][] {zero}, new double[][] {holed})[0])
                .isCloseTo(Math.log(sum), within(1e-7));
    }

    /** Drawn rows have the probabilities that the density says, each cell's share within four standard errors. */
    @Test
    void drawsHaveTheDensity() {
        List<Support> discrete = List.of(new Support.Cells(3), new Support.Integers(0, 2), new Support.Cells(2));
        Given given = new Given(discrete, false);
        int count = 20_000;
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable made = g.sameDiff().constant(Nd4j.createFromArray(PlainMath.tile(given.output, count)));
        SDVariable drawn = given.likelihood.draw(g, made, EventShape.row(3)).mul(1.0);
        INDArray noise = Nd4j.createFromArray(PlainMath.uniform(count, 3, 0, 1, 5));
        double[][] rows = BoundGraph.matrix(
                new BoundGraph(g.sameDiff(), given.buffers).run(drawn.name(), Map.of("observation_choice", noise)));
        double[][] cells = new double[18][];
        Arrays.setAll(cells, i -> new double[] {i % 3, i / 3 % 3, Math.floorDiv(i, 9)});
        double[] logProb = given.logProb(cells, null);
        assertThat(Arrays.stream(logProb).map(Math::exp).sum()).isCloseTo(1, within(1e-12));
        for (int i = 0; i < cells.length; i++) {
            double p = Math.exp(logProb[i]);
            double[] cell = cells[i];
            // Drawn numbers stand in the middle of their cells.
            double share = Arrays.stream(rows)
                            .filter(row ->
                                    row[0] == cell[0] + 0.5 && Math.floor(row[1]) == cell[1] && row[2] == cell[2] + 0.5)
                            .count()
                    / (double) count;
            assertThat(share).isCloseTo(p, within(4 * Math.sqrt(p * (1 - p) / count)));
        }
    }

    /** From the moments of numbers that are 0 where they are missing to those of what is there. */
    @Test
    void statisticsAreOfWhatIsThere() {
        MixedRows likelihood = new MixedRows(List.of(new Support.Line(), new Support.Cells(3)), true);
        double[][] x = {{3, 1, 0, 0, 1, 1}, {5, 0, 0, 0, 1, 0}, {0, 0, 1, 0, 0, 1}, {0, 1, 0, 0, 0, 1}};
        double[] mean = new double[6];
        double[] variance = new double[6];
        for (int i = 0; i < 6; i++) {
            double[] column = PlainMath.column(x, i);
            mean[i] = PlainMath.mean(column);
            double centre = mean[i];
            variance[i] = Arrays.stream(column)
                    .map(v -> (v - centre) * (v - centre))
                    .average()
                    .orElseThrow();
        }
        Map<String, double[]> values = likelihood.initial("bias", EventShape.row(2), mean, variance);
        assertThat(values.get("standardization/shift")).containsExactly(4);
        assertThat(values.get("standardization/logScale")).containsExactly(new double[] {0}, within(1e-12));
        assertThat(values.get("bias")).hasSize(5);
        assertThat(Math.exp(values.get("bias")[2])).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(Math.exp(values.get("bias")[3])).isCloseTo(1.0 / 3, within(1e-12));
    }
}
