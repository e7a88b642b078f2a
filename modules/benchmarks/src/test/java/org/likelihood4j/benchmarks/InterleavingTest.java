package org.likelihood4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.StepBlock;

class InterleavingTest {
    private final List<String> turns = new ArrayList<>();

    /** Whose steps take so many milliseconds, as it says. */
    private Player player(String name, double milliseconds) {
        return new Player() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean supports(Phase phase) {
                return true;
            }

            @Override
            public StepBlock block(Phase phase, int steps) {
                turns.add(name + steps);
                return new StepBlock(milliseconds, steps * milliseconds / 1e3, 0, 0);
            }
        };
    }

    @Test
    void playersTakeTurnsAfterAllAreWarm() {
        Player fast = player("a", 10);
        Player slow = player("b", 50);
        Map<Player, List<StepBlock>> blocks =
                new Interleaving(0.2).time(List.of(fast, slow), Phase.STEP, () -> turns.add("-"));
        // Warm after as many seconds as are measured; then blocks of a tenth of a second, but of four steps at least.
        assertThat(turns.subList(0, 6)).containsExactly("a4", "a10", "a10", "b4", "b4", "b4");
        assertThat(turns.subList(6, 12)).containsExactly("-", "a10", "b4", "-", "a10", "b4");
        assertThat(turns).hasSize(6 + 7 * 3);
        assertThat(blocks.get(slow)).hasSize(7).allMatch(block -> block.milliseconds() == 50);
    }
}
