package org.likelihood4j.training.rounds;

import java.util.List;

/**
 * What the shards of a worker report of a block of steps.
 *
 * @param steps at least one; fewer than the block has, where the training cannot go on
 * @param goesOn whether it can, as all workers know
 */
record BlockResults(List<ShardResults> steps, boolean goesOn) {
    BlockResults {
        steps = List.copyOf(steps);
    }
}
