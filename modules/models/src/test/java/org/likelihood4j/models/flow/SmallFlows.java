package org.likelihood4j.models.flow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.bijectors.coupling.RationalQuadraticFamily;
import org.likelihood4j.models.densities.BentGaussian;
import org.likelihood4j.models.densities.LogDensity;
import org.likelihood4j.models.densities.RoundGaussians;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.Masked;
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

    /** Of rows of two numbers, fitted to a density: derived couplings, splines between linear maps, or affine steps. */
    static Flow fitted(int kind, DataType type) {
        LogDensity two = new RoundGaussians(List.of(
                new RoundGaussians.Part(-0.5, List.of(1.0, -2.0), 0.7),
                new RoundGaussians.Part(-2, List.of(-0.5, 0.25), 1.5)));
        return switch (kind) {
            case 0 -> fitted(new FlatArchitecture(3, HIDDEN, new DerivedAffineFamily(1.5)), two, type);
            case 1 ->
                fitted(
                        // One alone: linear maps with random factors take a row so far out that a network is saturated.
                        new FlatArchitecture(
                                1, HIDDEN, new RationalQuadraticFamily(5, 20), new Mixing(Mixing.Kind.LU, 0.2)),
                        new BentGaussian(2, 0.5, 0.25),
                        type);
            default ->
                fitted(
                        new AutoregressiveArchitecture(2, new Masked(2, HIDDEN), new AffineFamily(1), Mixing.NONE),
                        two,
                        type);
        };
    }

    static Flow fitted(Architecture architecture, LogDensity target, DataType type) {
        return new Flow(new Flow.Options(
                new RowData(EventShape.row(2), HalfOrder.HALVES),
                architecture,
                Optional.empty(),
                Optional.of(target),
                type));
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
