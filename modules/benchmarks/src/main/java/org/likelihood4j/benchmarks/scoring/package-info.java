/** Scores of a trained model, by the engine and by the scorer of its export, in turn. */
package org.likelihood4j.benchmarks.scoring;
