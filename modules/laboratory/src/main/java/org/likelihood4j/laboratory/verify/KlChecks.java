package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.graph.StableOps;
import org.likelihood4j.models.vae.FactorizedPrior;
import org.likelihood4j.runs.statistics.Moments;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/** The KL in closed form: that it factorises, and that it is what its definition says. */
final class KlChecks {
    /** Draws for each Monte Carlo case: with the posteriors below a bias of 1% is over twenty standard errors. */
    private static final int DRAWS = 200_000;

    private KlChecks() {}

    /**
     * The model's KL against that of any two Gaussians. The KL is the same in all coordinates, so both are turned and stretched
     * by one random matrix first: no covariance on the other side is diagonal.
     */
    static Finding factorisation(Formulas formulas, RandomGenerator random) {
        int latent = 4;
        int cases = 40;
        LatentVariableModel model = ShownPosterior.model(formulas, latent);
        double[][] pixels = new double[cases][];
        double[] expected = new double[cases];
        for (int n = 0; n < cases; n++) {
            double[] mu = Draws.normal(1, latent, 1.5, random)[0];
            double[] sigma = ShownPosterior.sigmas(latent, -2.5, 1, random);
            pixels[n] = ShownPosterior.pixels(mu, sigma);
            double[][] map = Matrices.multiply(
                    Draws.orthonormal(latent, latent, random),
                    Matrices.multiply(
                            Matrices.diagonal(ShownPosterior.sigmas(latent, -1, 1, random)),
                            Draws.orthonormal(latent, latent, random)));
            double[] shift = Draws.normal(1, latent, 1, random)[0];
            double[] variance = Arrays.stream(sigma).map(s -> s * s).toArray();
            expected[n] = Gaussian.diagonal(mu, variance)
                    .mapped(map, shift)
                    .klTo(Gaussian.standard(latent).mapped(map, shift));
        }
        LargestError worst = new LargestError();
        worst.compare(
                FormulaRun.run(
                                model.trainingLoss(),
                                ShownPosterior.values(latent),
                                Map.of("pixels", pixels, "posterior", new double[cases][latent]))
                        .get(LatentVariableModel.KL_ANALYTIC),
                expected);
        return Finding.atMost(
                1e-10,
                "KL(q||p) = sum_j KL(q_j||p_j)",
                "general Gaussian KL, rotated coordinates",
                worst.cases(),
                worst.error());
    }

    static Finding quadrature(Formulas formulas, RandomGenerator random) {
        int latent = 3;
        int cases = 20;
        double[][] mu = Draws.normal(cases, latent, 1.5, random);
        double[][] sigma = Matrices.rows(ShownPosterior.sigmas(cases * latent, -3, 1, random), latent);
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable kl = formulas.prior().apply(latent).klPerDimension(g, gaussian(g, latent));
        double[] actual = FormulaRun.run(
                        g.function(new Outputs().events("kl", EventShape.row(latent), kl)),
                        Map.of(),
                        Map.of("mu", mu, "sigma", sigma))
                .get("kl");
        LargestError worst = new LargestError();
        for (int i = 0; i < actual.length; i++) {
            double m = mu[i / latent][i % latent];
            double s = sigma[i / latent][i % latent];
            double integral = Quadrature.integrate(
                    z -> {
                        double logQ = Gaussian.logDensity(z, m, s * s);
                        return Math.exp(logQ) * (logQ - Gaussian.logDensity(z, 0, 1));
                    },
                    m - 12 * s,
                    m + 12 * s,
                    400);
            worst.compare(actual[i], integral);
        }
        return Finding.atMost(
                1e-10,
                "KL_j = (sigma^2 + mu^2 - log sigma^2 - 1)/2",
                "quadrature of q (log q - log p)",
                worst.cases(),
                worst.error());
    }

    /** Sharp posteriors away from the prior, whose sampled KL varies little for its size. */
    static Finding monteCarlo(Formulas formulas, RandomGenerator random) {
        int latent = 2;
        FactorizedPrior prior = formulas.prior().apply(latent);
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        DiagonalGaussian q = gaussian(g, latent);
        SDVariable eps =
                g.input(new FunctionInput.NoiseInput("eps", EventShape.row(latent), Noise.NORMAL, Renewal.DRAW));
        SDVariable z = q.sample(eps);
        ModelFunction function = g.function(new Outputs()
                .perExample(
                        "sampled",
                        StableOps.sumPerExample(prior.sampledKlPerDimension(g, q, z), EventShape.row(latent)))
                .perExample("analytic", StableOps.sumPerExample(prior.klPerDimension(g, q), EventShape.row(latent))));
        LargestError worst = new LargestError();
        try (CompiledFunction compiled = FormulaRun.of(function, Map.of(), DRAWS)) {
            for (int i = 0; i < 2; i++) {
                double[] mu = Draws.uniform(latent, 2, 4, random);
                double[] sigma = ShownPosterior.sigmas(latent, -3, -2, random);
                OutputValues results = compiled.overInputs(
                        Map.of("mu", same(mu), "sigma", same(sigma), "eps", Draws.normal(DRAWS, latent, 1, random)));
                worst.add(Math.abs(z(results.get("sampled"), results.get("analytic")[0])));
            }
        }
        return Finding.atMost(
                5,
                "KL = E_q[log q(z) - log p(z)]",
                "Monte Carlo, 200,000 draws: |z-score|",
                worst.cases(),
                worst.error());
    }

    /** N(mu, diag sigma^2) whose mean and standard deviation are inputs. */
    private static DiagonalGaussian gaussian(GraphBuilder g, int latent) {
        SDVariable sigma = g.input(new FunctionInput.Value("sigma", EventShape.row(latent)));
        return new DiagonalGaussian(
                g,
                EventShape.row(latent),
                g.input(new FunctionInput.Value("mu", EventShape.row(latent))),
                g.sameDiff().math().log(sigma).mul(2));
    }

    private static double[][] same(double... row) {
        double[][] rows = new double[DRAWS][];
        Arrays.fill(rows, row);
        return rows;
    }

    /** {@code (mean - expected) / standard error of the mean}; 0 where all values are the expected one. */
    private static double z(double[] values, double expected) {
        Moments moments = new Moments();
        for (double value : values) {
            moments.add(value - expected);
        }
        return moments.mean() == 0 ? 0 : moments.mean() / moments.standardError();
    }
}
