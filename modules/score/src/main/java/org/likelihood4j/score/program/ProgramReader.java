package org.likelihood4j.score.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.likelihood4j.score.files.ExportException;
import org.likelihood4j.score.files.Json;
import org.likelihood4j.score.kernels.ImageSizes;
import org.likelihood4j.score.kernels.Pointwise;

/**
 * Reads the values of a function and checks that each can be made of its inputs: whatever is in the file, running it reads no number that is not
 * there, and nothing is summed or multiplied over examples.
 */
final class ProgramReader {
    private static final int MOST_VALUES = 1 << 18;

    /** Numbers of an image's patches side by side: 128 MB. */
    private static final int MOST_PATCHES = 1 << 24;

    private final List<Value> values = new ArrayList<>();

    private ProgramReader() {}

    /** @throws ExportException if the values are none of a program; one line */
    static List<Value> read(Json list) {
        ProgramReader reader = new ProgramReader();
        List<Json> lines = list.list();
        if (lines.size() > MOST_VALUES) {
            throw list.unknown("at most " + MOST_VALUES + " values");
        }
        for (Json line : lines) {
            reader.values.add(reader.value(line));
        }
        return reader.values;
    }

    private Value value(Json line) {
        int[] inputs = line.has("of") ? line.get("of").integers(0, values.size() - 1) : new int[0];
        Shape shape = Shape.read(line.get("shape"));
        Operation operation = operation(line);
        Value value = new Value(operation, Arrays.stream(inputs).boxed().toList(), shape);
        if (inputs.length != operands(operation) && !(operation instanceof Operation.Join)) {
            throw line.unknown("a value of " + operands(operation) + " others");
        }
        if (!fits(value)) {
            throw new ExportException(line.get("shape")
                    .unknown("the shape that " + line.get("op").text() + " makes of "
                            + value.inputs().stream()
                                    .map(i -> values.get(i).shape().toString())
                                    .toList())
                    .getMessage());
        }
        return value;
    }

    private static int operands(Operation operation) {
        if (operation instanceof Operation.Apply apply) {
            return apply.function().operands();
        }
        if (operation instanceof Operation.Product || operation instanceof Operation.Convolution) {
            return 2;
        }
        boolean first = operation instanceof Operation.Constant
                || operation instanceof Operation.Input
                || operation instanceof Operation.Tensor;
        return first ? 0 : 1;
    }

    // ---- operations
    // ----------------------------------------------------------------------------------------------------

    private static Operation operation(Json line) {
        String name = line.get("op").text();
        return switch (name) {
            case "number" -> new Operation.Constant(line.get("value").number());
            case "input" -> new Operation.Input(line.get("name").text());
            case "tensor" -> new Operation.Tensor(line.get("name").text());
            case "sum", "largest" ->
                new Operation.Reduce(name.equals("largest"), over(line.get("over")), Extent.read(line.get("each")));
            case "product" ->
                new Operation.Product(
                        line.get("transposeA").truth(), line.get("transposeB").truth());
            case "convolution", "transposed_convolution" ->
                new Operation.Convolution(sizes(line), name.startsWith("transposed"), Extent.read(line.get("images")));
            case "window" -> new Operation.Window(line.get("from").integer(0, Extent.MOST));
            case "join" -> new Operation.Join(line.get("widths").integers(1, Extent.MOST));
            case "view" -> new Operation.View();
            case "repeat" -> new Operation.Repeat(Extent.read(line.get("each")));
            case "transpose" -> new Operation.Transpose();
            case "select" -> new Operation.Select(line.get("columns").integers(-1, Extent.MOST));
            default -> new Operation.Apply(function(line.get("op")));
        };
    }

    private static Pointwise function(Json op) {
        return Arrays.stream(Pointwise.values())
                .filter(function -> function.name().toLowerCase(Locale.ROOT).equals(op.text()))
                .findFirst()
                .orElseThrow(() -> op.unknown("an operation of format version 3"));
    }

    private static Operation.Over over(Json json) {
        return Arrays.stream(Operation.Over.values())
                .filter(over -> over.name().toLowerCase(Locale.ROOT).equals(json.text()))
                .findFirst()
                .orElseThrow(() -> json.unknown("columns, rows, groups or all"));
    }

    private static ImageSizes sizes(Json line) {
        int[] image = sizes(line, "image", 3, 1);
        int[] made = sizes(line, "made", 3, 1);
        int[] kernel = sizes(line, "kernel", 2, 1);
        int[] strides = sizes(line, "strides", 2, 1);
        int[] padding = sizes(line, "padding", 2, 0);
        return new ImageSizes(
                image[0],
                image[1],
                image[2],
                made[0],
                made[1],
                made[2],
                kernel[0],
                kernel[1],
                strides[0],
                strides[1],
                padding[0],
                padding[1]);
    }

    private static int[] sizes(Json line, String key, int count, int least) {
        // So small that three of them multiply to no more than a long.
        int[] sizes = line.get(key).integers(least, 1 << 16);
        if (sizes.length != count) {
            throw line.get(key).unknown(count + " sizes");
        }
        return sizes;
    }

    // ---- shapes
    // --------------------------------------------------------------------------------------------------------

    private boolean fits(Value value) {
        Shape shape = value.shape();
        Operation operation = value.operation();
        if (operation instanceof Operation.Constant) {
            return shape.rows().isOne() && shape.columns().isOne();
        }
        if (operation instanceof Operation.Input) {
            return shape.rows().equals(new Extent(1, true)) && !shape.columns().perExample();
        }
        if (operation instanceof Operation.Tensor) {
            return !shape.isPerExample();
        }
        if (operation instanceof Operation.Join join) {
            return joins(join, value);
        }
        Shape in = shape(value, 0);
        if (operation instanceof Operation.Apply) {
            return value.inputs().stream()
                    .map(i -> values.get(i).shape())
                    .allMatch(of -> repeats(of.rows(), shape.rows()) && repeats(of.columns(), shape.columns()));
        }
        if (operation instanceof Operation.Reduce reduce) {
            return reduces(reduce, in, shape);
        }
        if (operation instanceof Operation.Product product) {
            return multiplies(product, in, shape(value, 1), shape);
        }
        if (operation instanceof Operation.Convolution convolution) {
            return convolves(convolution, in, shape(value, 1), shape);
        }
        if (operation instanceof Operation.Window window) {
            return in.rows().equals(shape.rows())
                    && !in.columns().perExample()
                    && !shape.columns().perExample()
                    && (long) window.from() + shape.columns().size()
                            <= in.columns().size();
        }
        if (operation instanceof Operation.View) {
            return in.extent().equals(shape.extent());
        }
        if (operation instanceof Operation.Repeat repeat) {
            return in.columns().equals(shape.columns())
                    && !shape.columns().perExample()
                    && repeats(in.rows(), repeat.each(), shape.rows());
        }
        if (operation instanceof Operation.Transpose) {
            return in.rows().equals(shape.columns()) && in.columns().equals(shape.rows());
        }
        Operation.Select select = (Operation.Select) operation;
        return in.rows().equals(shape.rows())
                && !in.columns().perExample()
                && shape.columns().equals(new Extent(select.columns().length, false))
                && Arrays.stream(select.columns())
                        .allMatch(column -> column < in.columns().size());
    }

    private Shape shape(Value value, int input) {
        return values.get(value.inputs().get(input)).shape();
    }

    /** Whether so many rows, each some times in turn, make up all of them, once or more. */
    private static boolean repeats(Extent rows, Extent each, Extent all) {
        boolean ofExamples = rows.perExample() || each.perExample();
        return !(rows.perExample() && each.perExample())
                && (all.perExample() || !ofExamples)
                && all.size() % ((long) rows.size() * each.size()) == 0;
    }

    private static boolean repeats(Extent part, Extent whole) {
        return part.isOne() || part.equals(whole);
    }

    private boolean joins(Operation.Join join, Value value) {
        long columns = 0;
        boolean fits =
                join.widths().length == value.inputs().size() && !value.inputs().isEmpty();
        for (int i = 0; fits && i < join.widths().length; i++) {
            columns += join.widths()[i];
            Value part = values.get(value.inputs().get(i));
            fits = isZero(part)
                    || (part.shape().rows().equals(value.shape().rows())
                            && part.shape().columns().equals(new Extent(join.widths()[i], false)));
        }
        return fits && value.shape().columns().equals(new Extent((int) Math.min(columns, Integer.MAX_VALUE), false));
    }

    static boolean isZero(Value value) {
        return value.operation() instanceof Operation.Constant number && number.value() == 0;
    }

    /** Nothing is summed over examples. */
    private static boolean reduces(Operation.Reduce reduce, Shape in, Shape out) {
        return switch (reduce.over()) {
            case COLUMNS ->
                !in.columns().perExample()
                        && out.rows().isOne()
                        && out.columns().equals(in.rows());
            case ROWS ->
                !in.rows().perExample() && out.rows().isOne() && out.columns().equals(in.columns());
            case ALL ->
                !in.isPerExample() && out.rows().isOne() && out.columns().isOne();
            case GROUPS ->
                in.rows().perExample() == out.rows().perExample()
                        && !reduce.each().perExample()
                        && out.columns().equals(in.columns())
                        && in.rows().size()
                                        % ((long) out.rows().size()
                                                * reduce.each().size())
                                == 0;
        };
    }

    private static boolean multiplies(Operation.Product product, Shape a, Shape b, Shape out) {
        Extent inner = product.transposeA() ? a.rows() : a.columns();
        return !inner.perExample()
                && inner.equals(product.transposeB() ? b.columns() : b.rows())
                && out.rows().equals(product.transposeA() ? a.columns() : a.rows())
                && out.columns().equals(product.transposeB() ? b.rows() : b.columns());
    }

    private static boolean convolves(Operation.Convolution convolution, Shape x, Shape weights, Shape out) {
        ImageSizes sizes = convolution.sizes();
        Shape image = convolution.transposed() ? out : x;
        Shape made = convolution.transposed() ? x : out;
        Extent images = convolution.images();
        long taps = (long) sizes.kernelHeight() * sizes.kernelWidth() * sizes.in();
        return taps <= MOST_PATCHES
                && taps * sizes.outHeight() * sizes.outWidth() <= MOST_PATCHES
                && is(image, images, (long) sizes.height() * sizes.width(), sizes.in())
                && is(made, images, (long) sizes.outHeight() * sizes.outWidth(), sizes.out())
                && weights.rows().equals(new Extent((int) taps, false))
                && weights.columns().equals(new Extent(sizes.out(), false));
    }

    private static boolean is(Shape shape, Extent images, long pixels, int channels) {
        return shape.rows().perExample() == images.perExample()
                && shape.rows().size() == images.size() * pixels
                && shape.columns().equals(new Extent(channels, false));
    }
}
