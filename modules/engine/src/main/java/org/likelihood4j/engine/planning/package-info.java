/**
 * Planning: how a {@link org.likelihood4j.engine.plan.Graph} becomes a {@link org.likelihood4j.engine.plan.Plan}.
 *
 * <p>{@link org.likelihood4j.engine.planning.Planner} lowers the graph to nodes by rules, fuses, orders and places them. Plain Java,
 * without a tensor library. docs/engine.md tells the way on an example.
 */
package org.likelihood4j.engine.planning;
