/**
 * Scores with exported models, anywhere where there is Java 17: no native code, no dependency, no reflection. {@link org.likelihood4j.score.Scorer} is the door.
 */
package org.likelihood4j.score;
