package org.likelihood4j.benchmarks;

/** What is timed. */
enum Phase {
    /** Loss and gradient alone. */
    GRADIENT("loss + gradient"),
    /** The same with the update. */
    STEP("whole step");

    private final String title;

    Phase(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
