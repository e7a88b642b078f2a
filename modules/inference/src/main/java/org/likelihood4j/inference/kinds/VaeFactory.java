package org.likelihood4j.inference.kinds;

import java.util.Optional;
import org.likelihood4j.config.CoderConfig;
import org.likelihood4j.config.LikelihoodConfig;
import org.likelihood4j.config.LossConfig;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.PriorConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.vae.FlowPrior;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.MixturePrior;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.Prior;
import org.likelihood4j.models.vae.StandardNormalPrior;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.GaussianRows;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.likelihood4j.models.vae.likelihood.LogisticMixturePixels;

/** Gaussian VAEs. */
public final class VaeFactory implements ModelFactory<ModelConfig.Vae> {
    @Override
    public Model create(ModelConfig.Vae vae, ModelContext context) {
        RunConfig config = context.config();
        LossConfig.Kl kl = config.loss().kl();
        return new GaussianVae(new VaeOptions(
                context.event(),
                vae.latent(),
                NetworkFactory.encoder(vae, context),
                NetworkFactory.decoder(vae, context),
                likelihood(vae.likelihood(), context),
                prior(vae),
                new Objective(
                        Vocabulary.of(kl.estimator()), config.loss().importanceSamples(), kl.weighted(), kl.freeBits()),
                new VaeOptions.KlReport(config.diagnostics().everyStep(), kl.samples()),
                context.type()));
    }

    @Override
    public Optional<ModelFormulas> formulas(ModelConfig.Vae vae, ModelContext context) {
        boolean told = vae.encoder().type() == CoderConfig.Type.DENSE
                && vae.decoder().type() == CoderConfig.Type.DENSE
                && !(vae.likelihood() instanceof LikelihoodConfig.LogisticMixture);
        // The language of formulas has no convolution, and no loop over a mixture of pixels.
        return told ? Optional.of(VaeFormulas.of(vae, context.shape().size(), context.isRows())) : Optional.empty();
    }

    private static Prior prior(ModelConfig.Vae vae) {
        int latent = vae.latent();
        if (vae.prior() instanceof PriorConfig.Mixture mixture) {
            return new MixturePrior(latent, mixture.components());
        } else if (vae.prior() instanceof PriorConfig.RealNvp flow) {
            return new FlowPrior(
                    latent,
                    flow.couplings(),
                    NetworkFactory.of(flow.conditioner(), vae),
                    new DerivedAffineFamily(flow.logScaleBound()));
        }
        return new StandardNormalPrior(latent);
    }

    private static Likelihood likelihood(LikelihoodConfig likelihood, ModelContext context) {
        if (likelihood instanceof LikelihoodConfig.Bernoulli bernoulli) {
            if (context.isRows()) {
                throw new ConfigException(
                        "model.likelihood.type",
                        "bernoulli is for pixels; rows of numbers need {type: gaussian, sigma: 0.1}, where sigma is in"
                                + " standard deviations of each column");
            }
            return new BernoulliPixels(Vocabulary.of(bernoulli.binarization()));
        }
        if (likelihood instanceof LikelihoodConfig.LogisticMixture mixture) {
            if (context.isRows()) {
                throw new ConfigException(
                        "model.likelihood.type",
                        "logistic-mixture is for pixels; rows of numbers need {type: gaussian, sigma: 0.1}, where sigma is"
                                + " in standard deviations of each column");
            }
            return new LogisticMixturePixels(mixture.components());
        }
        double sigma = ((LikelihoodConfig.Gaussian) likelihood).sigma();
        return context.isRows()
                ? new GaussianRows(Standardization.ofData(context.event()), sigma)
                : new GaussianPixels(sigma);
    }
}
