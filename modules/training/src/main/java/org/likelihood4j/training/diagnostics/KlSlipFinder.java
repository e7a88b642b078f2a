package org.likelihood4j.training.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.likelihood4j.runs.statistics.Moments;

/**
 * Finds out which KL is wrong where the two disagree: recomputes both in float64 from the posteriors' means and log-variances
 * and the same z, and holds what the graph computed against the formulas that people write by mistake. The prior is N(0, I),
 * the only one with a closed form.
 */
final class KlSlipFinder {
    private static final double LOG_2_PI = Math.log(2 * Math.PI);
    /** Far above float32's rounding, far below any slip of a formula. */
    private static final double CLOSE = 1e-3;

    /** One dimension's term of a formula. */
    @FunctionalInterface
    private interface Term {
        double of(double mu, double logVariance, double z);
    }

    /** A formula, right or wrong: the sum of a term over dimensions. */
    private record Formula(String slip, Term term) {}

    private static final Formula ANALYTIC = new Formula("", (mu, v, z) -> 0.5 * (Math.exp(v) + mu * mu - v - 1));
    private static final List<Formula> WRONG_ANALYTIC = List.of(
            new Formula("the factor 1/2 is missing", (mu, v, z) -> Math.exp(v) + mu * mu - v - 1),
            new Formula("its sign is wrong", (mu, v, z) -> -0.5 * (Math.exp(v) + mu * mu - v - 1)),
            new Formula("the -1 is missing", (mu, v, z) -> 0.5 * (Math.exp(v) + mu * mu - v)),
            new Formula("the sign of the 1 is wrong", (mu, v, z) -> 0.5 * (Math.exp(v) + mu * mu - v + 1)),
            new Formula(
                    "sigma stands where sigma^2 belongs", (mu, v, z) -> 0.5 * (Math.exp(0.5 * v) + mu * mu - v - 1)),
            new Formula(
                    "log sigma stands where log sigma^2 belongs",
                    (mu, v, z) -> 0.5 * (Math.exp(v) + mu * mu - 0.5 * v - 1)),
            new Formula("the sign of log sigma^2 is wrong", (mu, v, z) -> 0.5 * (Math.exp(v) + mu * mu + v - 1)),
            new Formula("log sigma^2 is missing", (mu, v, z) -> 0.5 * (Math.exp(v) + mu * mu - 1)),
            new Formula("mu^2 is missing", (mu, v, z) -> 0.5 * (Math.exp(v) - v - 1)),
            new Formula("mu stands where mu^2 belongs", (mu, v, z) -> 0.5 * (Math.exp(v) + mu - v - 1)),
            new Formula("sigma^2 is missing", (mu, v, z) -> 0.5 * (mu * mu - v - 1)),
            new Formula(
                    "it is KL(p || q), the other direction",
                    (mu, v, z) -> 0.5 * ((1 + mu * mu) * Math.exp(-v) + v - 1)));

    private static final Formula LOG_POSTERIOR =
            new Formula("", (mu, v, z) -> -0.5 * ((z - mu) * (z - mu) * Math.exp(-v) + v + LOG_2_PI));
    private static final List<Formula> WRONG_LOG_POSTERIOR = List.of(
            new Formula("log(2 pi)/2 is missing", (mu, v, z) -> -0.5 * ((z - mu) * (z - mu) * Math.exp(-v) + v)),
            new Formula("log sigma^2 is missing", (mu, v, z) -> -0.5 * ((z - mu) * (z - mu) * Math.exp(-v) + LOG_2_PI)),
            new Formula(
                    "the sign of log sigma^2 is wrong",
                    (mu, v, z) -> -0.5 * ((z - mu) * (z - mu) * Math.exp(-v) - v + LOG_2_PI)),
            new Formula(
                    "log sigma stands where log sigma^2 belongs",
                    (mu, v, z) -> -0.5 * ((z - mu) * (z - mu) * Math.exp(-v) + 0.5 * v + LOG_2_PI)),
            new Formula(
                    "sigma stands where sigma^2 belongs",
                    (mu, v, z) -> -0.5 * ((z - mu) * (z - mu) * Math.exp(-0.5 * v) + v + LOG_2_PI)),
            new Formula("(z - mu)^2/sigma^2 is missing", (mu, v, z) -> -0.5 * (v + LOG_2_PI)),
            new Formula(
                    "the factor 1/2 is missing", (mu, v, z) -> -((z - mu) * (z - mu) * Math.exp(-v) + v + LOG_2_PI)));

    private static final Formula LOG_PRIOR = new Formula("", (mu, v, z) -> -0.5 * (z * z + LOG_2_PI));
    private static final List<Formula> WRONG_LOG_PRIOR = List.of(
            new Formula("log(2 pi)/2 is missing", (mu, v, z) -> -0.5 * z * z),
            new Formula("z^2 is missing", (mu, v, z) -> -0.5 * LOG_2_PI),
            new Formula("the factor 1/2 is missing", (mu, v, z) -> -(z * z + LOG_2_PI)),
            new Formula("the factor 1/2 of z^2 is missing", (mu, v, z) -> -(z * z + 0.5 * LOG_2_PI)),
            new Formula("its sign is wrong", (mu, v, z) -> 0.5 * (z * z + LOG_2_PI)));

    private static final Formula SAMPLED = difference("", LOG_POSTERIOR, LOG_PRIOR);
    private static final List<Formula> WRONG_SAMPLED = wrongSampled();

    private static Formula difference(String slip, Formula logPosterior, Formula logPrior) {
        return new Formula(slip, (mu, v, z) -> logPosterior.term.of(mu, v, z) - logPrior.term.of(mu, v, z));
    }

    /** Each slip of one of the densities, and those of their difference, in which log(2 pi) cancels. */
    private static List<Formula> wrongSampled() {
        List<Formula> wrong = new ArrayList<>();
        WRONG_LOG_POSTERIOR.forEach(
                density -> wrong.add(difference("in log q(z|x) " + density.slip, density, LOG_PRIOR)));
        WRONG_LOG_PRIOR.forEach(
                density -> wrong.add(difference("in log p(z) " + density.slip, LOG_POSTERIOR, density)));
        wrong.add(new Formula("the factor 1/2 is missing", (mu, v, z) -> 2 * SAMPLED.term.of(mu, v, z)));
        wrong.add(difference("its sign is wrong", LOG_PRIOR, LOG_POSTERIOR));
        return List.copyOf(wrong);
    }

    private KlSlipFinder() {}

    /**
     * One line: how far the two are apart, which of them is off, and the likely slip.
     *
     * @param how what {@link #apart} says
     */
    static String explain(String how, Posteriors posteriors, int latent) {
        String apart = how + "; ";
        List<String> findings = new ArrayList<>();
        examine("the analytic KL", posteriors.klAnalytic(), ANALYTIC, WRONG_ANALYTIC, posteriors, latent, findings);
        examine("the sampled KL", posteriors.klSampled(), SAMPLED, WRONG_SAMPLED, posteriors, latent, findings);
        if (findings.isEmpty()) {
            return apart
                    + "yet each of the two is what its formula gives in float64 for the same posteriors and z, so the fault"
                    + " lies where the training loss takes them up, or in its draws of z";
        }
        return apart + String.join("; ", findings);
    }

    /**
     * How far the two are apart where they disagree, in one epoch or in all so far.
     *
     * @param agreement of the epoch, or null
     * @param pooled of all epochs so far, or null
     */
    static Optional<String> apart(KlAgreement agreement, KlAgreement pooled) {
        if (agreement != null && agreement.disagrees()) {
            return Optional.of(apart(agreement));
        }
        return pooled != null && pooled.disagrees()
                ? Optional.of("over all epochs so far " + apart(pooled))
                : Optional.empty();
    }

    /** How far the two are apart. */
    static String apart(KlAgreement agreement) {
        return String.format(
                Locale.ROOT,
                "the sampled KL (%.3f nats) and the analytic KL (%.3f nats) disagree: z = %.1f",
                agreement.sampled(),
                agreement.analytic(),
                agreement.z());
    }

    private static void examine(
            String quantity,
            double[] perDimension,
            Formula right,
            List<Formula> wrong,
            Posteriors posteriors,
            int latent,
            List<String> findings) {
        double[] computed = new double[perDimension.length / latent];
        for (int i = 0; i < perDimension.length; i++) {
            computed[i / latent] += perDimension[i];
        }
        double[] expected = sums(right, posteriors, latent);
        if (close(computed, expected)) {
            return;
        }
        List<String> slips = new ArrayList<>();
        for (Formula formula : wrong) {
            if (close(computed, sums(formula, posteriors, latent))) {
                slips.add(formula.slip());
            }
        }
        double[] averaged = expected.clone();
        for (int i = 0; i < averaged.length; i++) {
            averaged[i] /= latent;
        }
        if (latent > 1 && close(computed, averaged)) {
            slips.add("it is the mean over dimensions, not their sum");
        }
        findings.add(String.format(
                Locale.ROOT,
                "%s is off: %.3f nats on average where its formula gives %.3f; %s",
                quantity,
                mean(computed),
                mean(expected),
                slips.isEmpty() ? "no known slip explains it" : "likely " + String.join(", or ", slips)));
    }

    private static double[] sums(Formula formula, Posteriors posteriors, int latent) {
        double[] sums = new double[posteriors.mean().length / latent];
        for (int i = 0; i < posteriors.mean().length; i++) {
            sums[i / latent] += formula.term()
                    .of(
                            posteriors.mean()[i],
                            posteriors.logVariance()[i],
                            posteriors.z()[i]);
        }
        return sums;
    }

    /** Whether two vectors differ by little compared with their size. */
    private static boolean close(double[] a, double[] b) {
        double apart = 0;
        double size = 0;
        for (int i = 0; i < a.length; i++) {
            apart += Math.abs(a[i] - b[i]);
            size += 1 + Math.abs(b[i]);
        }
        return apart <= CLOSE * size;
    }

    private static double mean(double[] values) {
        Moments moments = new Moments();
        for (double value : values) {
            moments.add(value);
        }
        return moments.mean();
    }
}
