package org.likelihood4j.engine.planning;

import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Graph.Operation;

/**
 * Convolutions of images with their channels last, plain and transposed, and their gradients. A transposed convolution is the gradient
 * of a plain one with respect to its images, so that its own gradients are a plain one and one of the weights.
 */
final class ConvolutionRules {
    /** Of ND4J's integer arguments: kernel, strides, padding and dilation in both directions, and these. */
    private static final int STRIDE = 2;

    private static final int PADDING = 4;
    private static final int DILATION = 6;
    private static final int MODE = 8;
    private static final int CHANNELS_LAST = 9;
    private static final int WEIGHTS = 10;

    private static final long VALID = 0;
    private static final long SAME = 1;

    private final Operands operands;
    private final Nodes nodes;

    private ConvolutionRules(Operands operands) {
        this.operands = operands;
        this.nodes = operands.nodes();
    }

    /** By ND4J's names. */
    static Map<String, LoweringRule> of(Operands operands) {
        ConvolutionRules rules = new ConvolutionRules(operands);
        return Map.of(
                "conv2d",
                (op, output) -> rules.plain(op),
                "conv2d_bp",
                rules::plainGradient,
                "deconv2d",
                (op, output) -> rules.transposed(op),
                "deconv2d_bp",
                rules::transposedGradient);
    }

    private Node plain(Operation op) {
        ConvolutionShape shape = shape(op, 2, shapeOf(op, 0), operands.shape(op, 0));
        return shape == null ? null : nodes.convolution(shape, Direction.FORWARD, full(op, 0), full(op, 1));
    }

    private Node plainGradient(Operation op, int output) {
        ConvolutionShape shape = shape(op, 3, shapeOf(op, 0), shapeOf(op, 2));
        if (shape == null) {
            return null;
        }
        return output == 0
                ? nodes.convolution(shape, Direction.DATA, full(op, 2), full(op, 1))
                : nodes.convolution(shape, Direction.WEIGHTS, full(op, 0), full(op, 2));
    }

    private Node transposed(Operation op) {
        ConvolutionShape shape = shape(op, 2, operands.shape(op, 0), shapeOf(op, 0));
        return shape == null ? null : nodes.convolution(shape, Direction.DATA, full(op, 0), full(op, 1));
    }

    private Node transposedGradient(Operation op, int output) {
        ConvolutionShape shape = shape(op, 3, shapeOf(op, 2), shapeOf(op, 0));
        if (shape == null) {
            return null;
        }
        return output == 0
                ? nodes.convolution(shape, Direction.FORWARD, full(op, 2), full(op, 1))
                : nodes.convolution(shape, Direction.WEIGHTS, full(op, 2), full(op, 0));
    }

    private List<Long> shapeOf(Operation op, int input) {
        return op.inputs().size() > input
                ? operands.graph().variable(op.inputs().get(input)).shape()
                : List.of();
    }

    private Node full(Operation op, int input) {
        return operands.full(operands.input(op, input));
    }

    /**
     * The sizes of the plain convolution between two images, of which the first is the larger; null if the operation has a bias, or
     * other layouts, or gaps in its kernel.
     */
    private static ConvolutionShape shape(Operation op, int inputs, List<Long> from, List<Long> to) {
        List<Long> arguments = op.integers();
        boolean known = op.inputs().size() == inputs
                && arguments.size() > CHANNELS_LAST
                && arguments.get(0) > 0
                && arguments.get(1) > 0
                && arguments.get(DILATION) == 1
                && arguments.get(DILATION + 1) == 1
                && arguments.get(CHANNELS_LAST) == 1
                && (arguments.size() <= WEIGHTS || arguments.get(WEIGHTS) == 0)
                && (arguments.get(MODE) == VALID || arguments.get(MODE) == SAME);
        if (!known) {
            return null;
        }
        boolean same = arguments.get(MODE) == SAME;
        int top = padding(same, arguments, 0, from.get(1), to.get(1));
        int left = padding(same, arguments, 1, from.get(2), to.get(2));
        if (top < 0 || left < 0) {
            return null;
        }
        return new ConvolutionShape(
                Math.toIntExact(from.get(0)),
                Math.toIntExact(from.get(1)),
                Math.toIntExact(from.get(2)),
                Math.toIntExact(from.get(3)),
                Math.toIntExact(to.get(1)),
                Math.toIntExact(to.get(2)),
                Math.toIntExact(to.get(3)),
                integer(arguments, 0),
                integer(arguments, 1),
                integer(arguments, STRIDE),
                integer(arguments, STRIDE + 1),
                top,
                left);
    }

    /** Zeros before the first row or column: of an odd number of zeros, the larger half comes behind the image. */
    private static int padding(boolean same, List<Long> arguments, int direction, long from, long to) {
        if (!same) {
            return integer(arguments, PADDING + direction);
        }
        int kernel = integer(arguments, direction);
        int stride = integer(arguments, STRIDE + direction);
        return Math.toIntExact((to - 1) * stride + kernel - from) / 2;
    }

    private static int integer(List<Long> arguments, int index) {
        return Math.toIntExact(arguments.get(index));
    }
}
