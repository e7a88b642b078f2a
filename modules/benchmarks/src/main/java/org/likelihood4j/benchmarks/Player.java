package org.likelihood4j.benchmarks;

import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.StepBlock;

/** Who takes turns: a contender, in this process or in one of its own. */
interface Player {
    /** The column in the table. */
    String name();

    /** Whether it can do a phase by itself. */
    boolean supports(Phase phase);

    /** Takes so many steps. */
    StepBlock block(Phase phase, int steps);

    /** A contender in this process. */
    static Player of(Contender contender) {
        return new Player() {
            @Override
            public String name() {
                return contender.name();
            }

            @Override
            public boolean supports(Phase phase) {
                return contender.supports(phase);
            }

            @Override
            public StepBlock block(Phase phase, int steps) {
                return StepBlock.of(contender, phase, steps);
            }
        };
    }
}
