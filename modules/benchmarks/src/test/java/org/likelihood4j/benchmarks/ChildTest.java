package org.likelihood4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.likelihood4j.benchmarks.results.Parts;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.StepBlock;

/** Processes that take turns. */
class ChildTest {
    private static Seat seat(String contender) {
        return new Seat("vae-deep", contender, Seat.CHECK, 1, 0.1, false, false);
    }

    private static boolean lives(long id) {
        return ProcessHandle.of(id).filter(ProcessHandle::isAlive).isPresent();
    }

    @Test
    void twoProcessesTakeTurnsAndEnd() {
        long first;
        long second;
        try (Child machine = new Child(new Seat("", Seat.MACHINE, Seat.CHECK, 1, 0, false, false));
                Child check = new Child(seat("ours"));
                Child ours = new Child(seat("ours").with(check.ready().way()))) {
            first = machine.id();
            second = ours.id();
            assertThat(machine.ready().peaks().best()).isPositive();
            assertThat(machine.ready().peaks().libtorch()).isZero();
            assertThat(ours.ready().phases()).containsExactly(Phase.values());
            assertThat(check.ready().peakMebibytes()).isPositive();
            for (int turn = 0; turn < 3; turn++) {
                assertThat(machine.block(Phase.STEP, 1).milliseconds()).isPositive();
                StepBlock block = ours.block(Phase.STEP, 4);
                assertThat(block.seconds()).isCloseTo(4 * block.milliseconds() / 1e3, within(block));
                assertThat(block.waited()).isNotNegative();
            }
            Parts parts = ours.explain(2);
            assertThat(parts.workload()).isEqualTo("vae-deep");
            assertThat(parts.step()).isGreaterThan(parts.products());
        }
        assertThat(lives(first)).isFalse();
        assertThat(lives(second)).isFalse();
    }

    private static org.assertj.core.data.Offset<Double> within(StepBlock block) {
        return org.assertj.core.data.Offset.offset(1e-9 * block.seconds());
    }

    @Test
    void aContenderThatCannotDoTheWorkloadSaysSo() {
        try (Child nobody = new Child(new Seat("flow", "dl4j", Seat.CHECK, 1, 0.1, false, false))) {
            assertThat(nobody.ready().present()).isFalse();
        }
    }

    @Test
    void aProcessThatDiesIsNamed() {
        try (Child machine = new Child(new Seat("", Seat.MACHINE, Seat.CHECK, 2, 0, false, false))) {
            ProcessHandle.of(machine.id()).orElseThrow().destroyForcibly();
            assertThatThrownBy(() -> machine.block(Phase.STEP, 1))
                    .isInstanceOf(Child.FailedException.class)
                    .hasMessage(
                            "the process of machine with 2 threads ended with exit code 137; nothing that was measured"
                                    + " counts");
        }
        assertThatThrownBy(() -> new Child(seat("nobody-knows-it")))
                .isInstanceOf(Child.FailedException.class)
                .hasMessageStartingWith(
                        "the process of nobody-knows-it on vae-deep with 1 thread ended with exit code 1");
    }
}
