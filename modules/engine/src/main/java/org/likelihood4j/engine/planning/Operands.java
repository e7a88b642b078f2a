package org.likelihood4j.engine.planning;

import java.util.List;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Graph.Operation;

/** What a {@link LoweringRule} may ask: the values that it computes with, and the maker of nodes. */
interface Operands {
    Graph graph();

    Nodes nodes();

    /** The value of a variable, lowered when it is first asked for. */
    ShapedNode value(String name);

    /** The value of an operation's input. */
    default ShapedNode input(Operation op, int index) {
        return value(op.inputs().get(index));
    }

    /** Whether an operation's input is of the program's floating-point type. */
    default boolean real(Operation op, int input) {
        return graph().variable(op.inputs().get(input)).real();
    }

    /** The shape of an operation's output. */
    default List<Long> shape(Operation op, int output) {
        return graph().variable(op.outputs().get(output)).shape();
    }

    /** The value's node with all of its rows and columns. */
    default Node full(ShapedNode value) {
        return nodes().expanded(value.node(), value.rows(), value.columns());
    }
}
