package org.likelihood4j.models;

import java.util.OptionalDouble;

/**
 * A quantity by which a {@link ModelPart} is watched while it trains, such as the log-scales of a
 * coupling.
 *
 * @param name in the reports of steps, such as {@code log_scale}
 * @param bound c, where its values lie in (-c, c) by a tanh that lets hardly any gradient through
 *     near c; empty where nothing bounds them
 */
public record PartReport(String name, OptionalDouble bound) {
    public static PartReport bounded(String name, double bound) {
        return new PartReport(name, OptionalDouble.of(bound));
    }

    public static PartReport unbounded(String name) {
        return new PartReport(name, OptionalDouble.empty());
    }
}
