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
 * @param seconds measured, for each player; the warm-up before takes as long
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
        List<Integer> steps = new ArrayList<>();
        Map<P, List<StepBlock>> blocks = new LinkedHashMap<>();
        for (P player : players) {
            steps.add(warmUp(player, phase));
            blocks.put(player, new ArrayList<>());
        }
        int rounds = Math.max(FEWEST_BLOCKS, (int) Math.round(seconds / BLOCK_SECONDS));
        for (int round = 0; round < rounds; round++) {
            between.run();
            for (int i = 0; i < players.size(); i++) {
                blocks.get(players.get(i)).add(players.get(i).block(phase, steps.get(i)));
            }
        }
        return blocks;
    }

    /** Warms up and gives the number of steps of a block. */
    private int warmUp(Player player, Phase phase) {
        double spent = 0;
        int steps = FEWEST_STEPS;
        for (int runs = 0; runs < 3 || spent < seconds; runs++) {
            StepBlock block = player.block(phase, steps);
            spent += block.seconds();
            steps = Math.max(FEWEST_STEPS, (int) Math.round(BLOCK_SECONDS * 1e3 / block.milliseconds()));
        }
        return steps;
    }
}
