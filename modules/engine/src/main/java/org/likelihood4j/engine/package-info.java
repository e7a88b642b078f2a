/**
 * How a SameDiff graph runs: compiled once, run many times, and the optimiser's step.
 *
 * <p>Nothing here knows a model, a file or a loop. A caller hands over a graph, the vectors that its variables are views
 * of, and (for training) the optimiser as plain data; what comes back is a {@link org.likelihood4j.engine.Program}. No
 * caller sees a SameDiff session.
 */
package org.likelihood4j.engine;
