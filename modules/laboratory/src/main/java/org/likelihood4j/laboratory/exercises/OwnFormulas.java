package org.likelihood4j.laboratory.exercises;

import java.util.function.UnaryOperator;

/**
 * Five exercises. Write a class that implements this, as many of its methods as you like, and run {@code ./run.sh verify --with MyFormulas.java}: each formula is
 * held against something that does not use it. Logarithms are natural, so information is in nats; docs/derivations.md derives all of them.
 */
public interface OwnFormulas {
    /** What an exercise does that nobody has done yet. */
    final class NotWrittenException extends UnsupportedOperationException {
        private static final long serialVersionUID = 1L;
    }

    /** 1. {@code KL(N(mu, sigma^2) || N(0, 1))}. */
    default double kl(double mu, double sigma) {
        throw new NotWrittenException();
    }

    /** 2. Its derivatives: {@code {dKL/dmu, dKL/dsigma}}. */
    default double[] klGradient(double mu, double sigma) {
        throw new NotWrittenException();
    }

    /**
     * 3. The affine coupling {@code y1 = exp(G(x2)) x1 + F(x2)}, {@code y2 = exp(s) x2}, element by element.
     *
     * @return {@code {y1, y2}}
     */
    default double[][] couple(
            double[] x1, double[] x2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
        throw new NotWrittenException();
    }

    /**
     * 3. Its inverse: F and G may be called at any place, but what x2 is must be found first.
     *
     * @return {@code {x1, x2}}
     */
    default double[][] decouple(
            double[] y1, double[] y2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
        throw new NotWrittenException();
    }

    /** 3. {@code log|det d(y1, y2)/d(x1, x2)|}. */
    default double coupleLogDet(
            double[] x1, double[] x2, UnaryOperator<double[]> f, UnaryOperator<double[]> g, double[] s) {
        throw new NotWrittenException();
    }

    /**
     * 4. Bits of one 8-bit pixel k, which was dequantised to {@code v = (k + u)/256} and seen through {@code y = logit(alpha + (1 - 2 alpha) v)}: the logarithm to
     * base 2 of 1/density of k + u.
     *
     * @param logDensity log p(y), nats
     * @param v in (0, 1)
     */
    default double bitsOfPixel(double logDensity, double v, double alpha) {
        throw new NotWrittenException();
    }

    /** 5. {@code log(1/K sum of exp(logWeights))}, whatever the size of the weights. */
    default double logMeanExp(double... logWeights) {
        throw new NotWrittenException();
    }

    /** 5. The effective sample size {@code (sum w)^2 / sum w^2} of weights given by their logarithms. */
    default double effectiveSampleSize(double... logWeights) {
        throw new NotWrittenException();
    }
}
