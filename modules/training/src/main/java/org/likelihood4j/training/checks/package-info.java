/** Checks of the data before a training: numbers that vary, columns that have a density. */
package org.likelihood4j.training.checks;
