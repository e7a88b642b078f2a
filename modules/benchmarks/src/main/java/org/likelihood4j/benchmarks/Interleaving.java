package org.likelihood4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times contenders in turns, block by block, A B A B, so that whatever else the machine does meets all of them alike.
 *
 * @param seconds measured, for each contender; the warm-up before takes as long
 */
record Interleaving(double seconds) {
    /** Long enough to drown the clock, short enough that a disturbance spans several contenders. */
    private static final double BLOCK_SECONDS = 0.1;

    private static final int FEWEST_BLOCKS = 7;
    /** Some contenders have a cost for each block, which must not fall on a single step. */
    private static final int FEWEST_STEPS = 4;

    /** Milliseconds a step of each block, by contender; the i-th blocks of all are neighbours in time. */
    Map<Contender, double[]> time(List<Contender> contenders, Phase phase) {
        List<Integer> steps = new ArrayList<>();
        for (Contender contender : contenders) {
            contender.reset();
            steps.add(warmUp(contender, phase));
        }
        int blocks = Math.max(FEWEST_BLOCKS, (int) Math.round(seconds / BLOCK_SECONDS));
        Map<Contender, double[]> times = new LinkedHashMap<>();
        contenders.forEach(contender -> times.put(contender, new double[blocks]));
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < contenders.size(); i++) {
                Contender contender = contenders.get(i);
                // Else the training would go on for thousands of steps on eight batches, to where numbers are no longer
                // usual.
                contender.reset();
                times.get(contender)[block] = 1e3 * seconds(contender, phase, steps.get(i)) / steps.get(i);
            }
        }
        return times;
    }

    /** Warms up and gives the number of steps of a block. */
    private int warmUp(Contender contender, Phase phase) {
        double spent = 0;
        double last = 0;
        int steps = FEWEST_STEPS;
        for (int runs = 0; runs < 3 || spent < seconds; runs++) {
            last = seconds(contender, phase, steps);
            spent += last;
        }
        return Math.max(FEWEST_STEPS, (int) Math.round(BLOCK_SECONDS * steps / last));
    }

    private static double seconds(Contender contender, Phase phase, int steps) {
        long start = System.nanoTime();
        contender.run(phase, steps);
        return (double) (System.nanoTime() - start) / 1e9;
    }
}
