/** Exercises: formulas that a student writes in plain Java, and the identities that tell whether they are right. */
package org.likelihood4j.laboratory.exercises;
