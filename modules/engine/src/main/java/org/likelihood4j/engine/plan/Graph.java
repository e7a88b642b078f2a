package org.likelihood4j.engine.plan;

import java.util.List;
import java.util.Map;

/**
 * A differentiated computation as plain data, of which planning makes a plan.
 *
 * @param variables by name: all that the operations touch
 * @param operations by the name of each of their outputs
 */
public record Graph(Map<String, Variable> variables, Map<String, Operation> operations) {
    public Graph {
        variables = Map.copyOf(variables);
        operations = Map.copyOf(operations);
    }

    /** Where a variable's value comes from. */
    public enum Origin {
        /** Handed over at every run. */
        INPUT,
        /** A slot of a bound vector. */
        VECTOR,
        /** A constant of the graph itself. */
        LITERAL,
        /** An operation's output. */
        OPERATION
    }

    /**
     * One value of the graph.
     *
     * @param shape exact
     * @param real whether it has the program's floating-point type
     * @param values of a literal in C order; else empty
     */
    @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
    public record Variable(String name, Origin origin, List<Long> shape, boolean real, double[] values) {
        public Variable {
            shape = List.copyOf(shape);
        }

        long size() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    /**
     * One operation of the graph.
     *
     * @param name its own
     * @param kind what it does, by ND4J's name, such as {@code matmul}
     * @param integers its integer arguments
     * @param reals its floating-point arguments; a legacy operation's scalar is the only one
     * @param booleans its flags; a reduction's is whether it keeps dimensions
     * @param dimensions of a reduction, normalised to be positive; empty for all
     */
    public record Operation(
            String name,
            String kind,
            List<String> inputs,
            List<String> outputs,
            List<Long> integers,
            List<Double> reals,
            List<Boolean> booleans,
            List<Integer> dimensions) {
        public Operation {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            integers = List.copyOf(integers);
            reals = List.copyOf(reals);
            booleans = List.copyOf(booleans);
            dimensions = List.copyOf(dimensions);
        }
    }

    public Variable variable(String name) {
        Variable variable = variables.get(name);
        if (variable == null) {
            throw new IllegalArgumentException("the graph has no variable named " + name);
        }
        return variable;
    }
}
