package org.likelihood4j.inference;

import java.util.function.Function;
import org.likelihood4j.inference.runtime.CompiledFunction;

/** Lends a compiled function for the time of one call: made for it, or taken from those that are kept. */
interface FunctionRunner {
    <T> T use(ServedFunction function, Function<CompiledFunction, T> body);
}
