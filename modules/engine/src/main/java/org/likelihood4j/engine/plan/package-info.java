/**
 * Plans: static programs of kernels over memory with fixed places, and how they are made of a graph.
 *
 * <p>{@link org.likelihood4j.engine.plan.Planner} lowers a {@link org.likelihood4j.engine.plan.Graph} to nodes, fuses, orders and
 * places them; {@link org.likelihood4j.engine.plan.PlanInterpreter} says what a plan means. Plain data and plain Java: no tensor
 * library, and no fact of a machine but what a {@link org.likelihood4j.engine.plan.Layout} hands in. docs/engine.md tells the way on an
 * example.
 */
package org.likelihood4j.engine.plan;
