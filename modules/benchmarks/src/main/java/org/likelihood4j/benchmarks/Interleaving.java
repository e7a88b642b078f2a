package org.likelihood4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.StepBlock;

/**
 * Times players in turns, block by block, A B A B, so that whatever else the machine does meets all of them alike.
 *
 * @param seconds measured, for each player, or a few blocks where those take longer; the warm-up before takes as long
 */
record Interleaving(double seconds) {
    /** Long enough to drown the clock, short enough that a disturbance spans several players. */
    private static final double BLOCK_SECONDS = 0.1;

    private static final int FEWEST_BLOCKS = 7;
    /** Some players have a cost for each block, which must not fall on a single step. */
    private static final int FEWEST_STEPS = 4;

    /**
     * The blocks of each player; the i-th blocks of all are neighbours in time.
     *
     * @param between run before each round
     */
    <P extends Player> Map<P, List<StepBlock>> time(List<P> players, Phase phase, Runnable between) {
        List<Pace> paces = new ArrayList<>();
        Map<P, List<StepBlock>> blocks = new LinkedHashMap<>();
        for (P player : players) {
            paces.add(warmUp(player, phase));
            blocks.put(player, new ArrayList<>());
        }
        double longest = paces.stream().mapToDouble(Pace::seconds).max().orElse(BLOCK_SECONDS);
        int rounds = Math.max(FEWEST_BLOCKS, (int) Math.round(seconds / Math.max(BLOCK_SECONDS, longest)));
        for (int round = 0; round < rounds; round++) {
            between.run();
            for (int i = 0; i < players.size(); i++) {
                blocks.get(players.get(i))
                        .add(players.get(i).block(phase, paces.get(i).steps()));
            }
        }
        return blocks;
    }

    /** Warms up. */
    private Pace warmUp(Player player, Phase phase) {
        double spent = 0;
        double step = 0;
        int steps = FEWEST_STEPS;
        for (int runs = 0; runs < 3 || spent < seconds; runs++) {
            StepBlock block = player.block(phase, steps);
            spent += block.seconds();
            step = block.milliseconds() / 1e3;
            steps = Math.max(FEWEST_STEPS, (int) Math.round(BLOCK_SECONDS / step));
        }
        return new Pace(steps, steps * step);
    }

    /** The steps of a player's block and the seconds that they take. */
    private record Pace(int steps, double seconds) {}
}
