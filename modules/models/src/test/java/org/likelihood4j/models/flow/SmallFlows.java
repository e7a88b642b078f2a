package org.likelihood4j.models.flow;

import java.util.List;
import java.util.Map;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.linalg.api.buffer.DataType;

/** Flows of a few pixels in float64, and their encoders. */
final class SmallFlows {
    static final int LEVELS = 16;
    static final double ALPHA = 0.02;
    static final Mlp.Hidden HIDDEN = new Mlp.Hidden(List.of(3), Activation.TANH);

    private SmallFlows() {}

    static Flow flow(HalfOrder order, int channels, int height, int width) {
        return new Flow(new Flow.Options(
                new PixelData(EventShape.image(height, width, channels), LEVELS, order, ALPHA, 1e-3),
                3,
                HIDDEN,
                new DerivedAffineFamily(1.5),
                DataType.DOUBLE));
    }

    /** Of images of 4 x 4 pixels: checkerboards, channels, and what is left of them at one place. */
    static Flow multiscale(boolean norms, boolean mixing, boolean learnedBase) {
        ConvNet.Shape net = new ConvNet.Shape(ConvNet.Block.RESIDUAL, 2, 1);
        return new Flow(new Flow.Options(
                new PixelData(EventShape.image(4, 4, 1), LEVELS, HalfOrder.CHECKERBOARD, ALPHA, 1e-3),
                new MultiscaleArchitecture(
                        List.of(
                                new MultiscaleArchitecture.Scale(0, 2, net),
                                new MultiscaleArchitecture.Scale(1, 1, net),
                                new MultiscaleArchitecture.Scale(2, 0, net)),
                        new DerivedAffineFamily(1),
                        norms,
                        mixing,
                        learnedBase,
                        0.5),
                DataType.DOUBLE));
    }

    static double[][] encode(Flow flow, Map<String, double[]> values, double[][] dequantized) {
        return BoundGraph.matrix(Functions.only(
                flow.encode(),
                values,
                Map.of(
                        "pixels", Functions.array(dequantized),
                        "dequantization_noise",
                                Functions.array(new double[dequantized.length][dequantized[0].length]))));
    }
}
