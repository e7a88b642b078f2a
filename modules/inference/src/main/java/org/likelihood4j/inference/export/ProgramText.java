package org.likelihood4j.inference.export;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.PortableProgram;
import org.likelihood4j.engine.plan.PortableProgram.Extent;
import org.likelihood4j.engine.plan.PortableProgram.Operation;
import org.likelihood4j.engine.plan.PortableProgram.Value;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.io.safetensors.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Portable programs as JSON, a value on a line, and the constants among them as tensors. What each operation means, docs/export.md says.
 */
final class ProgramText {
    private final DataType type;
    private final Map<String, PortableProgram> functions;
    /** What makes two constants one. */
    private record Content(DoubleBuffer numbers, int rows) {}

    private final Map<Content, String> literals = new HashMap<>();
    private final List<Tensor> tensors = new ArrayList<>();

    /** Of programs by the names of their functions. */
    ProgramText(DataType type, Map<String, PortableProgram> functions) {
        this.type = type;
        this.functions = functions;
    }

    /** The constants that the text names, known when it has been made. */
    List<Tensor> tensors() {
        return tensors;
    }

    String text(int formatVersion) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "{\"format\": \"likelihood4j-program\", \"formatVersion\": %d, \"functions\": {",
                formatVersion));
        String comma = "";
        for (Map.Entry<String, PortableProgram> function : functions.entrySet()) {
            PortableProgram program = function.getValue();
            text.append(comma).append("\n\"").append(function.getKey()).append("\": {\"values\": [");
            for (int i = 0; i < program.values().size(); i++) {
                text.append(i == 0 ? "\n" : ",\n").append(line(program.values().get(i)));
            }
            ObjectNode outputs = JsonFiles.LINE.createObjectNode();
            program.outputs().forEach((name, output) -> {
                ObjectNode entry = outputs.putObject(name);
                entry.put("value", output.value());
                ArrayNode shape = entry.putArray("shape");
                output.shape().forEach(extent -> put(shape, extent));
            });
            text.append("\n], \"outputs\": ")
                    .append(JsonFiles.LINE.writeValueAsString(outputs))
                    .append('}');
            comma = ",";
        }
        return text.append("\n}}\n").toString();
    }

    private String line(Value value) {
        ObjectNode line = JsonFiles.LINE.createObjectNode();
        describe(value, line);
        ArrayNode inputs = line.putArray("of");
        value.inputs().forEach(inputs::add);
        if (inputs.isEmpty()) {
            line.remove("of");
        }
        ArrayNode shape = line.putArray("shape");
        put(shape, value.rows());
        put(shape, value.columns());
        return JsonFiles.LINE.writeValueAsString(line);
    }

    private void describe(Value value, ObjectNode line) {
        Operation operation = value.operation();
        if (operation instanceof Operation.Constant number) {
            line.put("op", "number");
            if (Double.isFinite(number.value())) {
                line.put("value", number.value());
            } else {
                line.put("value", Double.toString(number.value()));
            }
        } else if (operation instanceof Operation.Input input) {
            line.put("op", "input").put("name", input.name());
        } else if (operation instanceof Operation.Tensor tensor) {
            line.put("op", "tensor").put("name", tensor.name());
        } else if (operation instanceof Operation.Literal literal) {
            line.put("op", "tensor").put("name", named(literal, value));
        } else if (operation instanceof Operation.Apply apply) {
            line.put("op", apply.operation().name().toLowerCase(Locale.ROOT));
        } else if (operation instanceof Operation.Reduce reduce) {
            line.put("op", reduce.fold() == Fold.SUM ? "sum" : "largest");
            line.put("over", reduce.over().name().toLowerCase(Locale.ROOT));
            put(line, "each", reduce.each());
        } else if (operation instanceof Operation.Product product) {
            line.put("op", "product");
            line.put("transposeA", product.transposeA()).put("transposeB", product.transposeB());
        } else if (operation instanceof Operation.Convolution convolution) {
            describe(convolution, line);
        } else if (operation instanceof Operation.Window window) {
            line.put("op", "window").put("from", window.from());
        } else if (operation instanceof Operation.Join join) {
            line.put("op", "join");
            ArrayNode widths = line.putArray("widths");
            join.widths().forEach(widths::add);
        } else if (operation instanceof Operation.Repeat repeat) {
            line.put("op", "repeat");
            put(line, "each", repeat.each());
        } else if (operation instanceof Operation.Select select) {
            line.put("op", "select");
            ArrayNode columns = line.putArray("columns");
            select.columns().forEach(columns::add);
        } else {
            line.put("op", operation instanceof Operation.View ? "view" : "transpose");
        }
    }

    private static void describe(Operation.Convolution convolution, ObjectNode line) {
        ConvolutionShape shape = convolution.shape();
        line.put("op", convolution.direction() == Direction.FORWARD ? "convolution" : "transposed_convolution");
        put(line, "images", convolution.images());
        numbers(line, "image", shape.height(), shape.width(), shape.in());
        numbers(line, "made", shape.outHeight(), shape.outWidth(), shape.out());
        numbers(line, "kernel", shape.kernelHeight(), shape.kernelWidth());
        numbers(line, "strides", shape.strideDown(), shape.strideAcross());
        numbers(line, "padding", shape.top(), shape.left());
    }

    private static void numbers(ObjectNode line, String key, int... numbers) {
        ArrayNode array = line.putArray(key);
        for (int number : numbers) {
            array.add(number);
        }
    }

    /** A constant of a graph, once for all functions that have it. */
    private String named(Operation.Literal literal, Value value) {
        return literals.computeIfAbsent(
                new Content(DoubleBuffer.wrap(literal.values()), value.rows().size()), content -> {
                    String name = "constant/" + literals.size();
                    long[] shape = {value.rows().size(), value.columns().size()};
                    tensors.add(
                            type == DataType.DOUBLE
                                    ? Tensor.ofDoubles(name, literal.values(), shape)
                                    : Tensor.ofFloats(name, narrowed(literal.values()), shape));
                    return name;
                });
    }

    private static float[] narrowed(double[] values) {
        float[] narrowed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrowed[i] = (float) values[i];
        }
        return narrowed;
    }

    private static void put(ObjectNode line, String key, Extent extent) {
        if (extent.perExample()) {
            line.put(key, symbol(extent));
        } else {
            line.put(key, extent.size());
        }
    }

    private static void put(ArrayNode shape, Extent extent) {
        if (extent.perExample()) {
            shape.add(symbol(extent));
        } else {
            shape.add(extent.size());
        }
    }

    /** N, or a multiple of it. */
    private static String symbol(Extent extent) {
        return extent.size() == 1 ? "N" : extent.size() + "N";
    }
}
