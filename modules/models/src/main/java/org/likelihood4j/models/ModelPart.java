package org.likelihood4j.models;

import java.util.List;

/**
 * A part of a model by which its training is watched: a coupling block, or a whole network.
 *
 * @param path its parameters' names begin with this path
 * @param reports what is told of it beside its gradient
 */
public record ModelPart(ParameterPath path, List<PartReport> reports) {
    public ModelPart {
        reports = List.copyOf(reports);
    }

    /** Whether a parameter belongs to it. */
    public boolean holds(String parameter) {
        return parameter.startsWith(path + "/");
    }

    /** The output of {@link Model#partReports()} that holds a report's values. */
    public String output(PartReport report) {
        return path.child(report.name()).prefix();
    }
}
