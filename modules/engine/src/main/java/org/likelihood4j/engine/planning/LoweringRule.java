package org.likelihood4j.engine.planning;

import org.likelihood4j.engine.plan.Graph.Operation;

/** How one kind of operation is made of nodes. */
@FunctionalInterface
interface LoweringRule {
    /** The node of one of its outputs; null if the operation, with these shapes or arguments, is left to the library. */
    Node lower(Operation op, int output);
}
