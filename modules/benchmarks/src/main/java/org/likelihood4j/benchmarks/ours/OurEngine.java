package org.likelihood4j.benchmarks.ours;

import java.util.List;
import java.util.function.Supplier;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Engines;

/** One of our engines under the name that the table gives it. */
public record OurEngine(String name, Supplier<Engine> engine) {
    /** Every engine of ours, the best one last: the others' ratios are to that one. A new one is one line here. */
    public static final List<OurEngine> ALL =
            List.of(new OurEngine("ours-reference", Engines::reference), new OurEngine("ours", Engines::best));

    /** The one that the others are compared with. */
    public static OurEngine best() {
        return ALL.get(ALL.size() - 1);
    }
}
