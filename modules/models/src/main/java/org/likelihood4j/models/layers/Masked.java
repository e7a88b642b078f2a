package org.likelihood4j.models.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks of dense layers in which what is put out for column i sees only the columns before i (MADE,
 * Germain et al. 2015): {@code [N, D + C]} to {@code [N, p D]}, p numbers for each of D columns, the
 * first of all columns, then the second. The C further columns of the input are seen by all.
 *
 * <p>Every unit has a degree, the last column that it may see, from 1: an input column its own, what
 * all may see 0; hidden units share the degrees among them evenly, in order. A weight counts where the
 * unit behind it has at least the degree of the unit before it, and at the output where it has more;
 * all others are masked by a constant of zeros and ones, and never learn. Hidden layers of the same width
 * have the same degrees, so that ways around some of them are no ways around the masks.
 *
 * @param columns D
 * @param inside hidden layers, of which each should have at least D units: with fewer, columns must share
 */
public record Masked(int columns, DenseNetwork inside) implements LayerFactory {
    public Masked {
        if (columns < 1) {
            throw new IllegalArgumentException("columns must be at least 1, were " + columns);
        }
    }

    @Override
    public Layer create(ParameterPath path, EventShape in, EventShape out) {
        return inside.create(path, in, out, false, masks(in, out));
    }

    @Override
    public Layer startingAtZero(ParameterPath path, EventShape in, EventShape out) {
        return inside.create(path, in, out, true, masks(in, out));
    }

    private DenseKind masks(EventShape in, EventShape out) {
        if (in.size() < columns || out.size() % columns != 0) {
            throw new IllegalArgumentException("a masked network of " + columns
                    + " columns takes at least these and makes a multiple of them, not " + in + " and " + out);
        }
        boolean told = in.size() > columns;
        return (layer, from, to) -> new MaskedDense(
                layer,
                degrees(from, layer.inputShape().size(), columns, told),
                degrees(to, layer.outputShape().size(), columns, told),
                to == DenseKind.Units.OUTPUT);
    }

    /**
     * The degrees of units.
     *
     * @param count of the units
     * @param columns D
     * @param told whether there is something that all may see
     */
    public static int[] degrees(DenseKind.Units units, int count, int columns, boolean told) {
        // Without anything that all may see a unit of degree 0 would see nothing.
        int lowest = told ? 0 : 1;
        int shared = Math.max(1, columns - lowest);
        IntUnaryOperator degree = switch (units) {
            case INPUT -> i -> i < columns ? i + 1 : 0;
            case HIDDEN -> k -> lowest + Math.toIntExact((long) k * shared / count);
            case OUTPUT -> i -> i % columns + 1;
        };
        int[] degrees = new int[count];
        Arrays.setAll(degrees, degree);
        return degrees;
    }

    /** A layer between units of these degrees. */
    private static final class MaskedDense implements Layer {
        private final Dense layer;
        private final int[] in;
        private final int[] out;
        private final boolean strict;

        MaskedDense(Dense layer, int[] in, int[] out, boolean strict) {
            this.layer = layer;
            this.in = in;
            this.out = out;
            this.strict = strict;
        }

        @Override
        public EventShape inputShape() {
            return layer.inputShape();
        }

        @Override
        public EventShape outputShape() {
            return layer.outputShape();
        }

        @Override
        public List<Parameter> parameters() {
            return layer.parameters();
        }

        @Override
        public Optional<Parameter> outputBias() {
            return layer.outputBias();
        }

        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            return layer.masked(g, x, g.sameDiff().constant(mask(g)));
        }

        /** {@code [in, out]}. */
        private INDArray mask(GraphBuilder g) {
            INDArray mask = Nd4j.zeros(g.type(), in.length, out.length);
            for (int i = 0; i < in.length; i++) {
                for (int j = 0; j < out.length; j++) {
                    if (strict ? out[j] > in[i] : out[j] >= in[i]) {
                        mask.putScalar(i, j, 1);
                    }
                }
            }
            return mask;
        }
    }
}
