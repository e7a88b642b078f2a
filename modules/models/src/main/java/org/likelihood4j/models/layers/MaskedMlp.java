package org.likelihood4j.models.layers;

import java.util.ArrayList;
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
 * A chain of dense layers in which what is put out for column i sees only the columns before i (MADE,
 * Germain et al. 2015): {@code [N, D + C]} to {@code [N, p D]}, p numbers for each of D columns, the
 * first of all columns, then the second. The C further columns of the input are seen by all.
 *
 * <p>Every unit has a degree, the last column that it may see, from 1: an input column its own, what
 * all may see 0; hidden units share the degrees among them evenly, in order. A weight counts where the
 * unit behind it has at least the degree of the unit before it, and at the output where it has more;
 * all others are masked by a constant of zeros and ones, and never learn.
 */
public final class MaskedMlp implements Layer {
    /**
     * A kind of such networks.
     *
     * @param columns D
     * @param inside hidden layers, of which each should have at least D units: with fewer, columns must share
     */
    public record Shape(int columns, Mlp.Hidden inside) implements LayerFactory {
        public Shape {
            if (columns < 1) {
                throw new IllegalArgumentException("columns must be at least 1, were " + columns);
            }
        }

        @Override
        public MaskedMlp create(ParameterPath path, EventShape in, EventShape out) {
            return new MaskedMlp(columns, inside.create(path, in, out));
        }

        @Override
        public MaskedMlp startingAtZero(ParameterPath path, EventShape in, EventShape out) {
            return new MaskedMlp(columns, inside.startingAtZero(path, in, out));
        }
    }

    private final Mlp mlp;
    /** Of the input, of each hidden layer, of the output. */
    private final List<int[]> degrees = new ArrayList<>();

    private MaskedMlp(int columns, Mlp mlp) {
        int in = mlp.inputShape().size();
        int out = mlp.outputShape().size();
        if (in < columns || out % columns != 0) {
            throw new IllegalArgumentException("a masked network of " + columns
                    + " columns takes at least these and makes a multiple of them, not " + in + " and " + out);
        }
        this.mlp = mlp;
        // Without anything that all may see a unit of degree 0 would see nothing.
        int lowest = in > columns ? 0 : 1;
        int count = Math.max(1, columns - lowest);
        degrees.add(degrees(in, i -> i < columns ? i + 1 : 0));
        for (Dense layer : mlp.layers().subList(0, mlp.layers().size() - 1)) {
            int width = layer.outputShape().size();
            degrees.add(degrees(width, k -> lowest + Math.toIntExact((long) k * count / width)));
        }
        degrees.add(degrees(out, i -> i % columns + 1));
    }

    private static int[] degrees(int units, IntUnaryOperator degree) {
        int[] degrees = new int[units];
        Arrays.setAll(degrees, degree);
        return degrees;
    }

    @Override
    public EventShape inputShape() {
        return mlp.inputShape();
    }

    @Override
    public EventShape outputShape() {
        return mlp.outputShape();
    }

    @Override
    public List<Parameter> parameters() {
        return mlp.parameters();
    }

    @Override
    public Optional<Parameter> outputBias() {
        return mlp.outputBias();
    }

    @Override
    public SDVariable apply(GraphBuilder g, SDVariable x) {
        for (int i = 0; i < mlp.layers().size(); i++) {
            x = mlp.layers().get(i).masked(g, x, g.sameDiff().constant(mask(g, i)));
        }
        return x;
    }

    /** {@code [in, out]} of a layer. */
    private INDArray mask(GraphBuilder g, int layer) {
        int[] in = degrees.get(layer);
        int[] out = degrees.get(layer + 1);
        boolean strict = layer == mlp.layers().size() - 1;
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
