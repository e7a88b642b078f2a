package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KlAgreementTest {
    private static KlAgreement of(double[] analytic, double[] sampled) {
        KlAgreement.Sum sum = new KlAgreement.Sum();
        sum.add(analytic, sampled);
        return sum.result();
    }

    /** Differences 1, 2, 3: mean 2, sample variance 1, standard error 1/sqrt(3). */
    @Test
    void isThePairedStatistic() {
        KlAgreement kl = of(new double[] {10, 20, 30}, new double[] {11, 22, 33});
        assertThat(kl.examples()).isEqualTo(3);
        assertThat(kl.analytic()).isCloseTo(20, within(1e-12));
        assertThat(kl.sampled()).isCloseTo(22, within(1e-12));
        assertThat(kl.difference()).isCloseTo(2, within(1e-12));
        assertThat(kl.standardError()).isCloseTo(1 / Math.sqrt(3), within(1e-12));
        assertThat(kl.z()).isCloseTo(2 * Math.sqrt(3), within(1e-12));
        assertThat(kl.detectableBias()).isCloseTo(5 / Math.sqrt(3), within(1e-12));
        assertThat(kl.disagrees()).isFalse();
    }

    @Test
    void aConstantDifferenceDisagreesAndNoDifferenceAgrees() {
        assertThat(of(new double[] {1, 2, 3}, new double[] {2, 3, 4}).disagrees())
                .isTrue();
        KlAgreement collapsed = of(new double[] {0, 0}, new double[] {0, 0});
        assertThat(collapsed.z()).isZero();
        assertThat(collapsed.disagrees()).isFalse();
    }

    @Test
    void aValueThatIsNotANumberDisagrees() {
        assertThat(of(new double[] {1, 2, 3}, new double[] {1, Double.NaN, 3}).disagrees())
                .isTrue();
    }
}
