package org.likelihood4j.engine.cuda.source;

import java.util.List;

/**
 * How a kernel is started.
 *
 * @param kernel its name in the text
 * @param blocks in one row
 * @param threads of a block
 * @param arguments addresses, in their order
 */
public record Launch(String kernel, int blocks, int threads, List<Argument> arguments) {
    public Launch {
        arguments = List.copyOf(arguments);
    }

    /** An address that a kernel is handed. */
    public sealed interface Argument {
        /** Bytes from the beginning of one of the plan's buffers. */
        record Data(int buffer, long bytes) implements Argument {}

        /** Where blocks leave what the last one puts together: {@link KernelSource#scratch} floats. */
        record Scratch() implements Argument {}

        /** By which blocks know who is last: {@link KernelSource#tickets} counters, 0 before and after each kernel. */
        record Tickets() implements Argument {}
    }
}
