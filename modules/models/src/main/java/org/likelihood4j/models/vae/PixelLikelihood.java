package org.likelihood4j.models.vae;

import java.util.Arrays;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.Bernoulli;
import org.likelihood4j.models.densities.Density;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.nd4j.autodiff.samediff.SDVariable;

/** p(x|z) of the Gaussian VAE: how the stored pixels become x, and the density of x given the decoder's output. */
public sealed interface PixelLikelihood {
    /** Largest value of an 8-bit pixel. */
    double WHITE = 255;

    /** x {@code [N, D]} from the stored pixels {@code [N, D]}, declaring whatever noise that takes. */
    SDVariable observe(GraphBuilder g, SDVariable pixels, int dimension);

    /** p(x|z) for the decoder's output {@code [N, D]}. */
    Density density(GraphBuilder g, SDVariable output, int dimension);

    /** The mean of p(x|z), as intensities {@code [N, D]}. */
    SDVariable mean(GraphBuilder g, SDVariable output);

    /** The decoder's output bias for which the mean of p(x|z) is the training mean (intensities, {@code [D]}). */
    double[] outputBias(double[] meanIntensity);

    /** Whether p(x|z) is a distribution of x, so that its log may be called a log-likelihood. */
    boolean isLikelihood();

    /** Bernoulli pixels, {@code P(x = 1|z) = sigmoid(output)}. */
    record BernoulliPixels(Binarization binarization) implements PixelLikelihood {
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
    record GaussianPixels(double sigma) implements PixelLikelihood {
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
}
