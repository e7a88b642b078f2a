package org.likelihood4j.training.loop;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.config.TrainingConfig.CheckpointUnit;

/** When a checkpoint is due; one that could not be saved is due again a minute later. */
public final class CheckpointSchedule {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final long every;
    private final CheckpointUnit unit;
    private final LongSupplier nanoTime;
    private long since;
    private boolean failed;

    /** @param nanoTime as {@link System#nanoTime} */
    public CheckpointSchedule(TrainingConfig training, LongSupplier nanoTime) {
        this.every = training.checkpointEvery();
        this.unit = training.checkpointUnit();
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** Within an epoch, after a block of the steps above {@code before}: the first place for a checkpoint that one of them counts. */
    public boolean afterBlock(long before, long step) {
        return (unit == CheckpointUnit.STEPS && step / every > before / every) || byTime();
    }

    /** The next step after which one is due by its number; beyond all steps where they are not counted. */
    long nextByStep(long step) {
        return unit == CheckpointUnit.STEPS ? (step / every + 1) * every : Long.MAX_VALUE;
    }

    /** At an epoch's end. */
    public boolean afterEpoch(long epoch, long before, long step) {
        return (unit == CheckpointUnit.EPOCHS && epoch % every == 0) || afterBlock(before, step);
    }

    private boolean byTime() {
        long minutes = failed ? 1 : every;
        return (failed || unit == CheckpointUnit.MINUTES) && nanoTime.getAsLong() - since >= minutes * MINUTE;
    }

    public void saved() {
        failed = false;
        since = nanoTime.getAsLong();
    }

    public void failed() {
        failed = true;
        since = nanoTime.getAsLong();
    }
}
