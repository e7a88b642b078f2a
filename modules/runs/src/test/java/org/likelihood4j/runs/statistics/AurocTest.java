package org.likelihood4j.runs.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Against pairs that are counted, and drawn scores whose area is known. */
class AurocTest {
    @Test
    void itCountsPairs() {
        double inf = Double.POSITIVE_INFINITY;
        double[] others = {1, 2, 2, 5, inf, -inf};
        double[] wanted = {2, 5, 7, inf, 0};
        double pairs = 0;
        for (double x : others) {
            for (double y : wanted) {
                pairs += y > x ? 1 : y == x ? 0.5 : 0;
            }
        }
        assertThat(Auroc.of(others, wanted).area()).isCloseTo(pairs / 30, within(1e-15));
        assertThat(Auroc.of(wanted, others).area()).isCloseTo(1 - pairs / 30, within(1e-15));
        assertThat(Auroc.of(new double[] {1, 2}, new double[] {3, 4})).isEqualTo(new Auroc(1, 0));
        assertThat(Auroc.of(new double[] {3}, new double[] {3, 3}).area()).isEqualTo(0.5);
        assertThatThrownBy(() -> Auroc.of(new double[0], others)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Auroc.of(others, new double[] {Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Of exponential scores of rates 1 and 1/3 the area is 3/4; the error is what repeats of the experiment scatter by. */
    @Test
    void theErrorIsThatOfRepeats() {
        SplittableRandom random = new SplittableRandom(5);
        Moments areas = new Moments();
        Moments variances = new Moments();
        int repeats = 2000;
        for (int repeat = 0; repeat < repeats; repeat++) {
            Auroc auroc = Auroc.of(drawn(random, 1, 60), drawn(random, 3, 90));
            areas.add(auroc.area());
            variances.add(auroc.error() * auroc.error());
        }
        assertThat(areas.mean()).isCloseTo(0.75, within(4 * areas.standardError()));
        // A sample variance of 2,000 is known to 3.2%.
        assertThat(variances.mean()).isCloseTo(areas.sampleVariance(), within(4 * 0.032 * areas.sampleVariance()));
    }

    private static double[] drawn(SplittableRandom random, double mean, int count) {
        return DoubleStream.generate(() -> -mean * Math.log(1 - random.nextDouble()))
                .limit(count)
                .toArray();
    }
}
