package org.likelihood4j.inference.export.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.PortableProgram.Extent;
import org.likelihood4j.engine.plan.PortableProgram.Operation.Convolution;
import org.likelihood4j.inference.export.onnx.OnnxGraph.Attribute;

/**
 * Convolutions of images whose channels are last. In float32 they are ONNX's own, whose channels are first; of float64 ONNX Runtime has none on
 * CPUs, so that there they are what a convolution is: a product of patches with the weights.
 */
final class OnnxConvolutions {
    private final OnnxGraph graph;
    private final OnnxShapes shapes;

    OnnxConvolutions(OnnxGraph graph, OnnxShapes shapes) {
        this.graph = graph;
        this.shapes = shapes;
    }

    String convolved(Convolution convolution, String x, String weights) {
        boolean transposed = convolution.direction() == Direction.DATA;
        ConvolutionShape shape = convolution.shape();
        if (graph.isWide()) {
            return transposed
                    ? scattered(shape, convolution.images(), x, weights)
                    : gathered(shape, convolution.images(), x, weights);
        }
        return transposed
                ? turned(shape, convolution.images(), x, weights)
                : plain(shape, convolution.images(), x, weights);
    }

    // ---- channels first
    // ------------------------------------------------------------------------------------------------

    private String plain(ConvolutionShape s, Extent images, String x, String weights) {
        String image = shapes.reshape(x, images, fixed(s.height()), fixed(s.width()), fixed(s.in()));
        int bottom = Math.min(s.bottom(), 0);
        int right = Math.min(s.right(), 0);
        if (bottom < 0 || right < 0) {
            // Rows and columns that no pixel reads; with them there might be more pixels.
            image = graph.node(
                    "Slice",
                    List.of(
                            image,
                            graph.integers(0, 0),
                            graph.integers(s.height() + bottom, s.width() + right),
                            graph.integers(1, 2)));
        }
        String made = graph.node(
                "Conv",
                List.of(first(image), kernel(s, weights)),
                Attribute.integers("kernel_shape", s.kernelHeight(), s.kernelWidth()),
                Attribute.integers("strides", s.strideDown(), s.strideAcross()),
                pads(s));
        return shapes.reshape(last(made), times(images, s.outHeight() * s.outWidth()), fixed(s.out()));
    }

    private String turned(ConvolutionShape s, Extent images, String y, String weights) {
        String image = shapes.reshape(y, images, fixed(s.outHeight()), fixed(s.outWidth()), fixed(s.out()));
        String made = graph.node(
                "ConvTranspose",
                List.of(first(image), kernel(s, weights)),
                Attribute.integers("kernel_shape", s.kernelHeight(), s.kernelWidth()),
                Attribute.integers("strides", s.strideDown(), s.strideAcross()),
                pads(s));
        if (s.bottom() < 0 || s.right() < 0) {
            // Of what no pixel has read there are zeros.
            made = graph.node(
                    "Pad",
                    List.of(made, graph.integers(0, 0, 0, 0, 0, 0, Math.max(-s.bottom(), 0), Math.max(-s.right(), 0))));
        }
        return shapes.reshape(last(made), times(images, s.height() * s.width()), fixed(s.in()));
    }

    private static Attribute pads(ConvolutionShape s) {
        return Attribute.integers("pads", s.top(), s.left(), Math.max(s.bottom(), 0), Math.max(s.right(), 0));
    }

    private String first(String image) {
        return graph.node("Transpose", List.of(image), Attribute.integers("perm", 0, 3, 1, 2));
    }

    private String last(String image) {
        return graph.node("Transpose", List.of(image), Attribute.integers("perm", 0, 2, 3, 1));
    }

    /** {@code [out, in, height, width]}, which is what both operations want. */
    private String kernel(ConvolutionShape s, String weights) {
        String kernel =
                shapes.reshape(weights, fixed(s.kernelHeight()), fixed(s.kernelWidth()), fixed(s.in()), fixed(s.out()));
        return graph.node("Transpose", List.of(kernel), Attribute.integers("perm", 3, 2, 0, 1));
    }

    // ---- patches
    // -------------------------------------------------------------------------------------------------------

    private String gathered(ConvolutionShape s, Extent images, String x, String weights) {
        int pixels = s.height() * s.width();
        int places = s.kernelHeight() * s.kernelWidth();
        int made = s.outHeight() * s.outWidth();
        long[] read = new long[made * places];
        Arrays.fill(read, pixels);
        each(s, (pixel, patch) -> read[patch] = pixel);
        String patches = taken(shapes.reshape(x, images, fixed(pixels), fixed(s.in())), read);
        return graph.product(
                shapes.reshape(patches, times(images, made), fixed(places * s.in())), weights, false, false);
    }

    private String scattered(ConvolutionShape s, Extent images, String y, String weights) {
        int pixels = s.height() * s.width();
        int patches = s.outHeight() * s.outWidth() * s.kernelHeight() * s.kernelWidth();
        List<List<Integer>> parts = new ArrayList<>();
        for (int pixel = 0; pixel < pixels; pixel++) {
            parts.add(new ArrayList<>());
        }
        each(s, (pixel, patch) -> parts.get(pixel).add(patch));
        int most = Math.max(1, parts.stream().mapToInt(List::size).max().orElse(1));
        long[] read = new long[pixels * most];
        Arrays.fill(read, patches);
        for (int pixel = 0; pixel < pixels; pixel++) {
            for (int part = 0; part < parts.get(pixel).size(); part++) {
                read[pixel * most + part] = parts.get(pixel).get(part);
            }
        }
        String product = graph.product(y, weights, false, true);
        String terms = taken(shapes.reshape(product, images, fixed(patches), fixed(s.in())), read);
        String apart = shapes.reshape(terms, times(images, pixels), fixed(most), fixed(s.in()));
        return graph.node("ReduceSum", List.of(apart, graph.integers(1)), Attribute.integer("keepdims", 0));
    }

    /** The rows of each image at places, of which the one behind the last is zeros. */
    private String taken(String images, long[] places) {
        String padded = graph.node("Pad", List.of(images, graph.integers(0, 0, 0, 0, 1, 0)));
        return graph.node("Gather", List.of(padded, graph.integers(places)), Attribute.integer("axis", 1));
    }

    private interface Link {
        void of(int pixel, int patch);
    }

    /** Every pixel of x at every place of a patch that reads it; a patch has a place for each of the kernel. */
    private static void each(ConvolutionShape s, Link link) {
        int patch = 0;
        for (int i = 0; i < s.outHeight(); i++) {
            for (int j = 0; j < s.outWidth(); j++) {
                for (int a = 0; a < s.kernelHeight(); a++) {
                    for (int b = 0; b < s.kernelWidth(); b++) {
                        int row = i * s.strideDown() - s.top() + a;
                        int column = j * s.strideAcross() - s.left() + b;
                        if (row >= 0 && row < s.height() && column >= 0 && column < s.width()) {
                            link.of(row * s.width() + column, patch);
                        }
                        patch++;
                    }
                }
            }
        }
    }

    private static Extent fixed(int size) {
        return new Extent(size, false);
    }

    private static Extent times(Extent extent, int times) {
        return new Extent(Math.multiplyExact(extent.size(), times), extent.perExample());
    }
}
