package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A VAE with affine encoder and decoder and Gaussian pixels, whose evidence and exact posterior are known: with {@code x = z W +
 * b + noise} of standard deviation tau,
 *
 * <pre>
 * p(x)   = N(b, W^T W + tau^2 I)
 * p(z|x) = N(S W (x - b)/tau^2, S),  S = (I + W W^T / tau^2)^-1
 * </pre>
 */
final class EvidenceChecks {
    /** How far a displaced encoder is off at distance 1. */
    private static final double SHIFT = 0.5;

    private static final List<String> ENCODER = List.of("encoder/output/weight", "encoder/output/bias");

    private EvidenceChecks() {}

    /**
     * The linear-Gaussian model's decoder.
     *
     * @param w {@code [latent][pixels]}
     * @param b {@code [pixels]}
     * @param tau standard deviation of p(x|z)
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Linear(double[][] w, double[] b, double tau) {
        static Linear random(int dimension, int latent, RandomGenerator random) {
            return new Linear(
                    Draws.normal(latent, dimension, 0.7, random),
                    Draws.normal(1, dimension, 0.5, random)[0],
                    0.3 + 0.4 * random.nextDouble());
        }

        int latent() {
            return w.length;
        }

        int dimension() {
            return b.length;
        }

        LatentVariableModel model(Formulas formulas, Objective objective) {
            return formulas.model()
                    .apply(new VaeOptions(
                            EventShape.row(dimension()),
                            latent(),
                            ShownPosterior.LINEAR,
                            ShownPosterior.LINEAR,
                            new GaussianPixels(tau),
                            formulas.prior().apply(latent()),
                            objective,
                            new VaeOptions.KlReport(true, 0),
                            DataType.DOUBLE));
        }

        Gaussian evidence() {
            double[] noise = new double[dimension()];
            Arrays.fill(noise, tau * tau);
            return new Gaussian(b, Matrices.add(Matrices.multiply(Matrices.transpose(w), w), Matrices.diagonal(noise)));
        }

        Gaussian posterior(double... x) {
            double[][] precision = Matrices.multiply(w, Matrices.transpose(w));
            for (int i = 0; i < latent(); i++) {
                for (int j = 0; j < latent(); j++) {
                    precision[i][j] = precision[i][j] / (tau * tau) + (i == j ? 1 : 0);
                }
            }
            double[][] covariance = Matrices.inverse(precision);
            double[] seen = Arrays.stream(Matrices.multiply(w, Matrices.subtract(x, b)))
                    .map(v -> v / (tau * tau))
                    .toArray();
            return new Gaussian(Matrices.multiply(covariance, seen), covariance);
        }

        /** All parameters, the encoder's affine map being {@code head = x A + c}, A {@code [pixels][2 latent]}. */
        Map<String, double[]> values(double[][] a, double... c) {
            Map<String, double[]> values = new LinkedHashMap<>();
            values.put(ENCODER.get(0), Matrices.flat(a));
            values.put(ENCODER.get(1), c);
            values.put("decoder/output/weight", Matrices.flat(w));
            values.put("decoder/output/bias", b);
            return values;
        }
    }

    static double[] pixels(double... x) {
        return Arrays.stream(x).map(v -> v * Likelihood.WHITE).toArray();
    }

    static Finding elbo(Formulas formulas, RandomGenerator random) {
        int dimension = 4;
        int latent = 2;
        LargestError worst = new LargestError();
        // log p(x|z) is quadratic in eps.
        Quadrature quadrature = Quadrature.gaussHermite(3, latent);
        int points = quadrature.count();
        for (int i = 0; i < 4; i++) {
            Linear linear = Linear.random(dimension, latent, random);
            double[][] a = Draws.normal(dimension, 2 * latent, 0.5, random);
            double[] c = Draws.normal(1, 2 * latent, 0.5, random)[0];
            double[][] x = Draws.normal(5, dimension, 1, random);
            double[][] images = new double[x.length * points][];
            double[][] eps = new double[images.length][];
            for (int row = 0; row < images.length; row++) {
                images[row] = pixels(x[row / points]);
                eps[row] = quadrature.points()[row % points];
            }
            double[] elbos = Compiled.run(
                            linear.model(formulas, Objective.elbo()).trainingLoss(),
                            linear.values(a, c),
                            Map.of("pixels", images, "posterior", eps))
                    .get("elbo");
            for (int n = 0; n < x.length; n++) {
                double[] head = Matrices.add(Matrices.multiply(Matrices.transpose(a), x[n]), c);
                Gaussian q = Gaussian.diagonal(
                        Arrays.copyOf(head, latent),
                        Arrays.stream(head, latent, 2 * latent).map(Math::exp).toArray());
                worst.compare(
                        quadrature.mean(Arrays.copyOfRange(elbos, n * points, (n + 1) * points)),
                        linear.evidence().logDensity(x[n]) - q.klTo(linear.posterior(x[n])));
            }
        }
        return Finding.atMost(
                1e-10,
                "ELBO = log p(x) - KL(q || p(z|x))",
                "linear-Gaussian VAE, all in closed form",
                worst.cases(),
                worst.error());
    }

    /**
     * A linear-Gaussian model whose exact posterior is the encoder's: orthogonal rows of W make S diagonal, and the posterior's
     * mean is affine in x.
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Exact(Linear linear, Map<String, double[]> values, double[][] x, double offset) {
        /** The same with an encoder that misses: its mean and its log-variance are off by distance times {@link #SHIFT}. */
        Exact displaced(double distance) {
            Map<String, double[]> moved = new LinkedHashMap<>(values);
            moved.put(
                    ENCODER.get(1),
                    Arrays.stream(values.get(ENCODER.get(1)))
                            .map(c -> c + distance * SHIFT)
                            .toArray());
            return new Exact(linear, moved, x, distance);
        }

        static Exact random(RandomGenerator random) {
            int dimension = 4;
            int latent = 2;
            double[][] w = Draws.orthonormal(latent, dimension, random);
            for (double[] row : w) {
                double length = 0.5 + random.nextDouble();
                Arrays.setAll(row, i -> length * row[i]);
            }
            Linear linear = new Linear(w, Draws.normal(1, dimension, 0.5, random)[0], 0.3 + 0.4 * random.nextDouble());
            double[][] a = new double[dimension][2 * latent];
            double[] c = new double[2 * latent];
            for (int l = 0; l < latent; l++) {
                double variance = linear.posterior(linear.b()).covariance()[l][l];
                for (int i = 0; i < dimension; i++) {
                    a[i][l] = variance * w[l][i] / (linear.tau() * linear.tau());
                    c[l] -= a[i][l] * linear.b()[i];
                }
                c[latent + l] = Math.log(variance);
            }
            return new Exact(linear, linear.values(a, c), Draws.normal(6, dimension, 1, random), 0);
        }
    }

    /** The training loss's own gradient with respect to the encoder, at one eps and one image after the other. */
    static Finding pathAtPosterior(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        for (int i = 0; i < 2; i++) {
            Exact exact = Exact.random(random);
            LatentVariableModel model = exact.linear().model(formulas, new Objective(KlEstimator.PATH, 1, false, 0));
            try (Compiled gradient = Compiled.gradient(model.trainingLoss(), ENCODER, exact.values(), 1)) {
                for (double[] x : exact.x()) {
                    Map<String, double[]> results = gradient.run(Map.of(
                            "pixels",
                            new double[][] {pixels(x)},
                            "posterior",
                            Draws.normal(1, exact.linear().latent(), 1, random)));
                    for (String name : ENCODER) {
                        worst.compare(results.get(name), new double[results.get(name).length]);
                    }
                }
            }
        }
        return Finding.atMost(
                1e-10,
                "whole loss, path KL: 0 at q = p(z|x)",
                "encoder's gradient at every eps",
                worst.cases(),
                worst.error());
    }

    static Finding analyticAtPosterior(Formulas formulas, RandomGenerator random) {
        return GradientChecks.variance(
                wholeLoss(formulas, Exact.random(random), KlEstimator.ANALYTIC),
                formulas.gradients().lossVariance(),
                "whole loss, analytic KL: r^2; mu^2 + 2 r^2",
                "its variance there, r = sigma - 1/sigma");
    }

    /**
     * The path gradient of the whole loss is {@code dz log q - dz log p(z|x)}: with the exact posterior N(m, s^2), {@code rho =
     * sigma/s^2 - 1/sigma} and {@code d = (mu - m)/s^2} it is {@code d + rho eps} with respect to mu and {@code (d + rho eps)
     * eps} with respect to sigma. So its variance falls to 0 as q comes near, with the square of the distance.
     */
    static Finding pathTowardsPosterior(Formulas formulas, RandomGenerator random) {
        Exact exact = Exact.random(random);
        LargestError worst = new LargestError();
        for (double distance = 1; distance > 1e-3; distance /= 4) {
            GradientChecks.Samples samples = wholeLoss(formulas, exact.displaced(distance), KlEstimator.PATH);
            for (int n = 0; n < exact.x().length; n++) {
                Gaussian posterior = exact.linear().posterior(exact.x()[n]);
                for (int j = 0; j < exact.linear().latent(); j++) {
                    double mu = samples.mu()[n][j];
                    double sigma = samples.sigma()[n][j];
                    double square = posterior.covariance()[j][j];
                    double rho = sigma / square - 1 / sigma;
                    double d = (mu - posterior.mean()[j]) / square;
                    double scale = distance * distance;
                    worst.compare(samples.quadrature().variance(samples.byMean()[n][j]) / scale, rho * rho / scale);
                    worst.compare(
                            samples.quadrature().variance(samples.byLogVariance()[n][j]) * 4 / (sigma * sigma) / scale,
                            (d * d + 2 * rho * rho) / scale);
                }
            }
        }
        return Finding.atMost(
                1e-7,
                "whole loss, path KL: rho^2; d^2 + 2 rho^2",
                "its variance, q moving onto p(z|x)",
                worst.cases(),
                worst.error());
    }

    /** Gradients of the whole loss, by the sum of its two terms' at the same eps. */
    private static GradientChecks.Samples wholeLoss(Formulas formulas, Exact exact, KlEstimator estimator) {
        LatentVariableModel model = exact.linear().model(formulas, new Objective(estimator, 1, false, 0));
        double[][] x = exact.x();
        double[][] images = Arrays.stream(x).map(EvidenceChecks::pixels).toArray(double[][]::new);
        double[][] mu = new double[x.length][];
        double[][] sigma = new double[x.length][];
        for (int n = 0; n < x.length; n++) {
            Gaussian posterior = exact.linear().posterior(x[n]);
            mu[n] = posterior.mean();
            sigma[n] = new double[mu[n].length];
            Arrays.setAll(sigma[n], l -> Math.sqrt(posterior.covariance()[l][l]));
            for (int l = 0; l < mu[n].length; l++) {
                mu[n][l] += exact.offset() * SHIFT;
                sigma[n][l] *= Math.exp(0.5 * exact.offset() * SHIFT);
            }
        }
        Quadrature quadrature = Quadrature.gaussHermite(5, exact.linear().latent());
        GradientChecks.Samples reconstruction = GradientChecks.Samples.of(
                quadrature,
                mu,
                sigma,
                GradientChecks.gradients(model.reconstructionTerm(), exact.values(), images, quadrature));
        GradientChecks.Samples kl = GradientChecks.Samples.of(
                quadrature,
                mu,
                sigma,
                GradientChecks.gradients(model.klTerm(estimator), exact.values(), images, quadrature));
        return reconstruction.plus(kl);
    }
}
