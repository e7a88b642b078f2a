package org.likelihood4j.inference.kinds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.likelihood4j.data.synthetic.densities.ToyDensity;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A density's formula in a graph is the density that points are drawn from, and has its slopes. */
class FormulasTest {
    private static final int POINTS = 50;

    @ParameterizedTest
    @EnumSource(names = {"BANANA", "MOONS", "RING", "SCALES"})
    void theGraphHasTheValuesAndSlopesOfTheDensity(ToyDensity density) {
        RandomGenerator random = new SplittableRandom(3);
        double[][] points = new double[POINTS][2];
        for (int i = 0; i < POINTS; i++) {
            // Every other one anywhere from 0.001 on: the scales' Gaussians.
            double reach = i % 2 == 0 ? 3 : Math.pow(10, -3 + 5.0 * i / POINTS);
            points[i][0] = random.nextDouble(-reach, reach);
            points[i][1] = random.nextDouble(-reach, reach);
        }
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable x = g.sameDiff().var("x", Nd4j.createFromArray(points));
        SDVariable log = FlowFactory.density(density.formula().orElseThrow()).of(g, x);
        log.sum().rename("total").markAsLoss();
        INDArray values = log.eval();
        INDArray slopes = g.sameDiff().calculateGradients(Map.of(), "x").get("x");
        assertThat(values.shape()).containsExactly(POINTS);
        for (int i = 0; i < POINTS; i++) {
            double[] p = points[i];
            double scale = 1 + Math.abs(density.logDensity(p));
            assertThat(values.getDouble(i)).isCloseTo(density.logDensity(p), within(1e-10 * scale));
            // Small beside what the density does there.
            double h = 1e-4 * Math.min(1, Math.hypot(p[0], p[1]));
            for (int j = 0; j < 2; j++) {
                double[] above = p.clone();
                double[] below = p.clone();
                above[j] += h;
                below[j] -= h;
                double slope = (density.logDensity(above) - density.logDensity(below)) / (2 * h);
                assertThat(slopes.getDouble(i, j)).isCloseTo(slope, within(1e-5 * (scale + Math.abs(slope))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHECKERBOARD", "CHAIN", "MIXED"})
    void othersHaveNone(ToyDensity density) {
        assertThat(density.formula()).isEmpty();
    }
}
