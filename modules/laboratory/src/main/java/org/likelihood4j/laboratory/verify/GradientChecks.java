package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.likelihood4j.laboratory.verify.GradientForms.Form;
import org.likelihood4j.laboratory.verify.GradientForms.Gradient;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelFunction;

/**
 * The KL's gradients as the graphs' backward pass computes them, against {@link GradientForms}. The gradient with respect to
 * {@code v = log sigma^2} that the graph gives is turned into those with respect to sigma ({@code 2/sigma} times) and sigma^2
 * ({@code 1/sigma^2} times).
 *
 * <p>All forms are polynomials in eps, so that expectations and variances by Gauss-Hermite quadrature have no error but
 * rounding.
 */
final class GradientChecks {
    private static final int LATENT = 2;
    private static final int CASES = 12;
    /** Exact up to degree 9; a variance has degree 4. */
    private static final int NODES = 5;

    private static final double TOLERANCE = 1e-10;

    private GradientChecks() {}

    static Finding analytic(Formulas formulas, RandomGenerator random) {
        Samples samples = samples(formulas, KlEstimator.ANALYTIC, random);
        return pointwise(
                samples,
                formulas.gradients().analytic(),
                "analytic: mu; sigma - 1/sigma",
                "backward pass of the closed form");
    }

    static Finding full(Formulas formulas, RandomGenerator random) {
        Samples samples = samples(formulas, KlEstimator.SAMPLED, random);
        return pointwise(
                samples, formulas.gradients().full(), "sampled, full: z; z eps - 1/sigma", "backward pass at each eps");
    }

    static Finding path(Formulas formulas, RandomGenerator random) {
        Samples samples = samples(formulas, KlEstimator.PATH, random);
        return pointwise(
                samples,
                formulas.gradients().path(),
                "sampled, path: zbar; zbar eps",
                "the same, zbar = (mu - z)/sigma^2 + z");
    }

    static Finding fullMean(Formulas formulas, RandomGenerator random) {
        Samples samples = samples(formulas, KlEstimator.SAMPLED, random);
        return expectation(samples, formulas.gradients().fullMean(), "E[full] = mu; sigma - 1/sigma");
    }

    static Finding pathMean(Formulas formulas, RandomGenerator random) {
        Samples samples = samples(formulas, KlEstimator.PATH, random);
        return expectation(samples, formulas.gradients().pathMean(), "E[path] = mu; sigma - 1/sigma");
    }

    static Finding fullVariance(Formulas formulas, RandomGenerator random) {
        Samples samples = samples(formulas, KlEstimator.SAMPLED, random);
        return variance(
                samples,
                formulas.gradients().fullVariance(),
                "Var[full] = sigma^2; mu^2 + 2 sigma^2",
                "backward pass, Gauss-Hermite over eps");
    }

    static Finding pathVariance(Formulas formulas, RandomGenerator random) {
        Samples samples = samples(formulas, KlEstimator.PATH, random);
        return variance(
                samples,
                formulas.gradients().pathVariance(),
                "Var[path] = r^2; mu^2 + 2 r^2",
                "Gauss-Hermite, r = sigma - 1/sigma");
    }

    /**
     * Gradients at the points of a quadrature for every case.
     *
     * @param mu {@code [case][dimension]}
     * @param byMean {@code [case][dimension][point]}
     * @param byLogVariance the same
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Samples(
            Quadrature quadrature, double[][] mu, double[][] sigma, double[][][] byMean, double[][][] byLogVariance) {
        /** Receives one dimension's gradients with respect to one of mu, sigma and sigma^2, at every point. */
        @FunctionalInterface
        interface Sink {
            void accept(double mu, double sigma, int dimension, Form form, double... gradients);
        }

        void forEach(Gradient claim, Sink sink) {
            for (int n = 0; n < mu.length; n++) {
                for (int j = 0; j < mu[n].length; j++) {
                    double m = mu[n][j];
                    double s = sigma[n][j];
                    sink.accept(m, s, j, claim.mu(), byMean[n][j]);
                    sink.accept(m, s, j, claim.sigma(), scaled(byLogVariance[n][j], 2 / s));
                    sink.accept(m, s, j, claim.variance(), scaled(byLogVariance[n][j], 1 / (s * s)));
                }
            }
        }

        private static double[] scaled(double[] values, double factor) {
            return Arrays.stream(values).map(v -> v * factor).toArray();
        }

        /** The sum of two terms' gradients at the same points. */
        Samples plus(Samples other) {
            return new Samples(
                    quadrature, mu, sigma, sum(byMean, other.byMean), sum(byLogVariance, other.byLogVariance));
        }

        private static double[][][] sum(double[][][] a, double[][][] b) {
            double[][][] c = new double[a.length][][];
            Arrays.setAll(c, n -> Matrices.add(a[n], b[n]));
            return c;
        }

        /**
         * From a term's gradients with respect to mean and log-variance.
         *
         * @param results {@code [case x point, dimension]} each
         */
        static Samples of(Quadrature quadrature, double[][] mu, double[][] sigma, Map<String, double[]> results) {
            return new Samples(
                    quadrature,
                    mu,
                    sigma,
                    split(results.get(LatentVariableModel.MEAN), mu.length, mu[0].length),
                    split(results.get(LatentVariableModel.LOG_VARIANCE), mu.length, mu[0].length));
        }

        private static double[][][] split(double[] flat, int cases, int dimensions) {
            int points = flat.length / (cases * dimensions);
            double[][][] values = new double[cases][dimensions][points];
            for (int i = 0; i < flat.length; i++) {
                values[i / dimensions / points][i % dimensions][i / dimensions % points] = flat[i];
            }
            return values;
        }
    }

    private static Samples samples(Formulas formulas, KlEstimator estimator, RandomGenerator random) {
        Quadrature quadrature = Quadrature.gaussHermite(NODES, LATENT);
        double[][] mu = Draws.normal(CASES, LATENT, 1.5, random);
        double[][] sigma = Matrices.rows(ShownPosterior.sigmas(CASES * LATENT, -2, 0.7, random), LATENT);
        double[][] pixels = new double[CASES][];
        Arrays.setAll(pixels, n -> ShownPosterior.pixels(mu[n], sigma[n]));
        return Samples.of(
                quadrature,
                mu,
                sigma,
                gradients(
                        ShownPosterior.model(formulas, LATENT).klTerm(estimator),
                        ShownPosterior.values(LATENT),
                        pixels,
                        quadrature));
    }

    /** Gradients of a term with respect to mean and log-variance: every image at every point of eps. */
    static Map<String, double[]> gradients(
            ModelFunction term, Map<String, double[]> values, double[][] pixels, Quadrature quadrature) {
        int points = quadrature.count();
        double[][] images = new double[pixels.length * points][];
        double[][] eps = new double[images.length][];
        for (int row = 0; row < images.length; row++) {
            images[row] = pixels[row / points];
            eps[row] = quadrature.points()[row % points];
        }
        return FormulaRun.gradients(
                term,
                List.of(LatentVariableModel.MEAN, LatentVariableModel.LOG_VARIANCE),
                values,
                Map.of("pixels", images, "posterior", eps));
    }

    private static Finding pointwise(Samples samples, Gradient claim, String formula, String compared) {
        LargestError worst = new LargestError();
        double[][] points = samples.quadrature().points();
        samples.forEach(claim, (mu, sigma, dimension, form, gradients) -> {
            for (int i = 0; i < gradients.length; i++) {
                worst.compare(gradients[i], form.at(mu, sigma, points[i][dimension]));
            }
        });
        return Finding.atMost(TOLERANCE, formula, compared, worst.cases(), worst.error());
    }

    private static Finding expectation(Samples samples, Gradient claim, String formula) {
        LargestError worst = new LargestError();
        samples.forEach(
                claim,
                (mu, sigma, dimension, form, gradients) ->
                        worst.compare(samples.quadrature().mean(gradients), form.at(mu, sigma, 0)));
        return Finding.atMost(
                TOLERANCE, formula, "backward pass, Gauss-Hermite over eps", worst.cases(), worst.error());
    }

    static Finding variance(Samples samples, Gradient claim, String formula, String compared) {
        LargestError worst = new LargestError();
        samples.forEach(
                claim,
                (mu, sigma, dimension, form, gradients) ->
                        worst.compare(samples.quadrature().variance(gradients), form.at(mu, sigma, 0)));
        return Finding.atMost(TOLERANCE, formula, compared, worst.cases(), worst.error());
    }
}
