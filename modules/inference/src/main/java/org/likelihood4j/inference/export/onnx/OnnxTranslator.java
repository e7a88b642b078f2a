package org.likelihood4j.inference.export.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.PortableProgram;
import org.likelihood4j.engine.plan.PortableProgram.Extent;
import org.likelihood4j.engine.plan.PortableProgram.Operation;
import org.likelihood4j.engine.plan.PortableProgram.Value;
import org.likelihood4j.inference.export.onnx.OnnxGraph.Attribute;
import org.likelihood4j.io.safetensors.DType;
import org.likelihood4j.io.safetensors.Tensor;

/** Translates a program, value by value; a matrix is a tensor of two dimensions. */
final class OnnxTranslator {
    private final PortableProgram program;
    private final Map<String, Tensor> tensors;
    private final OnnxGraph graph;
    private final OnnxShapes shapes;
    private final OnnxElementwise elementwise;
    private final OnnxConvolutions convolutions;
    private final List<String> names = new ArrayList<>();

    private OnnxTranslator(PortableProgram program, Map<String, Tensor> tensors, OnnxGraph graph) {
        this.program = program;
        this.tensors = tensors;
        this.graph = graph;
        String anyInput = null;
        for (Value value : program.values()) {
            if (value.operation() instanceof Operation.Input input) {
                graph.input(input.name(), List.of(value.rows(), value.columns()));
                anyInput = input.name();
            }
        }
        program.outputs().forEach((name, output) -> graph.output(name, output.shape()));
        shapes = new OnnxShapes(graph, anyInput);
        elementwise = new OnnxElementwise(graph);
        convolutions = new OnnxConvolutions(graph, shapes);
    }

    /**
     * Translates.
     *
     * @param tensors by their names in the program
     * @param type of all numbers
     * @throws org.likelihood4j.engine.plan.UnportableException if it cannot be; one line
     */
    static OnnxGraph translate(PortableProgram program, Map<String, Tensor> tensors, DType type) {
        OnnxTranslator translator = new OnnxTranslator(program, tensors, new OnnxGraph(type));
        program.values().forEach(value -> translator.names.add(translator.name(value)));
        program.outputs()
                .forEach((name, output) -> translator.graph.result(
                        name,
                        "Reshape",
                        List.of(translator.names.get(output.value()), translator.shapes.inferred(output.shape()))));
        return translator.graph;
    }

    private String name(Value value) {
        Operation operation = value.operation();
        if (operation instanceof Operation.Constant number) {
            return graph.number(number.value());
        }
        if (operation instanceof Operation.Input input) {
            return input.name();
        }
        if (operation instanceof Operation.Tensor tensor) {
            return graph.tensor(
                    tensors.get(tensor.name()),
                    value.rows().size(),
                    value.columns().size());
        }
        if (operation instanceof Operation.Literal literal) {
            return graph.matrix(
                    literal.values(), value.rows().size(), value.columns().size());
        }
        if (operation instanceof Operation.Join join) {
            return joined(join, value);
        }
        return of(value, names.get(value.inputs().get(0)));
    }

    private String of(Value value, String first) {
        Operation operation = value.operation();
        Value in = program.values().get(value.inputs().get(0));
        if (operation instanceof Operation.Apply apply) {
            return applied(apply, value);
        }
        if (operation instanceof Operation.Reduce reduce) {
            return reduced(reduce, value, in, first);
        }
        if (operation instanceof Operation.Product product) {
            return graph.product(first, second(value), product.transposeA(), product.transposeB());
        }
        if (operation instanceof Operation.Convolution convolution) {
            return convolutions.convolved(convolution, first, second(value));
        }
        if (operation instanceof Operation.Window window) {
            int to = window.from() + value.columns().size();
            return graph.node(
                    "Slice", List.of(first, graph.integers(window.from()), graph.integers(to), graph.integers(1)));
        }
        if (operation instanceof Operation.View) {
            return shapes.reshape(first, value.rows(), value.columns());
        }
        if (operation instanceof Operation.Repeat repeat) {
            return repeated(repeat, value, in, first);
        }
        if (operation instanceof Operation.Select select) {
            return selected(select, in, first);
        }
        return transposed(first);
    }

    private String second(Value value) {
        return names.get(value.inputs().get(1));
    }

    private String transposed(String matrix) {
        return graph.node("Transpose", List.of(matrix), Attribute.integers("perm", 1, 0));
    }

    private String applied(Operation.Apply apply, Value value) {
        List<String> of = value.inputs().stream().map(names::get).toList();
        String made = elementwise.apply(apply.operation(), of);
        boolean hasRows = value.inputs().stream()
                .anyMatch(input -> program.values().get(input).rows().equals(value.rows()));
        boolean hasColumns = value.inputs().stream()
                .anyMatch(input -> program.values().get(input).columns().equals(value.columns()));
        return hasRows && hasColumns ? made : shapes.expand(made, value.rows(), value.columns());
    }

    private String reduced(Operation.Reduce reduce, Value value, Value in, String x) {
        return switch (reduce.over()) {
            case COLUMNS -> shapes.reshape(folded(reduce.fold(), x, 1), OnnxShapes.ONE, value.columns());
            case ROWS -> shapes.reshape(folded(reduce.fold(), x, 0), OnnxShapes.ONE, value.columns());
            case ALL -> shapes.reshape(folded(reduce.fold(), x, 0, 1), OnnxShapes.ONE, OnnxShapes.ONE);
            case GROUPS -> {
                // Row r = (q groups + group) each + e.
                Extent times = OnnxShapes.quotient(in.rows(), value.rows(), reduce.each());
                String apart = shapes.reshape(x, times, value.rows(), reduce.each(), value.columns());
                yield folded(reduce.fold(), apart, 0, 2);
            }
        };
    }

    /** Without the axes. */
    private String folded(Fold fold, String x, long... axes) {
        Attribute without = Attribute.integer("keepdims", 0);
        return fold == Fold.SUM
                ? graph.node("ReduceSum", List.of(x, graph.integers(axes)), without)
                : graph.node("ReduceMax", List.of(x), Attribute.integers("axes", axes), without);
    }

    private String repeated(Operation.Repeat repeat, Value value, Value in, String x) {
        Extent times = OnnxShapes.quotient(value.rows(), in.rows(), repeat.each());
        String apart = shapes.reshape(x, OnnxShapes.ONE, in.rows(), OnnxShapes.ONE, in.columns());
        String all = shapes.expand(apart, times, in.rows(), repeat.each(), in.columns());
        return shapes.reshape(all, value.rows(), value.columns());
    }

    private String joined(Operation.Join join, Value value) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < join.widths().size(); i++) {
            int number = value.inputs().get(i);
            Value part = program.values().get(number);
            Extent columns = new Extent(join.widths().get(i), false);
            boolean fits = part.rows().equals(value.rows()) && part.columns().equals(columns);
            parts.add(fits ? names.get(number) : shapes.expand(names.get(number), value.rows(), columns));
        }
        return graph.node("Concat", parts, Attribute.integer("axis", 1));
    }

    private String selected(Operation.Select select, Value in, String x) {
        // A column of zeros behind the last one, where there are any.
        int zeros = in.columns().size();
        boolean hasZeros = select.columns().contains(-1);
        String from = hasZeros ? graph.node("Pad", List.of(x, graph.integers(0, 0, 0, 1))) : x;
        long[] columns = select.columns().stream()
                .mapToLong(column -> column < 0 ? zeros : column)
                .toArray();
        return graph.node("Gather", List.of(from, graph.integers(columns)), Attribute.integer("axis", 1));
    }
}
