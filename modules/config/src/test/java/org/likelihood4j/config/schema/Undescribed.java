package org.likelihood4j.config.schema;

/**
 * A section that somebody has added in a hurry.
 *
 * @param told what this is
 */
record Undescribed(Integer told, Integer left, Choice choice) {
    enum Choice {
        /** The first. */
        ONE,
        TWO
    }
}
