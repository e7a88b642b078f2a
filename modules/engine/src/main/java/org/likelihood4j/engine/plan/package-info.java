/**
 * Plans: static programs of kernels over memory with fixed places, which a device runs, and the graphs that they are made of.
 *
 * <p>Data, and {@link org.likelihood4j.engine.plan.PlanInterpreter}, which says what they mean. Plain Java: no tensor library, and no
 * fact of a machine but what a {@link org.likelihood4j.engine.plan.Layout} hands in. {@code engine.planning} makes them.
 */
package org.likelihood4j.engine.plan;
