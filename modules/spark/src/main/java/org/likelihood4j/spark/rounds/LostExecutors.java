package org.likelihood4j.spark.rounds;

import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/**
 * Ends one round, if its executors are lost again and again, such as for a full disk: Spark starts others without end as long as one is left, and a barrier
 * stage waits for its last place.
 */
final class LostExecutors extends SparkListener {
    /** In a round, all attempts together, for each of its workers. */
    private static final int MOST_EACH = 5;

    private final JavaSparkContext spark;
    private final String group;
    private final int most;
    private int lost;
    private String reason;

    /**
     * Of a round that begins.
     *
     * @param group of its jobs
     * @param workers how many it has
     */
    LostExecutors(JavaSparkContext spark, String group, int workers) {
        this.spark = spark;
        this.group = group;
        this.most = MOST_EACH * workers;
    }

    /** A line on why there is no other attempt. */
    synchronized Optional<String> tooMany() {
        return lost < most
                ? Optional.empty()
                : Optional.of("a round of steps has lost " + lost + " executors, the last one by: " + reason);
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        synchronized (this) {
            lost++;
            reason = removed.reason().lines().findFirst().orElse("no reason given");
            if (lost != most) {
                return;
            }
        }
        spark.cancelJobGroup(group);
    }
}
