/**
 * The compiled engine: it records a graph, has it planned, and runs the plan on a device; or, in float64, the recording. Internal to
 * the engine.
 */
package org.likelihood4j.engine.compiled;
