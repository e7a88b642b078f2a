package org.likelihood4j.config;

import java.util.Locale;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;

/**
 * What a VAE minimises: minus the ELBO with its KL estimated and weighted as {@code kl} says, or minus the importance-weighted
 * bound.
 *
 * @param importanceSamples the number k of posterior draws for each image; 1 is the ELBO; at least 1, default 1
 * @param kl the KL term; with k above 1 there is none to weight, and {@code kl.estimator} chooses the gradient
 */
public record LossConfig(Integer importanceSamples, Kl kl) {
    /** Fills in the defaults and checks the rules between k and the KL. */
    public LossConfig {
        importanceSamples = Check.draws(1, "importanceSamples", importanceSamples, 1);
        kl = Check.or(kl, new Kl(null, null, null, null, null));
        if (importanceSamples > 1) {
            String k = " has no meaning with loss.importanceSamples " + importanceSamples
                    + ": the importance-weighted bound has no separate KL term";
            refuse(kl.estimator() == Estimator.ANALYTIC, "kl.estimator", "analytic" + k + "; use sampled or path");
            refuse(kl.beta() != 1, "kl.beta", "a weight" + k);
            refuse(!(kl.warmup() instanceof Warmup.None), "kl.warmup", "a weight" + k);
            refuse(kl.freeBits() > 0, "kl.freeBits", "a floor" + k);
        }
    }

    private static void refuse(boolean condition, String key, String why) {
        if (condition) {
            throw new ConfigException(key, why);
        }
    }

    /** The given settings, with the estimator that the model allows in the place of one that is left out. */
    static LossConfig orDefault(LossConfig given, ModelConfig model) {
        LossConfig loss = given == null ? new LossConfig(null, null) : given;
        boolean closedForm = model.hasClosedFormKl();
        Kl kl = loss.kl();
        boolean flows = !model.hasGaussianPosterior();
        refuse(
                flows && kl.estimator() == Estimator.ANALYTIC,
                "loss.kl.estimator",
                "analytic needs a KL in closed form, which only model.posterior {type: gaussian} has; use sampled");
        refuse(
                flows && kl.estimator() == Estimator.PATH,
                "loss.kl.estimator",
                "path needs the posterior's flow backwards, from z to z0; use sampled, or model.posterior"
                        + " {type: gaussian}");
        refuse(
                flows && kl.freeBits() > 0,
                "loss.kl.freeBits",
                "are defined on the analytic KL of each dimension, which only model.posterior {type: gaussian} has");
        refuse(
                !closedForm && kl.estimator() == Estimator.ANALYTIC,
                "loss.kl.estimator",
                "analytic needs a KL in closed form, which only model.prior {type: normal} has; use sampled or path");
        refuse(
                !closedForm && kl.freeBits() > 0,
                "loss.kl.freeBits",
                "are defined on the analytic KL of each dimension, which only model.prior {type: normal} has");
        refuse(
                loss.importanceSamples() > 1 && !model.hasLikelihood(),
                "loss.importanceSamples",
                "must be 1 with model.likelihood.binarization none: without a likelihood there is no bound to weight");
        if (kl.estimator() != null) {
            return loss;
        }
        Estimator estimator = closedForm && loss.importanceSamples() == 1 ? Estimator.ANALYTIC : Estimator.SAMPLED;
        return new LossConfig(
                loss.importanceSamples(), new Kl(estimator, kl.beta(), kl.warmup(), kl.freeBits(), kl.samples()));
    }

    /**
     * The KL term, {@code beta * warmup * KL(q(z|x) || p(z))}. {@code estimator} is {@code null} only until the run puts its model's
     * default there.
     *
     * @param estimator how the KL is computed; default analytic where there is a closed form and k is 1, else sampled
     * @param beta the KL's weight; at least 0, default 1, the ELBO; below 1 the loss need not be a bound
     * @param warmup how the weight rises during training; default none
     * @param freeBits the floor lambda of each dimension's KL in nats: the term is {@code sum over dimensions of max(lambda, batch mean of KL_j)}; at least 0,
     *     default 0 for none; with the analytic estimator only
     * @param samples extra posterior draws for each image for what is reported of the sampled KL, never for the loss; at least
     *     0, default 0
     */
    public record Kl(Estimator estimator, Double beta, Warmup warmup, Double freeBits, Integer samples) {
        /** Fills in the defaults and checks them. */
        public Kl {
            beta = Check.nonNegative("beta", beta, 1);
            warmup = Check.or(warmup, new Warmup.None());
            freeBits = Check.nonNegative("freeBits", freeBits, 0);
            samples = Check.draws(0, "samples", samples, 0);
            refuse(
                    freeBits > 0 && estimator != null && estimator != Estimator.ANALYTIC,
                    "freeBits",
                    "are defined on the analytic KL of each dimension, so they need estimator analytic");
        }

        /** Whether the weight can differ from 1. */
        public boolean weighted() {
            return beta != 1 || !(warmup instanceof Warmup.None);
        }

        /** The weight of a step; see {@link Warmup#factor}. */
        public double weight(long step, long stepsPerEpoch, long totalSteps) {
            return beta * warmup.factor(step, stepsPerEpoch, totalSteps);
        }
    }

    /** How the KL is computed. */
    public enum Estimator {
        /** In closed form. */
        ANALYTIC,
        /** log q(z|x) - log p(z) at the reconstruction's z. */
        SAMPLED,
        /**
         * The same value; its gradient reaches q's parameters through z only (Roeder et al. 2017). With k above 1 it is the
         * doubly reparameterised gradient (Tucker et al. 2019).
         */
        PATH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
