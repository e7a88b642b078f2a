package org.likelihood4j.score.program;

import java.util.List;

/**
 * A value of a program.
 *
 * @param inputs the numbers of the values that it is made of, all before it
 */
record Value(Operation operation, List<Integer> inputs, Shape shape) {
    Value {
        inputs = List.copyOf(inputs);
    }
}
