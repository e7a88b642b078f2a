package org.likelihood4j.training.rounds;

import java.io.IOException;

/**
 * Sums vectors over the workers of a round, by IEEE additions of single elements in a tree that pairs neighbours first: rank r adds the sum of
 * r^1, then of r^2, r^4 and so on. That goes on with the tree of the workers' own shards, so that the bits do not depend on how many workers
 * there are.
 */
public interface AllReduce {
    /** Leaves the sum in the vector, on every worker. Called once a block of steps; all workers give as many elements. */
    void sum(float[] vector) throws IOException;

    /** The same in float64. */
    void sum(double[] vector) throws IOException;
}
