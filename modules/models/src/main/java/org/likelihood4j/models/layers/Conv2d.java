package org.likelihood4j.models.layers;

import java.util.List;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;

/**
 * A convolution: {@code y = activation(x * W + b)} with zeros beyond the border,
 *
 * <pre>
 * (x * W)[r, c, o] = sum over i, j and channels k of x[r stride + i - before, c stride + j - before, k] W[i, j, k, o]
 * before           = floor(max((H' - 1) stride + size - H, 0) / 2), and alike for columns
 * </pre>
 *
 * with {@code W [size, size, in, out]}, {@code b [out]} and H' = ceil(H / stride). A 1x1 convolution
 * is a product at each place.
 */
public final class Conv2d implements SpatialLayer {
    /** What is kept of its output: the sum, the activation, and their gradients. */
    private static final int ARRAYS = 4;

    private final FeatureMap in;
    private final FeatureMap out;
    private final Window window;
    private final Parameter weight;
    private final Parameter bias;
    private final Activation activation;

    /**
     * A convolution with the initialisation that suits its activation: each output is a sum of
     * {@code size^2 in} products.
     *
     * @param channels of the output
     */
    public Conv2d(ParameterPath path, FeatureMap in, int channels, Window window, Activation activation) {
        this(path, in, channels, window, activation, weights(activation, in, channels, window));
    }

    /**
     * A convolution with its own initialisation.
     *
     * @param weights how W starts; the bias starts at 0
     */
    public Conv2d(
            ParameterPath path,
            FeatureMap in,
            int channels,
            Window window,
            Activation activation,
            Initializer weights) {
        this.in = in;
        this.out = window.reduced(in, channels);
        this.window = window;
        this.activation = activation;
        this.weight = new Parameter(
                path.child("weight").prefix(),
                List.of((long) window.size(), (long) window.size(), (long) in.channels(), (long) channels),
                weights,
                true);
        this.bias = new Parameter(path.child("bias").prefix(), List.of((long) channels), Initializer.zeros(), false);
    }

    /** How the weights of an activation start, the window's places counted. */
    static Initializer weights(Activation activation, FeatureMap in, int channels, Window window) {
        return activation.weights((long) window.area() * in.channels(), (long) window.area() * channels);
    }

    @Override
    public FeatureMap inputShape() {
        return in;
    }

    @Override
    public FeatureMap outputShape() {
        return out;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight, bias);
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(ARRAYS, out.size());
    }

    @Override
    public SDVariable applyToPlaces(GraphBuilder g, SDVariable x) {
        return activation.apply(g, convolved(g, x).add(g.parameter(bias)));
    }

    private SDVariable convolved(GraphBuilder g, SDVariable x) {
        SDVariable w = g.parameter(weight);
        if (window.isPoint()) {
            return x.mmul(w.reshape(in.channels(), out.channels()));
        }
        SDVariable image = x.reshape(-1, in.height(), in.width(), in.channels());
        return g.sameDiff().cnn().conv2d(image, w, config()).reshape(-1, out.channels());
    }

    private Conv2DConfig config() {
        return Conv2DConfig.builder()
                .kH(window.size())
                .kW(window.size())
                .sH(window.stride())
                .sW(window.stride())
                .paddingMode(PaddingMode.SAME)
                .dataFormat(Conv2DConfig.NHWC)
                .weightsFormat(WeightsFormat.YXIO)
                .build();
    }
}
