package org.likelihood4j.inference.export.onnx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.engine.plan.PortableProgram.Extent;
import org.likelihood4j.engine.plan.UnportableException;
import org.likelihood4j.io.protobuf.Protobuf;
import org.likelihood4j.io.safetensors.DType;
import org.likelihood4j.io.safetensors.Tensor;

/**
 * A graph in the making: nodes in the order in which they run, each with one result, and constants. Numbers of fields and types are those of
 * <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class OnnxGraph {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int DOUBLE = 11;

    private final DType type;
    private final Protobuf inputs = new Protobuf();
    private final Protobuf outputs = new Protobuf();
    private final Protobuf nodes = new Protobuf();
    private final Protobuf constants = new Protobuf();
    private final Set<String> names = new HashSet<>();
    private final Map<List<Object>, String> known = new HashMap<>();
    private int count;

    /** Of numbers of one type, F32 or F64. */
    OnnxGraph(DType type) {
        this.type = type;
    }

    /** What a node is told besides its inputs. */
    record Attribute(String name, Protobuf content) {
        private static final int INTEGER = 2;
        private static final int INTEGERS = 7;

        static Attribute integer(String name, long value) {
            return new Attribute(name, typed(name, INTEGER).integer(3, value));
        }

        static Attribute integers(String name, long... values) {
            return new Attribute(name, typed(name, INTEGERS).integers(8, values));
        }

        private static Protobuf typed(String name, int type) {
            return new Protobuf().text(1, name).integer(20, type);
        }
    }

    boolean isWide() {
        return type == DType.F64;
    }

    /** The type of numbers, as {@code Cast} wants it. */
    Attribute castToNumber() {
        return Attribute.integer("to", elements(type));
    }

    /** Declares what a run is handed; its name is kept. */
    void input(String name, List<Extent> shape) {
        names.add(name);
        inputs.message(11, described(name, shape));
    }

    /** Declares a result, under a name that {@link #result} gives a value. */
    void output(String name, List<Extent> shape) {
        if (!names.add(name)) {
            throw new UnportableException("output '" + name + "' has the name of an input");
        }
        outputs.message(12, described(name, shape));
    }

    private Protobuf described(String name, List<Extent> shape) {
        Protobuf dimensions = new Protobuf();
        for (Extent extent : shape) {
            dimensions.message(
                    1,
                    extent.perExample()
                            ? new Protobuf().text(2, symbol(extent))
                            : new Protobuf().integer(1, extent.size()));
        }
        Protobuf tensor = new Protobuf().integer(1, elements(type)).message(2, dimensions);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
    }

    /** N, or a multiple of it. */
    private static String symbol(Extent extent) {
        return extent.size() == 1 ? "N" : extent.size() + "N";
    }

    /** Adds a node and names its result. */
    String node(String operation, List<String> of, Attribute... attributes) {
        String name = fresh("v" + count++);
        add(name, operation, of, attributes);
        return name;
    }

    /**
     * The product of two matrices, each transposed or as it is. Not {@code MatMul}: the factors of such ones ONNX Runtime puts into an attribute of the
     * product, where they are float32, also beside numbers of float64.
     */
    String product(String a, String b, boolean transposeA, boolean transposeB) {
        return node(
                "Gemm",
                List.of(a, b),
                Attribute.integer("transA", transposeA ? 1 : 0),
                Attribute.integer("transB", transposeB ? 1 : 0));
    }

    /** Adds a node whose result has a declared name. */
    void result(String name, String operation, List<String> of) {
        add(name, operation, of);
    }

    private void add(String name, String operation, List<String> of, Attribute... attributes) {
        Protobuf node = new Protobuf();
        of.forEach(input -> node.text(1, input));
        node.text(2, name).text(3, name).text(4, operation);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.content());
        }
        nodes.message(1, node);
    }

    /** A constant row of whole numbers: sizes, places, axes. */
    String integers(long... values) {
        return known.computeIfAbsent(
                List.of("integers", Arrays.stream(values).boxed().toList()),
                key -> constant(Tensor.ofLongs(fresh("i" + count++), values, values.length)));
    }

    /** A constant of one number, as a matrix. */
    String number(double value) {
        return known.computeIfAbsent(List.of("number", value), key -> {
            String name = fresh("c" + count++);
            return constant(numbers(name, new double[] {value}, 1, 1));
        });
    }

    /** A constant matrix of the graph's type. */
    String matrix(double[] values, int rows, int columns) {
        return constant(numbers(fresh("c" + count++), values, rows, columns));
    }

    private Tensor numbers(String name, double[] values, long... shape) {
        if (isWide()) {
            return Tensor.ofDoubles(name, values, shape);
        }
        float[] narrowed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrowed[i] = (float) values[i];
        }
        return Tensor.ofFloats(name, narrowed, shape);
    }

    /** A tensor of the weights, under its own name where that is free, as a matrix. */
    String tensor(Tensor tensor, int rows, int columns) {
        return known.computeIfAbsent(
                List.of("tensor", tensor.name(), rows, columns),
                key -> constant(new Tensor(
                        fresh(tensor.name()), tensor.dtype(), List.of((long) rows, (long) columns), tensor.data())));
    }

    private String constant(Tensor tensor) {
        ByteBuffer data = tensor.data();
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        Protobuf content = new Protobuf()
                .integers(1, tensor.shape().stream().mapToLong(size -> size).toArray())
                .integer(2, elements(tensor.dtype()))
                .text(8, tensor.name())
                .bytes(9, bytes);
        constants.message(5, content);
        return tensor.name();
    }

    private String fresh(String wanted) {
        String name = wanted;
        while (!names.add(name)) {
            name = wanted + "." + count++;
        }
        return name;
    }

    private static int elements(DType type) {
        return switch (type) {
            case F32 -> FLOAT;
            case F64 -> DOUBLE;
            case I64 -> INT64;
        };
    }

    /** The message {@code GraphProto}. */
    Protobuf message(String name, String meaning) {
        return new Protobuf()
                .text(2, name)
                .text(10, meaning)
                .fields(nodes)
                .fields(constants)
                .fields(inputs)
                .fields(outputs);
    }
}
