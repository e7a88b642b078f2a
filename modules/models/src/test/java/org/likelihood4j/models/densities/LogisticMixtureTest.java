package org.likelihood4j.models.densities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Against the same formulas in plain Java, as differences of logistic functions. */
class LogisticMixtureTest {
    private static final int COMPONENTS = 3;
    private static final double HALF = 1.0 / 255;

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double[] parameters(EventShape.Image shape, long seed) {
        Random random = new Random(seed);
        double[] parameters = new double[COMPONENTS * LogisticMixture.maps(shape)];
        Arrays.setAll(parameters, i -> 0.8 * random.nextGaussian());
        return parameters;
    }

    /** P of one pixel, whose numbers are integers. */
    private static double probability(double[] parameters, int channels, int... pixel) {
        int maps = parameters.length / COMPONENTS;
        double sum = 0;
        double weights = 0;
        double[] x = Arrays.stream(pixel).mapToDouble(v -> v / 127.5 - 1).toArray();
        for (int k = 0; k < COMPONENTS; k++) {
            int first = k * maps;
            double weight = Math.exp(parameters[first]);
            weights += weight;
            for (int c = 0; c < channels; c++) {
                int slopes = first + 1 + 2 * channels;
                double mean = parameters[first + 1 + c];
                if (channels == 3 && c == 1) {
                    mean += parameters[slopes] * x[0];
                } else if (channels == 3 && c == 2) {
                    mean += parameters[slopes + 1] * x[0] + parameters[slopes + 2] * x[1];
                }
                double scale = Math.exp(parameters[first + 1 + channels + c]);
                double above = pixel[c] == 255 ? 1 : logistic((x[c] + HALF - mean) / scale);
                double below = pixel[c] == 0 ? 0 : logistic((x[c] - HALF - mean) / scale);
                weight *= above - below;
            }
            sum += weight;
        }
        return sum / weights;
    }

    private static INDArray rows(double[] row, int times) {
        double[][] rows = new double[times][];
        Arrays.fill(rows, row);
        return Nd4j.create(rows);
    }

    private static double[] run(SDVariable result) {
        INDArray all = new BoundGraph(result.getSameDiff(), Map.of()).run(result.name(), Map.of());
        return all.reshape(all.length()).toDoubleVector();
    }

    private static LogisticMixture mixture(GraphBuilder g, EventShape.Image shape, double[] parameters, int rows) {
        return new LogisticMixture(g, shape, g.sameDiff().constant(rows(parameters, rows)), COMPONENTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void isTheMixtureOfTheCells(int channels) {
        EventShape.Image shape = EventShape.image(1, 1, channels);
        double[] parameters = parameters(shape, channels);
        int[][] pixels = {{0, 255, 3}, {255, 0, 0}, {17, 128, 255}, {128, 1, 254}, {254, 77, 5}};
        double[][] x = new double[pixels.length][channels];
        double[] expected = new double[pixels.length];
        for (int n = 0; n < pixels.length; n++) {
            int[] pixel = Arrays.copyOf(pixels[n], channels);
            Arrays.setAll(x[n], c -> pixel[c] / 255.0);
            expected[n] = Math.log(probability(parameters, channels, pixel));
        }
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable logProb = mixture(g, shape, parameters, pixels.length)
                .logProb(g.sameDiff().constant(Nd4j.create(x)));
        assertThat(run(logProb)).containsExactly(expected, within(1e-9));
    }

    @Test
    void theProbabilitiesOfAllGreyLevelsAddUpToOneAlsoWithNarrowScales() {
        EventShape.Image shape = EventShape.image(1, 1, 1);
        double[] parameters = parameters(shape, 7);
        parameters[2] = -6;
        parameters[5] = -7.5;
        double[][] x = new double[256][1];
        for (int level = 0; level < 256; level++) {
            x[level][0] = level / 255.0;
        }
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            GraphBuilder g = new GraphBuilder(type);
            SDVariable values = g.sameDiff().constant(Nd4j.create(x).castTo(type));
            SDVariable all = g.sameDiff().constant(rows(parameters, 256).castTo(type));
            double[] logs = run(new LogisticMixture(g, shape, all, COMPONENTS).logProb(values));
            assertThat(Arrays.stream(logs).map(Math::exp).sum())
                    .isCloseTo(1, within(type == DataType.DOUBLE ? 1e-10 : 1e-4));
        }
    }

    /** Noise at even distances: each level comes as often as it is probable, but for the ends of intervals. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void drawsHaveTheProbabilities(int channels) {
        EventShape.Image shape = EventShape.image(1, 1, channels);
        double[] parameters = parameters(shape, 5);
        int n = 20_000;
        double[][] noise = new double[n][channels];
        Random random = new Random(3);
        for (int i = 0; i < n; i++) {
            noise[i][0] = (i + 0.5) / n;
            for (int c = 1; c < channels; c++) {
                noise[i][c] = random.nextDouble();
            }
        }
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        double[] drawn =
                run(mixture(g, shape, parameters, n).sample(g.sameDiff().constant(Nd4j.create(noise))));
        double[] counts = new double[256];
        double[] sums = new double[channels];
        for (int i = 0; i < n; i++) {
            double level = drawn[i * channels] * 255;
            assertThat(level).isCloseTo(Math.rint(level), within(1e-9));
            counts[(int) Math.rint(level)]++;
            for (int c = 0; c < channels; c++) {
                sums[c] += drawn[i * channels + c] / n;
            }
        }
        for (int level = 0; level < 256; level++) {
            double expected = n * marginal(parameters, channels, level);
            assertThat(counts[level]).as("level " + level).isCloseTo(expected, within(2.0 * COMPONENTS + 2));
        }
        if (channels == 3) {
            // The second channel's mean, given the first: within five standard errors of the sum over both.
            double expected = 0;
            for (int red = 0; red < 256; red++) {
                for (int green = 0; green < 256; green++) {
                    expected += green / 255.0 * pair(parameters, red, green);
                }
            }
            assertThat(sums[1]).isCloseTo(expected, within(5 * 0.5 / Math.sqrt(n)));
        }
    }

    private static double marginal(double[] parameters, int channels, int level) {
        return channels == 1 ? probability(parameters, 1, level) : first(parameters, level);
    }

    /** P of the first of three channels: the others add up to 1. */
    private static double first(double[] parameters, int red) {
        double[] grey = new double[COMPONENTS * 3];
        int maps = parameters.length / COMPONENTS;
        for (int k = 0; k < COMPONENTS; k++) {
            grey[3 * k] = parameters[k * maps];
            grey[3 * k + 1] = parameters[k * maps + 1];
            grey[3 * k + 2] = parameters[k * maps + 4];
        }
        return probability(grey, 1, red);
    }

    /** P of the first two of three channels. */
    private static double pair(double[] parameters, int red, int green) {
        int maps = parameters.length / COMPONENTS;
        double[] shifted = new double[COMPONENTS * 5];
        for (int k = 0; k < COMPONENTS; k++) {
            shifted[5 * k] = parameters[k * maps];
            shifted[5 * k + 1] = parameters[k * maps + 1];
            shifted[5 * k + 2] = parameters[k * maps + 2] + parameters[k * maps + 7] * (red / 127.5 - 1);
            shifted[5 * k + 3] = parameters[k * maps + 4];
            shifted[5 * k + 4] = parameters[k * maps + 5];
        }
        return probability(shifted, 2, red, green);
    }
}
