package org.likelihood4j.benchmarks.anomaly;

import org.likelihood4j.data.Table;

/** Says how unusual rows are. */
interface Detector {
    String name();

    /**
     * A number for each row of the test, the higher the more unusual.
     *
     * @param train normal rows
     */
    double[] scores(Table train, Table test, long seed);
}
