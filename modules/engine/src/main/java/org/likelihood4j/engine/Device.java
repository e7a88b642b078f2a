package org.likelihood4j.engine;

import java.util.Optional;
import java.util.OptionalLong;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.Plan;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Where compiled programs run: it has the memory of vectors, runs plans, and updates parameters. The engine makes plans and knows
 * nothing of the machine but a device's {@link Layout}.
 *
 * <p>Devices are found by {@link java.util.ServiceLoader}: a jar with one, on the class path, is all that it takes.
 */
public interface Device {
    /** What configurations call it. */
    String name();

    /** Why it cannot be used in this process, in one line that begins with its name and says what to do; empty if it can. Everything else may be asked only then. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** What it is on this machine, such as a card's name, in one line. */
    default String description() {
        return name();
    }

    /** How matrices should stand in its memory. */
    Layout layout();

    /** Which products it computes faster of bfloat16s; empty where it has no instructions for them. */
    default Optional<Narrowing> narrowing() {
        return Optional.empty();
    }

    /**
     * The same device, with the same memory, whose products round their float32 factors to TF32, with 11 significant bits; sums stay
     * float32. Empty where it has no instructions for that.
     */
    default Optional<Device> tf32() {
        return Optional.empty();
    }

    /** How many bytes the memory has that float32 vectors are in; empty where that is the process's own. */
    default OptionalLong memory() {
        return OptionalLong.empty();
    }

    /** Zeros, where they suit the device best; those of a type that it does not compute with are in the process's own memory. */
    Storage allocate(DataType type, long length);

    /**
     * Binds a float32 plan to memory.
     *
     * @param bindings the plan's outside places
     */
    PlanProgram bind(Plan plan, PlanBindings bindings);

    /** What applies a rule to float32 parameters, from the vector that holds their gradient. */
    Updater updater(UpdateRule rule, FlatVector parameters, FlatVector gradient);
}
