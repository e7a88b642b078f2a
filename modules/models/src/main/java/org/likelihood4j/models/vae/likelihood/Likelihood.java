package org.likelihood4j.models.vae.likelihood;

import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * p(x|z) of the Gaussian VAE: how the stored data become x, and the density of x given the
 * decoder's output. Data and x are events {@code [N, size]} of one shape, and the output too where it
 * is not said otherwise ({@link #observedShape}, {@link #outputShape}).
 */
public sealed interface Likelihood
        permits BernoulliPixels, GaussianPixels, GaussianRows, LogisticMixturePixels, MixedRows {
    /** Of what it learns itself. */
    ParameterPath PATH = ParameterPath.root().child("likelihood");

    /** Largest value of an 8-bit pixel. */
    double WHITE = 255;

    /** What x is of data of a shape. */
    default EventShape observedShape(EventShape shape) {
        return shape;
    }

    /** What the decoder has to make for data of a shape. */
    default EventShape outputShape(EventShape shape) {
        return shape;
    }

    /** x from the stored data, declaring whatever noise that takes. */
    SDVariable observe(GraphBuilder g, SDVariable data, EventShape shape);

    /** p(x|z) for the decoder's output. */
    Density density(GraphBuilder g, SDVariable output, EventShape shape);

    /** x as data are shown: intensities in [0, 1], or rows in their own units. */
    default SDVariable shown(GraphBuilder g, SDVariable x) {
        return x;
    }

    /** The mean of p(x|z), as data are shown. */
    SDVariable mean(GraphBuilder g, SDVariable output, EventShape shape);

    /**
     * What is shown as a draw of the model: for images, by custom, the mean of p(x|z) and not a
     * draw of it.
     */
    default SDVariable draw(GraphBuilder g, SDVariable output, EventShape shape) {
        return mean(g, output, shape);
    }

    /** The distribution of the noise that draws pixels. */
    default Noise pixelNoise() {
        return Noise.UNIFORM;
    }

    /** Data as they are stored, drawn from p(x|z): what {@link #observe} makes the drawn x of. */
    default SDVariable stored(GraphBuilder g, SDVariable output, EventShape shape) {
        return ofPixels()
                ? density(g, output, shape)
                        .sample(g.input(new FunctionInput.NoiseInput("observation", shape, pixelNoise(), Renewal.DRAW)))
                        .mul(WHITE)
                : draw(g, output, shape);
    }

    /**
     * What the initialisation averages over the training data, of the shape of x: intensities, or the rows on the real line.
     */
    default SDVariable statistic(GraphBuilder g, SDVariable data) {
        return data.div(WHITE);
    }

    /**
     * The initial values of the decoder's output bias, and of the buffers, from the statistic's
     * mean and variance (each of the size of x): the mean of p(x|z) becomes the training mean.
     *
     * @param outputBias the bias's name
     * @param shape of the data
     */
    Map<String, double[]> initial(String outputBias, EventShape shape, double[] mean, double[] variance);

    /** What is trained of the likelihood itself. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** Statistics of the data that are part of the likelihood. */
    default List<Parameter> buffers() {
        return List.of();
    }

    /** Whether p(x|z) is that of the cells that are there, of data of which some may be missing. */
    default boolean leavesOut() {
        return false;
    }

    /** Whether p(x|z) is a distribution of x, so that its log may be called a log-likelihood. */
    boolean isLikelihood();

    /** Of what its log is the log, for people, where that is neither plainly a density nor a probability; else empty. */
    default String measure() {
        return "";
    }

    /** Whether p(x|z) is a probability of the stored integers, so that bits of the data can be told. */
    default boolean ofIntegers() {
        return false;
    }

    /** Whether p(x|z) is a probability of pixels that were made 0 or 1. */
    default boolean ofBinaryPixels() {
        return false;
    }

    /** Whether the stored data are 8-bit pixels, not real numbers. */
    default boolean ofPixels() {
        return true;
    }
}
