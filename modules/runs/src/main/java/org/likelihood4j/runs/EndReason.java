package org.likelihood4j.runs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a training ended. */
public enum EndReason {
    COMPLETED,
    EARLY_STOPPED,
    /** At its last epoch, or stopped early, with training data that the untrained model explained better. */
    WORSE_THAN_AT_START,
    INTERRUPTED,
    /** A number was not finite; the training throws after its listeners were told. */
    DIVERGED;

    /** Its name in files, such as {@code early_stopped}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason of that name; empty if there is none. */
    public static Optional<EndReason> of(String key) {
        return Arrays.stream(values())
                .filter(reason -> reason.key().equals(key))
                .findFirst();
    }

    /** Whether nothing is left to do. */
    public boolean isOver() {
        return this == COMPLETED || this == EARLY_STOPPED || this == WORSE_THAN_AT_START;
    }
}
