package org.likelihood4j.models.layers;

import java.util.List;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;

/**
 * A transposed convolution: {@code y = activation(T x + b)}, where T is the transpose of the linear
 * map that the {@link Conv2d} of the same window and weights makes of y's maps. Extents grow by the
 * stride.
 *
 * <p>{@code W [size, size, out, in]}, {@code b [out]}.
 */
public final class ConvTranspose2d implements SpatialLayer {
    /** What is kept of its output: the sum, the activation, and their gradients. */
    private static final int ARRAYS = 4;

    private final FeatureMap in;
    private final FeatureMap out;
    private final Window window;
    private final Parameter weight;
    private final Parameter bias;
    private final Activation activation;

    /**
     * A transposed convolution with the initialisation that suits its activation: each output is a
     * sum of about {@code (size / stride)^2 in} products.
     *
     * @param channels of the output
     */
    public ConvTranspose2d(ParameterPath path, FeatureMap in, int channels, Window window, Activation activation) {
        this(path, in, channels, window, activation, weights(activation, in, channels, window));
    }

    /**
     * A transposed convolution with its own initialisation.
     *
     * @param weights how W starts; the bias starts at 0
     */
    public ConvTranspose2d(
            ParameterPath path,
            FeatureMap in,
            int channels,
            Window window,
            Activation activation,
            Initializer weights) {
        this.in = in;
        this.out = window.enlarged(in, channels);
        this.window = window;
        this.activation = activation;
        this.weight = new Parameter(
                path.child("weight").prefix(),
                List.of((long) window.size(), (long) window.size(), (long) channels, (long) in.channels()),
                weights,
                true);
        this.bias = new Parameter(path.child("bias").prefix(), List.of((long) channels), Initializer.zeros(), false);
    }

    private static Initializer weights(Activation activation, FeatureMap in, int channels, Window window) {
        long steps = (long) window.stride() * window.stride();
        long seen = Math.max(1, window.area() / steps);
        return activation.weights(seen * in.channels(), seen * channels);
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
        SDVariable image = x.reshape(-1, in.height(), in.width(), in.channels());
        SDVariable sum = g.sameDiff().cnn().deconv2d(image, g.parameter(weight), config());
        return activation.apply(g, sum.reshape(-1, out.channels()).add(g.parameter(bias)));
    }

    private DeConv2DConfig config() {
        return DeConv2DConfig.builder()
                .kH(window.size())
                .kW(window.size())
                .sH(window.stride())
                .sW(window.stride())
                .isSameMode(true)
                .dataFormat(Conv2DConfig.NHWC)
                .build();
    }
}
