package org.likelihood4j.inference.export.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.plan.PortableProgram.Extent;
import org.likelihood4j.engine.plan.UnportableException;

/** Shapes of which a dimension may be a multiple of the number N of examples, which only a run knows. */
final class OnnxShapes {
    static final Extent ONE = new Extent(1, false);

    private final OnnxGraph graph;
    private final String anyInput;
    private final Map<List<Extent>, String> made = new HashMap<>();
    private String examples;

    /**
     * Of a graph.
     *
     * @param anyInput an input, whose rows are N; null if there is none
     */
    OnnxShapes(OnnxGraph graph, String anyInput) {
        this.graph = graph;
        this.anyInput = anyInput;
    }

    /** The same numbers in the same order. */
    String reshape(String value, Extent... dimensions) {
        return graph.node("Reshape", List.of(value, inferred(List.of(dimensions))));
    }

    /** A shape of which one dimension may be left to what is there. */
    String inferred(List<Extent> dimensions) {
        if (dimensions.stream().filter(Extent::perExample).count() > 1) {
            return shape(dimensions);
        }
        return graph.integers(dimensions.stream()
                .mapToLong(extent -> extent.perExample() ? -1 : extent.size())
                .toArray());
    }

    /** Repeats what is 1 until it is the shape's. */
    String expand(String value, Extent... dimensions) {
        return graph.node("Expand", List.of(value, shape(List.of(dimensions))));
    }

    private String shape(List<Extent> dimensions) {
        return made.computeIfAbsent(dimensions, key -> {
            if (key.stream().noneMatch(Extent::perExample)) {
                return graph.integers(key.stream().mapToLong(Extent::size).toArray());
            }
            List<String> parts = new ArrayList<>();
            key.forEach(extent -> parts.add(size(extent)));
            return parts.size() == 1
                    ? parts.get(0)
                    : graph.node("Concat", parts, OnnxGraph.Attribute.integer("axis", 0));
        });
    }

    private String size(Extent extent) {
        if (!extent.perExample()) {
            return graph.integers(extent.size());
        }
        return extent.size() == 1 ? examples() : graph.node("Mul", List.of(examples(), graph.integers(extent.size())));
    }

    private String examples() {
        if (anyInput == null) {
            throw new UnportableException("the function has no input whose rows would be the examples");
        }
        if (examples == null) {
            String shape = graph.node("Shape", List.of(anyInput));
            examples = graph.node("Gather", List.of(shape, graph.integers(0)));
        }
        return examples;
    }

    /**
     * How often a number of rows is in another one, of which it is a part.
     *
     * @throws UnportableException if it is in it no whole number of times
     */
    static Extent quotient(Extent whole, Extent... parts) {
        long size = 1;
        int multiples = 0;
        for (Extent part : parts) {
            size *= part.size();
            multiples += part.perExample() ? 1 : 0;
        }
        int left = (whole.perExample() ? 1 : 0) - multiples;
        if (whole.size() % size != 0 || left < 0) {
            throw new UnportableException("rows " + whole + " are no multiple of " + List.of(parts));
        }
        return new Extent((int) (whole.size() / size), left == 1);
    }
}
