package org.likelihood4j.engine;

import java.util.Optional;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.Plan;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where compiled programs run: it has the memory of vectors, runs plans, and updates parameters. The engine makes plans and knows
 * nothing of the machine but a device's {@link Layout}.
 *
 * <p>Devices are found by {@link java.util.ServiceLoader}: a jar with one, on the class path, is all that it takes.
 */
public interface Device {
    /** What people call it. */
    String name();

    /** Whether it can be used in this process. */
    boolean isAvailable();

    /** The device of the highest priority is used; the processor's is 0. */
    default int priority() {
        return 0;
    }

    /** How matrices should stand in its memory. */
    Layout layout();

    /** Which products it computes faster of bfloat16s; empty where it has no instructions for them. */
    default Optional<Narrowing> narrowing() {
        return Optional.empty();
    }

    /** A vector of zeros, where it suits the device best. */
    INDArray zeros(DataType type, long length);

    /**
     * Binds a float32 plan to memory.
     *
     * @param bindings the plan's outside places
     */
    PlanProgram bind(Plan plan, PlanBindings bindings);

    /** What applies a rule to float32 parameters, from the vector that holds their gradient. */
    Updater updater(UpdateRule rule, FlatVector parameters, FlatVector gradient);
}
