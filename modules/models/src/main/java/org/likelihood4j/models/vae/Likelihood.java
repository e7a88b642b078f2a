package org.likelihood4j.models.vae;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.densities.Bernoulli;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.nd4j.autodiff.samediff.SDVariable;

/** p(x|z) of the Gaussian VAE: how the stored data become x, and the density of x given the decoder's output. */
public sealed interface Likelihood {
    /** Largest value of an 8-bit pixel. */
    double WHITE = 255;

    /** x {@code [N, D]} from the stored data {@code [N, D]}, declaring whatever noise that takes. */
    SDVariable observe(GraphBuilder g, SDVariable data, int dimension);

    /** p(x|z) for the decoder's output {@code [N, D]}. */
    Density density(GraphBuilder g, SDVariable output, int dimension);

    /** x {@code [N, D]} as data are shown: intensities in [0, 1], or rows in their own units. */
    default SDVariable shown(GraphBuilder g, SDVariable x) {
        return x;
    }

    /** The mean of p(x|z), as data are shown {@code [N, D]}. */
    SDVariable mean(GraphBuilder g, SDVariable output);

    /** What is shown as a draw of the model: for images, by custom, the mean of p(x|z) and not a draw of it. */
    default SDVariable draw(GraphBuilder g, SDVariable output, int dimension) {
        return mean(g, output);
    }

    /** What the initialisation averages over the training data, {@code [N, D]}: intensities, or the rows themselves. */
    default SDVariable statistic(SDVariable data) {
        return data.div(WHITE);
    }

    /**
     * The initial values of the decoder's output bias, and of the buffers, from the statistic's mean and variance ({@code [D]}): the
     * mean of p(x|z) becomes the training mean.
     */
    default Map<String, double[]> initial(String outputBias, double[] mean, double[] variance) {
        return Map.of(outputBias, outputBias(mean));
    }

    /** The decoder's output bias for which the mean of p(x|z) is that of the statistic, {@code [D]}. */
    double[] outputBias(double[] mean);

    /** Statistics of the data that are part of the likelihood. */
    default List<Parameter> buffers() {
        return List.of();
    }

    /** Whether p(x|z) is a distribution of x, so that its log may be called a log-likelihood. */
    boolean isLikelihood();

    /** Whether the stored data are 8-bit pixels, not real numbers. */
    default boolean ofPixels() {
        return true;
    }

    /** Bernoulli pixels, {@code P(x = 1|z) = sigmoid(output)}. */
    record BernoulliPixels(Binarization binarization) implements Likelihood {
        @Override
        public SDVariable observe(GraphBuilder g, SDVariable pixels, int dimension) {
            if (binarization == Binarization.NONE) {
                return pixels.div(WHITE);
            }
            Renewal renewal = binarization == Binarization.STATIC ? Renewal.NEVER : Renewal.EPOCH;
            SDVariable uniform =
                    g.input(new FunctionInput.NoiseInput("binarization", dimension, Noise.UNIFORM, renewal));
            return g.sameDiff().lt(uniform.mul(WHITE), pixels).castTo(g.type());
        }

        @Override
        public Density density(GraphBuilder g, SDVariable output, int dimension) {
            return new Bernoulli(g, dimension, output);
        }

        @Override
        public SDVariable mean(GraphBuilder g, SDVariable output) {
            return g.sameDiff().nn().sigmoid(output);
        }

        /** {@code logit(clip(mean, 0.001, 0.999))}: pixels that are never on would else start at minus infinity. */
        @Override
        public double[] outputBias(double[] meanIntensity) {
            return Arrays.stream(meanIntensity)
                    .map(mean -> Math.min(Math.max(mean, 0.001), 0.999))
                    .map(mean -> Math.log(mean) - Math.log1p(-mean))
                    .toArray();
        }

        @Override
        public boolean isLikelihood() {
            return binarization != Binarization.NONE;
        }
    }

    /**
     * {@code x = pixel/255 ~ N(output, sigma^2)}, independent pixels. Log-densities are those of x, that is, of intensities in
     * [0, 1], not of the integers.
     */
    record GaussianPixels(double sigma) implements Likelihood {
        public GaussianPixels {
            if (!(sigma > 0) || Double.isInfinite(sigma)) {
                throw new IllegalArgumentException("sigma must be above 0 and finite, was " + sigma);
            }
        }

        @Override
        public SDVariable observe(GraphBuilder g, SDVariable pixels, int dimension) {
            return pixels.div(WHITE);
        }

        @Override
        public Density density(GraphBuilder g, SDVariable output, int dimension) {
            SDVariable logVariance = g.sameDiff().zerosLike(output).add(2 * Math.log(sigma));
            return new DiagonalGaussian(g, dimension, output, logVariance);
        }

        @Override
        public SDVariable mean(GraphBuilder g, SDVariable output) {
            return output;
        }

        @Override
        public double[] outputBias(double[] meanIntensity) {
            return meanIntensity.clone();
        }

        @Override
        public boolean isLikelihood() {
            return true;
        }
    }

    /**
     * Rows of real numbers: standardised, {@code x ~ N(output, sigma^2)}, independent columns. Log-densities are those of the
     * stored rows in their own units, for which the log-determinant of the standardisation is added.
     *
     * @param standardization of the D columns; its buffers become part of the model
     * @param sigma in standard deviations of a column
     */
    record GaussianReals(Standardization standardization, double sigma) implements Likelihood {
        public GaussianReals {
            if (!(sigma > 0) || Double.isInfinite(sigma)) {
                throw new IllegalArgumentException("sigma must be above 0 and finite, was " + sigma);
            }
        }

        @Override
        public SDVariable observe(GraphBuilder g, SDVariable data, int dimension) {
            return standardization.forward(g, data).value();
        }

        @Override
        public Density density(GraphBuilder g, SDVariable output, int dimension) {
            return new OwnUnits(g, standardization, new GaussianPixels(sigma).density(g, output, dimension));
        }

        /** A density of standardised rows, whose log counts in the rows' own units. */
        private record OwnUnits(GraphBuilder g, Standardization standardization, Density standardized)
                implements Density {
            @Override
            public int size() {
                return standardized.size();
            }

            /** The log-determinant is the same at every x. */
            @Override
            public SDVariable logProb(SDVariable x) {
                return standardized.logProb(x).add(standardization.forward(g, x).logDet());
            }

            @Override
            public SDVariable sample(SDVariable noise) {
                return standardized.sample(noise);
            }
        }

        @Override
        public SDVariable shown(GraphBuilder g, SDVariable x) {
            return standardization.inverse(g, x).value();
        }

        @Override
        public SDVariable mean(GraphBuilder g, SDVariable output) {
            return shown(g, output);
        }

        /** A draw of p(x|z): the mean alone would not have the model's density. */
        @Override
        public SDVariable draw(GraphBuilder g, SDVariable output, int dimension) {
            SDVariable noise =
                    g.input(new FunctionInput.NoiseInput("observation", dimension, Noise.NORMAL, Renewal.DRAW));
            return shown(g, density(g, output, dimension).sample(noise));
        }

        @Override
        public SDVariable statistic(SDVariable data) {
            return data;
        }

        @Override
        public Map<String, double[]> initial(String outputBias, double[] mean, double[] variance) {
            return standardization.values(mean, variance);
        }

        /** Standardised columns have the mean 0. */
        @Override
        public double[] outputBias(double[] mean) {
            return new double[mean.length];
        }

        @Override
        public List<Parameter> buffers() {
            return standardization.buffers();
        }

        @Override
        public boolean isLikelihood() {
            return true;
        }

        @Override
        public boolean ofPixels() {
            return false;
        }
    }
}
