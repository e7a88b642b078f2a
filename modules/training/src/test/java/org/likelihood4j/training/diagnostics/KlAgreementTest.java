package org.likelihood4j.training.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.likelihood4j.runs.statistics.Moments;

class KlAgreementTest {
    private static KlAgreement of(double[] analytic, double[] sampled, double... variance) {
        KlAgreement.Sum sum = new KlAgreement.Sum();
        sum.add(analytic, sampled, variance);
        return sum.result();
    }

    private static double[] repeated(int count, double value) {
        double[] values = new double[count];
        Arrays.fill(values, value);
        return values;
    }

    /** Differences 1, 2, 3 of known variances 9, 16, 2: mean 2, standard error sqrt(27)/3; the rounding of 20 nats is 2e-5. */
    @Test
    void isThePairedStatisticWithTheKnownVariance() {
        KlAgreement kl = of(new double[] {10, 20, 30}, new double[] {11, 22, 33}, 9, 16, 2);
        assertThat(kl.examples()).isEqualTo(3);
        assertThat(kl.analytic()).isCloseTo(20, within(1e-12));
        assertThat(kl.sampled()).isCloseTo(22, within(1e-12));
        assertThat(kl.difference()).isCloseTo(2, within(1e-12));
        assertThat(kl.standardError()).isCloseTo(Math.sqrt(27) / 3, within(1e-8));
        assertThat(kl.z()).isCloseTo(6 / Math.sqrt(27), within(1e-8));
        assertThat(kl.detectableBias()).isCloseTo(5 * Math.sqrt(27) / 3, within(1e-8));
        assertThat(kl.disagrees()).isFalse();
    }

    /** One example has a z as good as any, but too few tell nothing: no NaN, and no alarm. */
    @Test
    void fewExamplesRaiseNoAlarm() {
        KlAgreement one = of(new double[] {1}, new double[] {7}, 1);
        assertThat(one.z()).isCloseTo(6, within(1e-3));
        assertThat(one.isJudged()).isFalse();
        assertThat(one.disagrees()).isFalse();
        assertThat(one.values()).containsEntry("detectable_bias", null).doesNotContainValue(Double.NaN);
        int few = (int) KlAgreement.FEWEST - 1;
        assertThat(of(repeated(few, 1), repeated(few, 2), repeated(few, 1)).disagrees())
                .isFalse();
        int enough = few + 1;
        assertThat(of(repeated(enough, 1), repeated(enough, 2), repeated(enough, 1))
                        .disagrees())
                .isTrue();
        assertThat(of(repeated(enough, 1), repeated(enough, 1.4), repeated(enough, 1))
                        .disagrees())
                .isFalse();
    }

    /** KLs of 2e8 nats in float32 differ by some nats in all examples alike, and a collapsed posterior by rounding alone. */
    @Test
    void roundingIsNoDisagreement() {
        assertThat(of(repeated(1000, 1.06e8), repeated(1000, 1.06e8 + 3.1), repeated(1000, 12))
                        .disagrees())
                .isFalse();
        assertThat(of(repeated(1000, 0), repeated(1000, 6e-7), repeated(1000, 0))
                        .disagrees())
                .isFalse();
        assertThat(of(repeated(1000, 0), repeated(1000, 0), repeated(1000, 0)).z())
                .isZero();
        assertThat(of(repeated(1000, 0), repeated(1000, 1e-4), repeated(1000, 0))
                        .disagrees())
                .isTrue();
    }

    @Test
    void aValueThatIsNotANumberDisagrees() {
        assertThat(of(new double[] {1, 2, 3}, new double[] {1, Double.NaN, 3}, 1, 1, 1)
                        .disagrees())
                .isTrue();
        assertThat(new KlAgreement.Sum().result().disagrees()).isFalse();
    }

    /** The bias that shows shrinks with the root of the number of epochs. */
    @Test
    void poolsEpochs() {
        KlAgreement.Sum pooled = new KlAgreement.Sum();
        for (int epoch = 0; epoch < 16; epoch++) {
            KlAgreement.Sum one = new KlAgreement.Sum();
            one.add(repeated(100, 15), repeated(100, 15.3), repeated(100, 1));
            assertThat(one.result().disagrees()).isFalse();
            pooled.add(one);
        }
        assertThat(pooled.result().detectableBias()).isCloseTo(5 * 0.1 / 4, within(1e-6));
        assertThat(pooled.result().disagrees()).isTrue();
        KlAgreement.Sum again = KlAgreement.Sum.of(pooled.snapshot());
        assertThat(again.result()).isEqualTo(pooled.result());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KlAgreement.Sum.of(pooled.snapshot().subList(0, 3)))
                .withMessageContaining("4 running means, not 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KlAgreement.Sum.of(Collections.nCopies(5, new Moments().snapshot())));
    }

    /**
     * Posteriors as sharp as they come, one latent dimension, 100 images: each difference is -(eps^2 - 1)/2, so the sum is a
     * chi-squared variable of 100 degrees of freedom, and |z| > 3 has the probability 0.0036 (a normal's is 0.0027).
     */
    @Test
    void theTailsAreThoseOfChiSquaredTerms() {
        Random random = new Random(5);
        int trials = 20_000;
        int beyond = 0;
        Moments z = new Moments();
        double[] analytic = repeated(100, 3);
        double[] variance = repeated(100, 0.5);
        for (int trial = 0; trial < trials; trial++) {
            double[] sampled = analytic.clone();
            for (int n = 0; n < sampled.length; n++) {
                double eps = random.nextGaussian();
                sampled[n] -= 0.5 * (eps * eps - 1);
            }
            KlAgreement kl = of(analytic, sampled, variance);
            z.add(kl.z());
            beyond += Math.abs(kl.z()) > 3 ? 1 : 0;
        }
        assertThat(z.mean()).isCloseTo(0, within(4 / Math.sqrt(trials)));
        assertThat(z.variance()).isCloseTo(1, within(4 * Math.sqrt(2.12 / trials)));
        assertThat(beyond / (double) trials).isCloseTo(0.0036, within(0.0017));
    }

    @Test
    void snapshotsAreOfAllFour() {
        KlAgreement.Sum sum = new KlAgreement.Sum();
        sum.add(new double[] {1, 2}, new double[] {3, 5}, new double[] {7, 9});
        assertThat(sum.snapshot()).extracting(Moments.Snapshot::mean).isEqualTo(List.of(1.5, 4.0, 2.5, 8.0));
    }
}
