/**
 * Steps of our engines timed against those of other libraries, block by block in one process. Every peer is a twin of the
 * same model and update, held against ours on the same weights, batch and noise before any time counts.
 */
package org.likelihood4j.benchmarks;
