package org.likelihood4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.likelihood4j.config.LossConfig.Kl;
import org.likelihood4j.config.rules.ConfigException;

class WarmupTest {
    private static final long STEPS_PER_EPOCH = 4;
    private static final long TOTAL = 40;

    @Test
    void noneIsOne() {
        assertThat(factor(new Warmup.None(), 0)).isEqualTo(1);
        assertThat(factor(new Warmup.None(), 1_000_000)).isEqualTo(1);
    }

    @Test
    void linearRisesFromZeroToOneAndStays() {
        Warmup warmup = new Warmup.Linear(2.5);
        for (int step = 0; step < 10; step++) {
            assertThat(factor(warmup, step)).isCloseTo(step / 10.0, within(1e-15));
        }
        assertThat(factor(warmup, 10)).isEqualTo(1);
        assertThat(factor(warmup, 11)).isEqualTo(1);
        assertThat(factor(warmup, 1_000_000_000_000L)).isEqualTo(1);
        // Less than a step long: the first step has no weight all the same.
        assertThat(factor(new Warmup.Linear(0.1), 0)).isEqualTo(0);
        assertThat(factor(new Warmup.Linear(0.1), 1)).isEqualTo(1);
    }

    /** Four cycles of ten steps, five of them rising. */
    @Test
    void cyclesStartAgainFromZero() {
        Warmup warmup = new Warmup.Cyclical(4, 0.5);
        double[] cycle = {0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1};
        for (int step = 0; step < TOTAL; step++) {
            assertThat(factor(warmup, step)).as("step %s", step).isCloseTo(cycle[step % 10], within(1e-12));
        }
        for (int start = 0; start < TOTAL; start += 10) {
            assertThat(factor(warmup, start)).isEqualTo(0);
        }
        assertThat(factor(new Warmup.Cyclical(1, 1.0), 0)).isEqualTo(0);
        assertThat(factor(new Warmup.Cyclical(1, 1.0), 39)).isCloseTo(39 / 40.0, within(1e-15));
        // Three cycles of 13 1/3 steps.
        Warmup uneven = new Warmup.Cyclical(3, 0.25);
        assertThat(factor(uneven, 13)).isEqualTo(1);
        assertThat(factor(uneven, 14)).isCloseTo((3 * 14 / 40.0 - 1) / 0.25, within(1e-12));
    }

    @Test
    void theWeightIsBetaTimesTheFactor() {
        Kl kl = new Kl(null, 4.0, new Warmup.Linear(2.5), null, null);
        assertThat(kl.weight(0, STEPS_PER_EPOCH, TOTAL)).isEqualTo(0);
        assertThat(kl.weight(5, STEPS_PER_EPOCH, TOTAL)).isEqualTo(2);
        assertThat(kl.weight(20, STEPS_PER_EPOCH, TOTAL)).isEqualTo(4);
        assertThat(kl.weighted()).isTrue();
        assertThat(new Kl(null, 4.0, null, null, null).weighted()).isTrue();
        assertThat(new Kl(null, null, new Warmup.Cyclical(null, null), null, null).weighted())
                .isTrue();
        assertThat(new Kl(null, null, null, null, null).weighted()).isFalse();
        assertThat(new Kl(null, 1.0, new Warmup.None(), 0.5, 2).weighted()).isFalse();
    }

    @Test
    void whatIsNotANumberIsRefused() {
        assertThatThrownBy(() -> new Warmup.Linear(Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Warmup.Cyclical(2, Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Kl(null, Double.NaN, null, null, null))
                .isInstanceOf(ConfigException.class)
                .hasMessage("beta: must not be negative, was NaN");
        assertThatThrownBy(() -> new PriorConfig.RealNvp(1, null, null, null, null, Double.POSITIVE_INFINITY))
                .isInstanceOf(ConfigException.class)
                .hasMessage("logScaleBound: must be positive, was Infinity");
    }

    private static double factor(Warmup warmup, long step) {
        return warmup.factor(step, STEPS_PER_EPOCH, TOTAL);
    }
}
