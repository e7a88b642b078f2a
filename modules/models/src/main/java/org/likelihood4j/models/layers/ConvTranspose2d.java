package org.likelihood4j.models.layers;

import java.util.List;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Initializer;
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
public final class ConvTranspose2d extends Convolution {
    private final Window window;

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
        super(
                path,
                in,
                window.enlarged(in, channels),
                List.of((long) window.size(), (long) window.size(), (long) channels, (long) in.channels()),
                activation,
                weights);
        this.window = window;
    }

    private static Initializer weights(Activation activation, FeatureMap in, int channels, Window window) {
        long steps = (long) window.stride() * window.stride();
        long seen = Math.max(1, window.area() / steps);
        return activation.weights(seen * in.channels(), seen * channels);
    }

    @Override
    SDVariable linear(GraphBuilder g, SDVariable x, SDVariable weights) {
        return g.sameDiff()
                .cnn()
                .deconv2d(images(x), weights, config())
                .reshape(-1, outputShape().channels());
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
