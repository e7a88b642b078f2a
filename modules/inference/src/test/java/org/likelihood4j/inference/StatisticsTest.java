package org.likelihood4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.statistics.LogMeanExp;
import org.likelihood4j.runs.statistics.Moments;

/** The running statistics against their definitions, and at the ends of the number line. */
class StatisticsTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double[] VALUES = {3, -1, 4, 1, -5, 9.5, 2, 6};

    private static Moments moments(double... values) {
        Moments moments = new Moments();
        DoubleStream.of(values).forEach(moments::add);
        return moments;
    }

    private static double mean(double... values) {
        return DoubleStream.of(values).sum() / values.length;
    }

    private static double squares(double... values) {
        double mean = mean(values);
        return DoubleStream.of(values).map(x -> (x - mean) * (x - mean)).sum();
    }

    @Test
    void momentsFollowTheirDefinitions() {
        Moments moments = moments(VALUES);
        assertThat(moments.count()).isEqualTo(8);
        assertThat(moments.nonFinite()).isZero();
        assertThat(moments.mean()).isCloseTo(mean(VALUES), within(1e-14));
        assertThat(moments.variance()).isCloseTo(squares(VALUES) / 8, within(1e-13));
        assertThat(moments.standardError()).isCloseTo(Math.sqrt(squares(VALUES) / 7 / 8), within(1e-14));
    }

    @Test
    void momentsOfPartsAddUpToThoseOfTheWhole() {
        for (int cut = 0; cut <= VALUES.length; cut++) {
            Moments merged = moments(Arrays.copyOf(VALUES, cut));
            merged.add(moments(Arrays.copyOfRange(VALUES, cut, VALUES.length)));
            assertThat(merged.count()).isEqualTo(8);
            assertThat(merged.mean()).isCloseTo(mean(VALUES), within(1e-14));
            assertThat(merged.variance()).isCloseTo(squares(VALUES) / 8, within(1e-13));
        }
        Moments far = moments(1e9 + 1);
        far.add(moments(1e9 + 2, 1e9 + 3));
        assertThat(far.variance()).isCloseTo(2 / 3.0, within(1e-9));
        far.add(moments(INF));
        assertThat(far.nonFinite()).isEqualTo(1);
        assertThat(far.mean()).isNaN();
        moments().add(moments());
    }

    @Test
    void momentsKeepTheirDigitsFarFromZero() {
        // Summing squares would lose all of the variance here.
        Moments moments = moments(1e9 + 1, 1e9 + 2, 1e9 + 3);
        assertThat(moments.mean()).isEqualTo(1e9 + 2);
        assertThat(moments.variance()).isCloseTo(2 / 3.0, within(1e-9));
    }

    @Test
    void momentsWithoutEnoughValuesAreNotNumbers() {
        assertThat(moments().mean()).isNaN();
        assertThat(moments().variance()).isNaN();
        assertThat(moments(2).mean()).isEqualTo(2);
        assertThat(moments(2).variance()).isZero();
        assertThat(moments(2).standardError()).isNaN();
    }

    @Test
    void momentsCountWhatIsNotFinite() {
        for (double bad : new double[] {Double.NaN, INF, -INF}) {
            Moments moments = moments(1, bad, 2, bad);
            assertThat(moments.count()).isEqualTo(4);
            assertThat(moments.nonFinite()).isEqualTo(2);
            assertThat(moments.mean()).isNaN();
            assertThat(moments.variance()).isNaN();
            assertThat(moments.standardError()).isNaN();
        }
    }

    private static double logMeanExp(double... values) {
        LogMeanExp result = LogMeanExp.array(2)[1];
        DoubleStream.of(values).forEach(result::add);
        return result.value();
    }

    @Test
    void logMeanExpIsTheLogOfTheMean() {
        double naive = Math.log(DoubleStream.of(VALUES).map(Math::exp).sum() / VALUES.length);
        assertThat(logMeanExp(VALUES)).isCloseTo(naive, within(1e-14));
        assertThat(logMeanExp(DoubleStream.of(VALUES).sorted().toArray())).isCloseTo(naive, within(1e-14));
        assertThat(logMeanExp(-3.25)).isEqualTo(-3.25);
    }

    @Test
    void logMeanExpNeitherOverflowsNorUnderflows() {
        assertThat(logMeanExp(1000, 1000)).isEqualTo(1000);
        assertThat(logMeanExp(-1000, 1000)).isCloseTo(1000 - Math.log(2), within(1e-12));
        assertThat(logMeanExp(-1000, -1000, -1000 + Math.log(2))).isCloseTo(-1000 + Math.log(4 / 3.0), within(1e-12));
    }

    @Test
    void logMeanExpOfZeroWeights() {
        // A weight of zero, log -inf, is a value like any other: it halves a mean of two.
        assertThat(logMeanExp(-INF, 5)).isCloseTo(5 - Math.log(2), within(1e-14));
        assertThat(logMeanExp(5, -INF)).isCloseTo(5 - Math.log(2), within(1e-14));
        assertThat(logMeanExp(-INF, -INF, 5, 5)).isCloseTo(5 - Math.log(2), within(1e-14));
        assertThat(logMeanExp(-INF)).isEqualTo(-INF);
        assertThat(logMeanExp(-INF, -INF)).isEqualTo(-INF);
    }

    @Test
    void logMeanExpNeverHidesNaN() {
        assertThat(logMeanExp(Double.NaN, 1, 2)).isNaN();
        assertThat(logMeanExp(1, Double.NaN, 2000)).isNaN();
        assertThat(logMeanExp(1, 2, Double.NaN)).isNaN();
        assertThat(logMeanExp(-INF, Double.NaN)).isNaN();
        assertThat(logMeanExp(1, INF)).isEqualTo(INF);
        assertThat(logMeanExp(INF, INF)).isEqualTo(INF);
    }

    private static Evaluation.Quantity repeated(double factor, double[]... repeats) {
        RepeatedMean mean = new RepeatedMean(repeats[0].length, repeats.length);
        for (int r = 0; r < repeats.length; r++) {
            for (int i = 0; i < repeats[r].length; i++) {
                mean.add(r, i, repeats[r][i]);
            }
        }
        return mean.quantity("q", "nats", "about q", factor);
    }

    @Test
    void aRepeatedMeanTellsImagesFromRepeats() {
        double[] first = {1, 2, 6};
        double[] second = {3, 2, 4};
        Evaluation.Quantity q = repeated(-2, first, second);
        double[] images = {-4, -4, -10};
        assertThat(q.mean()).isCloseTo(-6, within(1e-14));
        assertThat(q.standardError()).isCloseTo(Math.sqrt(squares(images) / 2 / 3), within(1e-14));
        // Both repeats happen to have the mean 3.
        assertThat(q.spread()).isCloseTo(0, within(1e-14));
        assertThat(q.nonFinite()).isZero();

        Evaluation.Quantity three = repeated(-2, new double[] {1, 3}, new double[] {2, 4}, new double[] {6, 8});
        assertThat(three.spread()).isCloseTo(Math.sqrt(squares(-4, -6, -14) / 2), within(1e-14));
        assertThat(List.of(three.name(), three.unit(), three.description())).containsExactly("q", "nats", "about q");
    }

    @Test
    void whatIsUndefinedIsNull() {
        Evaluation.Quantity once = repeated(1, new double[] {1, 2});
        assertThat(once.mean()).isEqualTo(1.5);
        assertThat(once.spread()).isNull();
        assertThat(repeated(1, new double[] {1}, new double[] {2}).standardError())
                .isNull();
        Evaluation.Quantity bad = repeated(1, new double[] {1, Double.NaN, 3}, new double[] {1, 2, -INF});
        assertThat(bad.nonFinite()).isEqualTo(2);
        assertThat(bad.mean()).isNull();
        assertThat(bad.standardError()).isNull();
        assertThat(bad.spread()).isNull();
    }
}
