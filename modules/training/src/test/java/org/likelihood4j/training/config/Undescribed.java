package org.likelihood4j.training.config;

/**
 * A section that somebody has added in a hurry.
 *
 * @param told what this is
 * @param forgotten
 */
record Undescribed(Integer told, Integer forgotten, Integer left, Choice choice) {
    enum Choice {
        /** The first. */
        ONE,
        TWO
    }
}
