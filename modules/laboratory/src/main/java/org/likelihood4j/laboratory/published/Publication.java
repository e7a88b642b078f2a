package org.likelihood4j.laboratory.published;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.io.Printable;

/**
 * A figure that somebody has published, or that is known in closed form, and the training here that should reach it. Less is better, of nats and of
 * bits/dim.
 *
 * @param name the training's too
 * @param source paper, year, table or section, row
 * @param protocol the published one, in a few words
 * @param differences how the one here differs from it; "none" where it does not
 * @param quantity of the test set's evaluation, such as {@code nll}
 * @param unit nats or bits/dim
 * @param published the figure
 * @param tolerance by how much more the figure here may be, beside two of its standard errors, and still count as reached
 * @param importanceSamples K of the evaluation
 * @param config its configuration, a file beside the registry or a path from there
 * @param settings what replaces keys of the configuration, each {@code KEY=VALUE}
 * @param hours about what it takes on two cores; an estimate of what has not been run
 */
public record Publication(
        String name,
        String source,
        String protocol,
        String differences,
        String quantity,
        String unit,
        double published,
        double tolerance,
        int importanceSamples,
        String config,
        List<String> settings,
        double hours) {
    private static final double ERRORS = 2;

    /** Checks what a file may have wrong. */
    public Publication {
        for (Object text : new Object[] {name, source, protocol, differences, quantity, unit, config, settings}) {
            if (text == null) {
                throw new IllegalArgumentException((name == null ? "an entry" : name) + ": one of its keys is null");
            }
        }
        if (settings.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(name + ": one of its settings is null");
        }
        if (!RunConfig.isName(name)) {
            throw new IllegalArgumentException("'" + Printable.shorten(name) + "' is no plain name of a file");
        }
        if (importanceSamples < 1) {
            throw new IllegalArgumentException(
                    name + ": importanceSamples must be at least 1, was " + importanceSamples);
        }
        if (!(tolerance >= 0) || !(hours > 0)) {
            throw new IllegalArgumentException(
                    name + ": tolerance must be at least 0 and hours above 0, were " + tolerance + " and " + hours);
        }
        source = Printable.line(source);
        protocol = Printable.line(protocol);
        differences = Printable.line(differences);
        quantity = Printable.line(quantity);
        unit = Printable.line(unit);
        settings = List.copyOf(settings);
    }

    /** Whether a result is what was published, or less. */
    public boolean isReached(Reproduction result) {
        return result.value() <= published + tolerance + ERRORS * result.standardError();
    }

    /** What is to be said of it: {@code reached}, {@code short by 0.50}, or {@code not run (3 hours)}. */
    public String verdict(Reproduction result) {
        if (result == null) {
            return hours < 1
                    ? String.format(Locale.ROOT, "not run (%.0f minutes)", Math.ceil(60 * hours))
                    : String.format(Locale.ROOT, "not run (%.0f hours)", Math.ceil(hours));
        }
        return isReached(result) ? "reached" : String.format(Locale.ROOT, "short by %.3f", result.value() - published);
    }
}
