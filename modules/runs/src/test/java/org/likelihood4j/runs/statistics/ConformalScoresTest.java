package org.likelihood4j.runs.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** P-values and thresholds against their definitions, sums of binomial probabilities, and drawn data. */
class ConformalScoresTest {
    private static final double[] RATES = {0.001, 0.01, 0.05, 0.07, 0.1, 0.29, 1 / 3.0, 0.5, 0.7, 0.99};

    @Test
    void aPValueCountsTheScoresThatAreAsStrange() {
        double inf = Double.POSITIVE_INFINITY;
        ConformalScores scores = new ConformalScores(3, 1, 2, 2, inf, 5);
        double[] asked = {0, 1, 1.5, 2, 2.5, 5, 6, inf};
        double[] counts = {6, 6, 5, 5, 3, 2, 1, 1};
        for (int i = 0; i < asked.length; i++) {
            assertThat(scores.pValue(asked[i])).isEqualTo((1 + counts[i]) / 7);
        }
    }

    @Test
    void aboveAThresholdAreThoseOfSmallPValues() {
        SplittableRandom random = new SplittableRandom(1);
        for (int n : new int[] {1, 2, 9, 99, 100, 999, 1000}) {
            // With ties: whole numbers.
            double[] drawn =
                    DoubleStream.generate(() -> random.nextInt(200)).limit(n).toArray();
            ConformalScores scores = new ConformalScores(drawn);
            for (double rate : RATES) {
                if (n < ConformalScores.least(rate)) {
                    assertThatThrownBy(() -> scores.threshold(rate)).isInstanceOf(IllegalArgumentException.class);
                    continue;
                }
                AlarmThreshold threshold = scores.threshold(rate);
                assertThat(threshold.rate()).isLessThanOrEqualTo(rate).isGreaterThan(rate - 1.0 / (n + 1));
                for (double asked = -0.5; asked < 200; asked += 0.5) {
                    assertThat(scores.pValue(asked) <= rate)
                            .as("%s of %d at %s", rate, n, asked)
                            .isEqualTo(asked > threshold.score());
                }
            }
        }
    }

    @Test
    void theLeastNumberIsTheLeast() {
        assertThat(ConformalScores.least(0.001)).isEqualTo(999);
        assertThat(ConformalScores.least(0.5)).isEqualTo(1);
        for (double rate : RATES) {
            long least = ConformalScores.least(rate);
            assertThat(1 / (least + 1.0)).isLessThanOrEqualTo(rate);
            assertThat(least == 1 || 1 / (double) least > rate).isTrue();
        }
    }

    /** P(X >= k) of X binomial(n, p), by its sum. */
    private static double atLeast(int k, int n, double p) {
        BigDecimal sum = BigDecimal.ZERO;
        BigInteger choose = BigInteger.ONE;
        BigDecimal yes = new BigDecimal(p);
        BigDecimal no = BigDecimal.ONE.subtract(yes);
        for (int i = 0; i <= n; i++) {
            if (i >= k) {
                sum = sum.add(new BigDecimal(choose)
                        .multiply(yes.pow(i, MathContext.DECIMAL128))
                        .multiply(no.pow(n - i, MathContext.DECIMAL128)));
            }
            choose = choose.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
        }
        return sum.doubleValue();
    }

    /** Clopper and Pearson's: the rates at which as many hits, or as few, have a chance of 2.5%. */
    @Test
    void theIntervalIsThatOfTheBinomialDistribution() {
        for (int n : new int[] {20, 99, 400}) {
            ConformalScores scores = new ConformalScores(new double[n]);
            for (double rate : new double[] {0.05, 0.1, 0.5, 0.9}) {
                AlarmThreshold threshold = scores.threshold(rate);
                int k = threshold.rank();
                assertThat(atLeast(k, n, threshold.low())).isCloseTo(0.025, within(1e-9));
                assertThat(1 - atLeast(k, n, threshold.high())).isCloseTo(0.025, within(1e-9));
            }
        }
    }

    /** Of data whose density is known, the share above a threshold is too: exp(-t) of exponential scores. */
    @Test
    void theShareOfFalseAlarmsIsAsSaid() {
        SplittableRandom random = new SplittableRandom(2);
        int repeats = 4000;
        Moments shares = new Moments();
        int covered = 0;
        AlarmThreshold threshold = null;
        for (int repeat = 0; repeat < repeats; repeat++) {
            double[] drawn = DoubleStream.generate(() -> -Math.log(1 - random.nextDouble()))
                    .limit(199)
                    .toArray();
            threshold = new ConformalScores(drawn).threshold(0.02);
            double share = Math.exp(-threshold.score());
            shares.add(share);
            covered += share >= threshold.low() && share <= threshold.high() ? 1 : 0;
        }
        assertThat(threshold.rank()).isEqualTo(4);
        assertThat(shares.mean()).isCloseTo(0.02, within(4 * shares.standardError()));
        assertThat(covered / (double) repeats).isCloseTo(0.95, within(4 * Math.sqrt(0.95 * 0.05 / repeats)));
    }

    @Test
    void aMeanIsTypicalAsOftenAsTheTestSays() {
        SplittableRandom random = new SplittableRandom(3);
        for (int m : new int[] {1, 7, 60, 3000}) {
            int repeats = m > 1000 ? 2000 : 400;
            int few = 0;
            for (int repeat = 0; repeat < repeats; repeat++) {
                double[] held = DoubleStream.generate(() -> -Math.log(1 - random.nextDouble()))
                        .limit(500)
                        .toArray();
                Moments batch = new Moments();
                for (int i = 0; i < m; i++) {
                    batch.add(-Math.log(1 - random.nextDouble()));
                }
                few += BatchTypicality.of(held, batch, repeat).pValue() <= 0.1 ? 1 : 0;
            }
            // The bootstrap is right up to the error of the 500's own quantiles, which is within the last term.
            assertThat(few / (double) repeats)
                    .as("m = %d", m)
                    .isCloseTo(0.1, within(4 * Math.sqrt(0.1 * 0.9 / repeats) + 0.01));
        }
    }

    @Test
    void aMeanThatIsTooGoodIsNotTypicalEither() {
        double[] held = new double[1000];
        Arrays.setAll(held, i -> Math.sin(i) * 2);
        for (double shift : new double[] {-1, 1}) {
            for (int m : new int[] {50, 5000}) {
                Moments batch = new Moments();
                for (int i = 0; i < m; i++) {
                    batch.add(shift + 2 * Math.sin(i + 0.5));
                }
                BatchTypicality drift = BatchTypicality.of(held, batch, 1);
                assertThat(drift.typical()).isFalse();
                assertThat(drift.mean() - drift.calibrated()).isCloseTo(shift, within(0.1));
                Moments same = new Moments();
                for (int i = 0; i < m; i++) {
                    same.add(2 * Math.sin(i + 0.5));
                }
                assertThat(BatchTypicality.of(held, same, 1).typical()).isTrue();
            }
        }
    }
}
