package org.likelihood4j.models.layers;

import java.util.List;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Initializer;
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
public final class Conv2d extends Convolution {
    private final Window window;

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
        super(
                path,
                in,
                window.reduced(in, channels),
                List.of((long) window.size(), (long) window.size(), (long) in.channels(), (long) channels),
                activation,
                weights);
        this.window = window;
    }

    /** How the weights of an activation start, the window's places counted. */
    static Initializer weights(Activation activation, FeatureMap in, int channels, Window window) {
        return activation.weights((long) window.area() * in.channels(), (long) window.area() * channels);
    }

    @Override
    SDVariable linear(GraphBuilder g, SDVariable x, SDVariable weights) {
        int channels = outputShape().channels();
        return window.isPoint()
                ? x.mmul(weights.reshape(inputShape().channels(), channels))
                : g.sameDiff().cnn().conv2d(images(x), weights, config()).reshape(-1, channels);
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
