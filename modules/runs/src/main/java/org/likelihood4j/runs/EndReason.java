package org.likelihood4j.runs;

/** Why a training ended. */
public enum EndReason {
    COMPLETED,
    EARLY_STOPPED,
    /** At its last epoch, or stopped early, with training data that the untrained model explained better. */
    WORSE_THAN_AT_START,
    INTERRUPTED,
    /** A number was not finite; the training throws after its listeners were told. */
    DIVERGED
}
