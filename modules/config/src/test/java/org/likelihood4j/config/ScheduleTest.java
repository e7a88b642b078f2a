package org.likelihood4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.likelihood4j.config.rules.ConfigException;

class ScheduleTest {
    private static final long STEPS_PER_EPOCH = 4;
    private static final long TOTAL = 40;

    @Test
    void constantIsOne() {
        assertThat(factor(new Schedule.Constant(), 0)).isEqualTo(1);
        assertThat(factor(new Schedule.Constant(), 1_000_000)).isEqualTo(1);
    }

    @Test
    void stepDropsEverySoManyEpochs() {
        Schedule schedule = new Schedule.Step(3, 0.5);
        assertThat(factor(schedule, 0)).isEqualTo(1);
        assertThat(factor(schedule, 11)).isEqualTo(1);
        assertThat(factor(schedule, 12)).isEqualTo(0.5);
        assertThat(factor(schedule, 23)).isEqualTo(0.5);
        assertThat(factor(schedule, 24)).isEqualTo(0.25);
    }

    @Test
    void exponentialDropsEveryEpoch() {
        Schedule schedule = new Schedule.Exponential(0.9);
        assertThat(factor(schedule, 3)).isEqualTo(1);
        assertThat(factor(schedule, 4)).isEqualTo(0.9);
        assertThat(factor(schedule, 39)).isCloseTo(Math.pow(0.9, 9), within(1e-15));
    }

    @Test
    void cosineFallsFromOneToItsFinalFraction() {
        Schedule schedule = new Schedule.Cosine(0.2);
        assertThat(factor(schedule, 0)).isEqualTo(1);
        assertThat(factor(schedule, 10)).isCloseTo(0.2 + 0.8 * (1 + Math.sqrt(0.5)) / 2, within(1e-15));
        assertThat(factor(schedule, 20)).isCloseTo(0.6, within(1e-15));
        assertThat(factor(schedule, 40)).isCloseTo(0.2, within(1e-15));
        assertThat(factor(schedule, 400)).isCloseTo(0.2, within(1e-15));
        for (long step = 1; step < TOTAL; step++) {
            assertThat(factor(schedule, step)).isLessThan(factor(schedule, step - 1));
        }
    }

    /** Burda et al. 2016, 2.4: 3^i epochs at 10^(-i/7) of the rate, i = 0 to 7. */
    @Test
    void stagesDropAtTheirEnds() {
        Schedule schedule = new Schedule.Stages(null, null);
        long epoch = 0;
        for (int i = 0; i < 8; i++) {
            long end = epoch + Math.round(Math.pow(3, i));
            assertThat(factor(schedule, epoch * STEPS_PER_EPOCH)).isCloseTo(Math.pow(10, -i / 7.0), within(1e-15));
            assertThat(factor(schedule, end * STEPS_PER_EPOCH - 1)).isCloseTo(Math.pow(10, -i / 7.0), within(1e-15));
            epoch = end;
        }
        assertThat(epoch).isEqualTo(3280);
        assertThat(factor(schedule, 2 * epoch * STEPS_PER_EPOCH)).isCloseTo(0.1, within(1e-15));
    }

    @Test
    void learningRateIsBaseTimesScheduleTimesWarmup() {
        TrainingConfig training = training(new Schedule.Step(1, 0.5), 8);
        assertThat(training.learningRate(0, STEPS_PER_EPOCH, TOTAL)).isCloseTo(0.1 / 8, within(1e-15));
        assertThat(training.learningRate(3, STEPS_PER_EPOCH, TOTAL)).isCloseTo(0.1 * 4 / 8, within(1e-15));
        assertThat(training.learningRate(4, STEPS_PER_EPOCH, TOTAL)).isCloseTo(0.1 * 0.5 * 5 / 8, within(1e-15));
        assertThat(training.learningRate(7, STEPS_PER_EPOCH, TOTAL)).isCloseTo(0.1 * 0.5, within(1e-15));
        assertThat(training.learningRate(8, STEPS_PER_EPOCH, TOTAL)).isCloseTo(0.1 * 0.25, within(1e-15));
        assertThat(training(null, null).learningRate(0, STEPS_PER_EPOCH, TOTAL)).isEqualTo(0.1);
    }

    @Test
    void refusesStepsThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Schedule.Constant().factor(-1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Schedule.Step(1, 0.5).factor(0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Schedule.Cosine(0.0).factor(0, 1, 0));
    }

    @Test
    void recordsRefuseWhatIsNotANumber() {
        assertThatThrownBy(() -> new Schedule.Cosine(Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Schedule.Exponential(Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new OptimizerConfig.Sgd(Double.POSITIVE_INFINITY, null, null))
                .isInstanceOf(ConfigException.class)
                .hasMessage("learningRate: must be positive, was Infinity");
    }

    private static double factor(Schedule schedule, long step) {
        return schedule.factor(step, STEPS_PER_EPOCH, TOTAL);
    }

    private static TrainingConfig training(Schedule schedule, Integer warmupSteps) {
        return new TrainingConfig(
                null,
                null,
                null,
                null,
                null,
                new OptimizerConfig.Sgd(0.1, null, null),
                schedule,
                warmupSteps,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
