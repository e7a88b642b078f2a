package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.laboratory.evidence.Annealing;
import org.likelihood4j.laboratory.evidence.ChainNoise;
import org.likelihood4j.laboratory.evidence.DiagonalPosteriors;
import org.likelihood4j.laboratory.evidence.LatentPoint;
import org.likelihood4j.laboratory.evidence.LocalGradient;
import org.likelihood4j.laboratory.evidence.LocalPosterior;
import org.likelihood4j.laboratory.evidence.StepSizes;
import org.likelihood4j.laboratory.evidence.Temperatures;
import org.likelihood4j.laboratory.gap.JointProgram;
import org.likelihood4j.laboratory.verify.EvidenceChecks.Linear;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.runs.statistics.Moments;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What {@code gap} estimates, on linear-Gaussian VAEs: there log p(x), the exact posterior N(m, S) and its best diagonal Gaussian have closed
 * forms. With the precision P of S that Gaussian has the mean m and the variances 1/P_jj, and
 *
 * <pre>
 * approximation gap = KL(q* || p(z|x)) = 1/2 (sum of log P_jj - log|P|)
 * </pre>
 */
final class GapChecks {
    private static final int DIMENSION = 4;
    private static final int LATENT = 2;
    private static final int EXAMPLES = 5;
    private static final int CHAINS = 1200;
    private static final int TEMPERATURES = 6;
    private static final int LEAPFROGS = 3;
    /** Steps this long are refused now and then. */
    private static final double STEP = 1;

    private static final double Z_LIMIT = 5;

    private GapChecks() {}

    /** A model and some x. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(Linear linear, double[][] x, ModelValues values) {
        static Case random(Formulas formulas, int dimension, int latent, int examples, RandomGenerator random) {
            Linear linear = Linear.random(dimension, latent, random);
            ModelValues values = ModelValues.zeros(linear.model(formulas, Objective.elbo()), DataType.DOUBLE);
            linear.values(new double[dimension][2 * latent], new double[2 * latent])
                    .forEach(values::set);
            double[][] x = Draws.normal(examples, dimension, 1, random);
            return new Case(linear, x, values);
        }

        JointProgram program(int draws) {
            return new JointProgram(Engines.reference(), values, x.length, draws, true);
        }

        JointProgram.Bound joint(JointProgram program) {
            double[][] pixels = Arrays.stream(x).map(EvidenceChecks::pixels).toArray(double[][]::new);
            return program.of((input, type) -> Nd4j.create(pixels));
        }

        Gaussian posterior(int example) {
            return linear.posterior(x[example]);
        }

        double logEvidence(int example) {
            return linear.evidence().logDensity(x[example]);
        }

        double[][] precision() {
            return Matrices.inverse(posterior(0).covariance());
        }

        /** Gaussians somewhere near the posteriors. */
        DiagonalPosteriors near(RandomGenerator random) {
            int latent = linear.latent();
            double[] mean = new double[x.length * latent];
            double[] logSigma = new double[mean.length];
            for (int j = 0; j < mean.length; j++) {
                Gaussian posterior = posterior(j / latent);
                double sigma = Math.sqrt(posterior.covariance()[j % latent][j % latent]);
                mean[j] = posterior.mean()[j % latent] + 3 * sigma * (random.nextDouble() - 0.5);
                logSigma[j] = Math.log(sigma) + 0.8 * random.nextDouble();
            }
            return new DiagonalPosteriors(latent, mean, logSigma);
        }
    }

    /** Bayes: {@code log p(x|z) + log p(z) = log p(x) + log p(z|x)}, and slopes {@code -P (z - m)}. */
    static Finding joint(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        Case one = Case.random(formulas, DIMENSION, LATENT, EXAMPLES, random);
        int draws = 3;
        try (JointProgram program = one.program(draws);
                JointProgram.Bound joint = one.joint(program)) {
            double[][] z = Draws.normal(EXAMPLES * draws, LATENT, 1, random);
            LatentPoint point = joint.at(Matrices.flat(z));
            for (int row = 0; row < z.length; row++) {
                Gaussian posterior = one.posterior(row / draws);
                worst.compare(
                        point.logPrior()[row] + point.logLikelihood()[row],
                        one.logEvidence(row / draws) + posterior.logDensity(z[row]));
                double[] slope = Matrices.multiply(one.precision(), Matrices.subtract(posterior.mean(), z[row]));
                for (int j = 0; j < LATENT; j++) {
                    int at = row * LATENT + j;
                    worst.compare(point.priorSlope()[at], -z[row][j]);
                    worst.compare(point.priorSlope()[at] + point.likelihoodSlope()[at], slope[j]);
                }
            }
        }
        return Finding.atMost(
                1e-10,
                "log p(x, z) = log p(x) + log p(z|x), slopes",
                "linear-Gaussian VAE, all in closed form",
                worst.cases(),
                worst.error());
    }

    /** Chains of a model, forwards and backwards, between a start that is wider than the posterior and it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chains(double[] forward, double[] reverse) {
        /** {@code r = w / p(x)} of each. */
        static Chains of(Formulas formulas, boolean backwards, RandomGenerator random) {
            Case one = Case.random(formulas, DIMENSION, LATENT, EXAMPLES, random);
            DiagonalPosteriors start = one.near(random);
            StepSizes sizes = StepSizes.constant(Temperatures.even(TEMPERATURES), EXAMPLES, STEP);
            ChainNoise noise = ChainNoise.of(random.nextLong(), "forward", 0, EXAMPLES, 0, CHAINS);
            ChainNoise others = ChainNoise.of(random.nextLong(), "reverse", 0, EXAMPLES, 0, CHAINS);
            try (JointProgram program = one.program(CHAINS);
                    JointProgram.Bound joint = one.joint(program)) {
                Annealing annealing = new Annealing(joint, start, formulas.annealing(), LEAPFROGS);
                double[] forward = annealing.forward(sizes, noise, () -> {}).logWeights();
                double[] reverse = backwards
                        ? annealing
                                .reverse(posteriorDraws(one, random), sizes, others, () -> {})
                                .logWeights()
                        : new double[0];
                return new Chains(ratios(one, forward), ratios(one, reverse));
            }
        }

        private static double[] ratios(Case one, double... logWeights) {
            double[] ratios = new double[logWeights.length];
            Arrays.setAll(ratios, row -> Math.exp(logWeights[row] - one.logEvidence(row / CHAINS)));
            return ratios;
        }
    }

    static Finding forward(Formulas formulas, RandomGenerator random) {
        Moments ratios = new Moments();
        for (double ratio : Chains.of(formulas, false, random).forward()) {
            ratios.add(ratio - 1);
        }
        return Finding.atMost(
                Z_LIMIT,
                "annealing: E[w] = p(x)",
                "|z|: 5 x " + CHAINS + " chains, " + TEMPERATURES + " temperatures",
                ratios.count(),
                Math.abs(ratios.mean() / ratios.standardError()));
    }

    /** What Bennett's (1976) estimate of a ratio balances: {@code E[r g(r)] = E_reverse[g(r)]} for the bounded {@code g = 1/(1 + r)}. */
    static Finding reverse(Formulas formulas, RandomGenerator random) {
        Chains chains = Chains.of(formulas, true, random);
        Moments forward = new Moments();
        Moments reverse = new Moments();
        for (double ratio : chains.forward()) {
            forward.add(1 - 1 / (1 + ratio));
        }
        for (double ratio : chains.reverse()) {
            reverse.add(1 / (1 + ratio));
        }
        return Finding.atMost(
                Z_LIMIT,
                "reverse: E_r[1/(1 + r)] = E[r/(1 + r)]",
                "r = w/p(x): |z| of forward and reverse",
                forward.count() + reverse.count(),
                Math.abs(forward.mean() - reverse.mean())
                        / Math.hypot(forward.standardError(), reverse.standardError()));
    }

    /** By the two rows of a triangular root of the covariance. */
    private static double[] posteriorDraws(Case one, RandomGenerator random) {
        double[] draws = new double[EXAMPLES * CHAINS * LATENT];
        for (int row = 0; row < EXAMPLES * CHAINS; row++) {
            Gaussian posterior = one.posterior(row / CHAINS);
            double[][] s = posterior.covariance();
            double root = Math.sqrt(s[0][0]);
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            draws[row * LATENT] = posterior.mean()[0] + root * a;
            draws[row * LATENT + 1] =
                    posterior.mean()[1] + s[1][0] / root * a + Math.sqrt(s[1][1] - s[1][0] * s[1][0] / s[0][0]) * b;
        }
        return draws;
    }

    /** The points +-sqrt(L) e_j have the moments of N(0, I) up to the third: of a quadratic density their mean is exact. */
    static Finding localGradient(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        Case one = Case.random(formulas, DIMENSION, LATENT, EXAMPLES, random);
        DiagonalPosteriors q = one.near(random);
        int draws = 2 * LATENT;
        double[] eps = new double[EXAMPLES * draws * LATENT];
        for (int row = 0; row < EXAMPLES * draws; row++) {
            int point = row % draws;
            eps[row * LATENT + point / 2] = (point % 2 == 0 ? 1 : -1) * Math.sqrt(LATENT);
        }
        try (JointProgram program = one.program(draws);
                JointProgram.Bound joint = one.joint(program)) {
            LocalGradient.Value value = new LocalGradient(joint, formulas.local(), 1).at(q, eps);
            double[][] precision = one.precision();
            for (int n = 0; n < EXAMPLES; n++) {
                Gaussian posterior = one.posterior(n);
                double[] mean = Arrays.copyOfRange(q.mean(), n * LATENT, (n + 1) * LATENT);
                double[] slope = Matrices.multiply(precision, Matrices.subtract(posterior.mean(), mean));
                for (int j = 0; j < LATENT; j++) {
                    int at = n * LATENT + j;
                    worst.compare(value.mean()[at], slope[j]);
                    worst.compare(value.logSigma()[at], 1 - Math.exp(2 * q.logSigma()[at]) * precision[j][j]);
                }
                worst.compare(value.bound()[n], one.logEvidence(n) - of(q, n).klTo(posterior));
            }
        }
        return Finding.atMost(
                1e-10,
                "d ELBO/d(mu, log sigma) of one q; its ELBO",
                "P (m - mu); 1 - sigma^2 P_jj; closed form",
                worst.cases(),
                worst.error());
    }

    private static Gaussian of(DiagonalPosteriors q, int example) {
        int from = example * q.latent();
        return Gaussian.diagonal(
                Arrays.copyOfRange(q.mean(), from, from + q.latent()),
                Arrays.stream(q.logSigma(), from, from + q.latent())
                        .map(log -> Math.exp(2 * log))
                        .toArray());
    }

    static Finding bestGaussian(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        Case one = Case.random(formulas, DIMENSION, LATENT, EXAMPLES, random);
        int draws = 64;
        DiagonalPosteriors found;
        try (JointProgram program = one.program(draws);
                JointProgram.Bound joint = one.joint(program)) {
            found = new LocalPosterior(
                            new LocalGradient(joint, formulas.local(), 1),
                            new LocalPosterior.Settings(new double[] {0.05, 0.01}, 20, 6, 1e-3))
                    .from(one.near(random), ChainNoise.of(random.nextLong(), "verify", 0, EXAMPLES, 0, draws), () -> {})
                    .posteriors();
        }
        double[][] precision = one.precision();
        double gap = -0.5 * Matrices.logAbsDet(precision)
                + IntStream.range(0, LATENT)
                        .mapToDouble(j -> 0.5 * Math.log(precision[j][j]))
                        .sum();
        for (int n = 0; n < EXAMPLES; n++) {
            worst.compare(of(found, n).klTo(one.posterior(n)), gap);
        }
        return Finding.atMost(
                0.01,
                "KL of q*: (sum of log P_jj - log|P|)/2",
                "q* by Adam from nearby: the approximation gap",
                worst.cases(),
                worst.error());
    }

    /** Against differences of the bound itself; each point of the quadrature over both eps is an example. */
    static Finding weightedGradient(Formulas formulas, RandomGenerator random) {
        Quadrature quadrature = Quadrature.gaussHermite(24, 2);
        int points = quadrature.count();
        Case single = Case.random(formulas, 2, 1, 1, random);
        double[][] repeated = new double[points][];
        Arrays.fill(repeated, single.x()[0]);
        Case one = new Case(single.linear(), repeated, single.values());
        Gaussian posterior = one.posterior(0);
        double sigma = Math.sqrt(posterior.covariance()[0][0]);
        double[] moments = {
            posterior.mean()[0] + 0.3 * sigma * random.nextGaussian(), Math.log(sigma) + 0.2 * random.nextDouble()
        };
        LargestError worst = new LargestError();
        try (JointProgram program = one.program(2);
                JointProgram.Bound joint = one.joint(program)) {
            LocalGradient gradient = new LocalGradient(joint, formulas.local(), 2);
            LocalGradient.Value value = at(gradient, quadrature, moments);
            double h = 1e-4;
            for (int i = 0; i < 2; i++) {
                double[] more = moments.clone();
                double[] less = moments.clone();
                more[i] += h;
                less[i] -= h;
                double difference = (quadrature.mean(
                                        at(gradient, quadrature, more).bound())
                                - quadrature.mean(at(gradient, quadrature, less).bound()))
                        / (2 * h);
                worst.compare(quadrature.mean(i == 0 ? value.mean() : value.logSigma()), difference);
            }
        }
        return Finding.atMost(
                1e-6,
                "k = 2: gradient of one q's bound",
                "product quadrature over both eps; differences",
                worst.cases(),
                worst.error());
    }

    private static LocalGradient.Value at(LocalGradient gradient, Quadrature quadrature, double... moments) {
        double[] mean = new double[quadrature.count()];
        double[] logSigma = new double[mean.length];
        Arrays.fill(mean, moments[0]);
        Arrays.fill(logSigma, moments[1]);
        return gradient.at(new DiagonalPosteriors(1, mean, logSigma), Matrices.flat(quadrature.points()));
    }
}
