package org.likelihood4j.models.vae.likelihood;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Where the standard deviation of {@code x ~ N(mean, sigma^2)} comes from. A learned one is at least
 * {@link #SMALLEST}: a number that is the same in all data would else have a density without bound.
 */
public enum LearnedSigma {
    /** It is what it was set to. */
    NONE,
    /** One number for all, trained with the networks. */
    ONE {
        @Override
        List<Parameter> parameters(double start) {
            return List.of(parameter(start));
        }

        @Override
        DiagonalGaussian around(GraphBuilder g, EventShape shape, SDVariable output, double start) {
            SDVariable zeros = g.sameDiff().zerosLike(output);
            SDVariable logSigma = g.parameter(parameter(start));
            return new DiagonalGaussian(
                    g, shape, output, bounded(zeros.add(logSigma).mul(2)));
        }

        private static Parameter parameter(double start) {
            return new Parameter(
                    Likelihood.PATH.child("logSigma").prefix(),
                    List.of(1L),
                    new Initializer.Constant(Math.log(start)),
                    false);
        }
    },
    /** One for each number of an example, which the decoder puts out behind the means. */
    EACH {
        @Override
        EventShape outputShape(EventShape shape) {
            return shape instanceof EventShape.Image image
                    ? EventShape.image(image.height(), image.width(), Math.multiplyExact(2, image.channels()))
                    : EventShape.row(Math.multiplyExact(2, shape.size()));
        }

        @Override
        SDVariable mean(SDVariable output, EventShape shape) {
            return StableOps.columns(output, 0, shape.size());
        }

        @Override
        DiagonalGaussian around(GraphBuilder g, EventShape shape, SDVariable output, double start) {
            SDVariable logVariance = StableOps.columns(output, shape.size(), 2 * shape.size());
            return new DiagonalGaussian(g, shape, mean(output, shape), bounded(logVariance));
        }

        @Override
        double[] outputBias(double[] mean, double start) {
            double[] logVariance = new double[mean.length];
            Arrays.fill(logVariance, 2 * Math.log(start));
            return DoubleStream.concat(Arrays.stream(mean), Arrays.stream(logVariance))
                    .toArray();
        }
    };

    /** Half a grey level of 255, or 1/510 of a column's deviation. */
    public static final double SMALLEST = 1.0 / 510;

    List<Parameter> parameters(double start) {
        return List.of();
    }

    EventShape outputShape(EventShape shape) {
        return shape;
    }

    SDVariable mean(SDVariable output, EventShape shape) {
        return output;
    }

    /** The density for the decoder's output; {@code start} is sigma itself where none is learned. */
    DiagonalGaussian around(GraphBuilder g, EventShape shape, SDVariable output, double start) {
        return DiagonalGaussian.around(g, shape, output, start);
    }

    /** The decoder's output bias for these means and the first sigma. */
    double[] outputBias(double[] mean, double start) {
        return mean.clone();
    }

    /** A learned log-variance of standardised numbers. */
    static SDVariable bounded(SDVariable logVariance) {
        return StableOps.clamp(logVariance, 2 * Math.log(SMALLEST), DiagonalGaussian.LARGEST_LOG_VARIANCE);
    }
}
