package org.likelihood4j.benchmarks.work;

/** What is timed. */
public enum Phase {
    /** Loss and gradient alone. */
    GRADIENT("loss + gradient"),
    /** The same with the update. */
    STEP("whole step");

    private final String title;

    Phase(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
