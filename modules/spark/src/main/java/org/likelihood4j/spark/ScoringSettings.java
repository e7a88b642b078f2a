package org.likelihood4j.spark;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is asked of a run, as it goes to executors.
 *
 * @param outputs the new columns, in order
 * @param draws K of estimates; -1 for the run's own
 * @param seed of all noise; null for the run's own
 * @param split a name for the data, for the noise
 * @param invalid what becomes of rows that the model cannot take
 * @param zone of clocks by which dates were written
 */
record ScoringSettings(List<Output> outputs, int draws, Long seed, String split, Invalid invalid, String zone)
        implements Serializable {
    private static final long serialVersionUID = 1;

    ScoringSettings {
        outputs = List.copyOf(outputs);
    }

    /** What becomes of rows that the model cannot take, as Spark ML calls it. */
    enum Invalid {
        /** The job fails by the first of them. */
        ERROR,
        /** They are left out. */
        SKIP,
        /** Their new columns are null. */
        KEEP
    }

    OptionalInt ownDraws() {
        return draws < 1 ? OptionalInt.empty() : OptionalInt.of(draws);
    }

    OptionalLong ownSeed() {
        return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    }
}
