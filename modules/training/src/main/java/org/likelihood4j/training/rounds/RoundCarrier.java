package org.likelihood4j.training.rounds;

import java.util.List;
import org.likelihood4j.io.RunException;

/**
 * Brings rounds of steps to other machines and what they answer back, as bytes that only {@link ShardWorker}s read. A round is a pure function
 * of its bytes and of the data: it may be done again, and there is no state to lose but the one that its sender has.
 */
public interface RoundCarrier {
    /**
     * Has a round done.
     *
     * @param round the same for every worker, by {@link ShardWorker#run}
     * @return the answers of workers 0, 1, ..., in the order of their ranks; how many there are may change from round to round
     * @throws RunException if it cannot be done, however often it is tried; it ends the training, whose last checkpoint stays
     */
    List<byte[]> carry(byte[] round);

    /** The most steps of a round, at least 1, unless its first block has more: what is done again where a worker is lost. */
    default int mostSteps() {
        return Integer.MAX_VALUE;
    }
}
