package org.likelihood4j.models.bijectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.coupling.ChannelSplit;
import org.likelihood4j.models.bijectors.coupling.CheckerboardSplit;
import org.likelihood4j.models.bijectors.coupling.Multiscale;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** What the bijectors of maps are, recomputed in plain Java. */
class MapBijectorsTest {
    private static final ParameterPath PATH = ParameterPath.root().child("link");

    private static FeatureMap map(int height, int width, int channels) {
        return EventShape.featureMap(height, width, channels);
    }

    private static double[][] run(Bijector bijector, boolean forward, Map<String, double[]> values, double[]... x) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable input = g.sameDiff().constant("x", Nd4j.createFromArray(x));
        Bijector.Result result = forward ? bijector.forward(g, input) : bijector.inverse(g, input);
        BoundGraph graph = new BoundGraph(g.sameDiff(), values);
        double[][] y = BoundGraph.matrix(graph.run(result.value().name(), Map.of()));
        double[] logDets = graph.run(result.logDet().name(), Map.of()).toDoubleVector();
        double[][] both = Arrays.copyOf(y, y.length + 1);
        both[y.length] = logDets;
        return both;
    }

    private static double[] counted(int size) {
        return IntStream.range(0, size).mapToDouble(i -> i).toArray();
    }

    @Test
    void squeezingPutsEachSquaresCornersBehindEachOther() {
        // Of two channels: 10 * place + channel.
        double[] x = new double[16];
        Arrays.setAll(x, i -> 10 * (i / 2) + i % 2);
        double[] y = run(Permutation.squeeze(map(2, 4, 2)), true, Map.of(), x)[0];
        assertThat(y).containsExactly(0, 1, 10, 11, 40, 41, 50, 51, 20, 21, 30, 31, 60, 61, 70, 71);
        assertThat(Permutation.squeeze(map(2, 4, 2)).outputShape()).isEqualTo(map(1, 2, 8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Permutation.squeeze(map(7, 4, 1)))
                .withMessage("squeezing needs an even height and width, not a map 7x4x1");
    }

    @Test
    void anImageBecomesAMapByPlaces() {
        double[] y = run(Permutation.toMap(EventShape.image(1, 3, 2)), true, Map.of(), counted(6))[0];
        assertThat(y).containsExactly(0, 3, 1, 4, 2, 5);
    }

    /** {@code x P L (U + diag s)}, with more channels than one product of the inverse covers. */
    @Test
    void anInvertibleConvolutionIsTheProductOfItsFactors() {
        int channels = 9;
        double bound = 1.5;
        InvertibleConv mixing = new InvertibleConv(PATH, map(1, 2, channels), bound);
        Map<String, double[]> values = BoundGraph.perturbed(mixing.parameters(), 0.4, 3);
        double[] factors = values.get("link/factors");
        double[][] lower = new double[channels][channels];
        double[][] upper = new double[channels][channels];
        double logDet = 0;
        for (int i = 0; i < channels; i++) {
            for (int j = 0; j < channels; j++) {
                double value = factors[i * channels + j];
                double l = bound * Math.tanh(value / bound);
                lower[i][j] = i == j ? 1 : i > j ? value : 0;
                upper[i][j] = i == j ? Math.exp(l) : i < j ? value : 0;
                logDet += i == j ? 2 * l : 0;
            }
        }
        double[] x = PlainMath.normal(1, 2 * channels, 5)[0];
        double[] expected = new double[x.length];
        for (int place = 0; place < 2; place++) {
            double[] middle = new double[channels];
            for (int i = 0; i < channels; i++) {
                for (int j = 0; j < channels; j++) {
                    middle[j] += x[place * channels + channels - 1 - i] * lower[i][j];
                }
            }
            for (int i = 0; i < channels; i++) {
                for (int j = 0; j < channels; j++) {
                    expected[place * channels + j] += middle[i] * upper[i][j];
                }
            }
        }
        double[][] y = run(mixing, true, values, x);
        assertThat(y[0]).containsExactly(expected, within(1e-12));
        assertThat(y[1][0]).isCloseTo(logDet, within(1e-12));
        assertThat(run(mixing, false, values, y[0])[0]).containsExactly(x, within(1e-9));
        // As it starts, it reverses the channels.
        double[] reversed = run(mixing, true, Map.of("link/factors", new double[81]), counted(18))[0];
        assertThat(Arrays.copyOf(reversed, 9)).containsExactly(8, 7, 6, 5, 4, 3, 2, 1, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InvertibleConv(PATH, map(2, 2, 1), 1))
                .withMessage("there must be at least 2 channels to mix, had 1");
    }

    @Test
    void anActNormStartsFromStatisticsAndKeepsItsBound() {
        ActNorm norm = new ActNorm(PATH, map(1, 2, 2), 2);
        Map<String, double[]> values = norm.values(new double[] {3, -1}, new double[] {4, 1e-12});
        double[][] y = run(norm, true, values, new double[] {5, -1, 1, -1});
        // (5 - 3)/2; and a channel that hardly varies is scaled by no more than the bound.
        assertThat(y[0]).containsExactly(new double[] {1, 0, -1, 0}, within(1e-9));
        assertThat(y[1][0]).isCloseTo(2 * (-Math.log(2) + 2 * 0.99), within(1e-9));
    }

    /** The first latents are those of the first scale. */
    @Test
    void latentsAreTheChannelsThatLeaveScaleByScale() {
        Multiscale multiscale = new Multiscale(List.of(
                new Multiscale.Scale(Permutation.squeeze(map(2, 4, 1)), 1),
                new Multiscale.Scale(new ActNorm(PATH, map(1, 2, 3), 1), 0)));
        Map<String, double[]> zeros = Map.of("link/scale", new double[3], "link/bias", new double[3]);
        double[] z = run(multiscale, true, zeros, counted(8))[0];
        assertThat(z).containsExactly(0, 2, 1, 4, 5, 3, 6, 7);
        assertThat(multiscale.outputShape()).isEqualTo(EventShape.row(8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Multiscale(List.of(
                        new Multiscale.Scale(Permutation.squeeze(map(2, 4, 1)), 2),
                        new Multiscale.Scale(new ActNorm(PATH, map(1, 2, 3), 1), 0))))
                .withMessage("scale 1 takes map 1x2x3, but the scale before it leaves map 1x2x2");
    }

    @Test
    void splitsThatLeaveAHalfEmptyAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CheckerboardSplit(map(1, 1, 4), 0))
                .withMessage("a checkerboard needs at least 2 places, not a map 1x1x4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CheckerboardSplit(map(2, 2, 1), 2))
                .withMessage("the parity must be 0 or 1, was 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelSplit.transformFirst(map(2, 2, 1), 1))
                .withMessage("a split of the 1 channels needs at least one on each side, had 1 on the first");
    }
}
