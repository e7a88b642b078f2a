package org.likelihood4j.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An optimiser's memory: the steps taken, its moment vectors by name, and the moving average of the parameters. */
public final class OptimizerState {
    private final Map<String, FlatVector> moments = new LinkedHashMap<>();
    private final Optional<FlatVector> ema;
    private long steps;

    /** For parameters that no update has been applied to. */
    public OptimizerState(UpdateRule rule, FlatVector parameters) {
        if (rule.optimizer() instanceof Optimizer.Adam) {
            moments.put("adam/m", parameters.like());
            moments.put("adam/v", parameters.like());
        } else {
            moments.put("momentum/v", parameters.like());
        }
        ema = rule.emaDecay().isPresent() ? Optional.of(parameters.copy()) : Optional.empty();
    }

    /** Updates applied so far. */
    public long steps() {
        return steps;
    }

    /** Sets the number of updates applied, when a saved state is restored. */
    public void restoreSteps(long taken) {
        if (taken < 0) {
            throw new IllegalArgumentException("steps must not be negative, was " + taken);
        }
        steps = taken;
    }

    /** Counts an update. */
    public void advance() {
        steps++;
    }

    /** The moment vectors, live, in a fixed order. */
    public Map<String, FlatVector> moments() {
        return Collections.unmodifiableMap(moments);
    }

    /** One of the moment vectors, live. */
    public FlatVector moment(String name) {
        return moments.get(name);
    }

    /** The moving average of the parameters, live, if the rule keeps one. */
    public Optional<FlatVector> ema() {
        return ema;
    }
}
