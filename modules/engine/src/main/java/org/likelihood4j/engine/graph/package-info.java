/**
 * SameDiff graphs as plain data: a graph is bound to vectors, differentiated, run once and recorded, and read.
 *
 * <p>The only package, beside {@code engine.reference}, that knows SameDiff's internals. Internal to the engine.
 */
package org.likelihood4j.engine.graph;
