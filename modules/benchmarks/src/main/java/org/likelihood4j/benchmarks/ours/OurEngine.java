package org.likelihood4j.benchmarks.ours;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.likelihood4j.benchmarks.work.Agreement;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Engines;

/**
 * One of our engines under the name that the table gives it.
 *
 * @param engine empty where this machine has none
 * @param agreement with the reference, that it owes
 */
public record OurEngine(String name, Supplier<Optional<Engine>> engine, Agreement agreement) {
    /** Every engine of ours, the best one last: the others' ratios are to that one. A new one is one line here. */
    public static final List<OurEngine> ALL = List.of(
            new OurEngine("ours-reference", () -> Optional.of(Engines.reference()), Agreement.FLOAT32),
            new OurEngine("ours-mixed", Engines::mixed, Agreement.BFLOAT16),
            new OurEngine("ours", () -> Optional.of(Engines.best()), Agreement.FLOAT32));

    /** The one that the others are compared with. */
    public static OurEngine best() {
        return ALL.get(ALL.size() - 1);
    }
}
