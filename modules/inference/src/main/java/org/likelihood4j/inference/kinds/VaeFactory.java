package org.likelihood4j.inference.kinds;

import java.util.Optional;
import org.likelihood4j.config.LikelihoodConfig;
import org.likelihood4j.config.LossConfig;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.PosteriorConfig;
import org.likelihood4j.config.PriorConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.vae.FlowPrior;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.MixturePrior;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.PosteriorFlow;
import org.likelihood4j.models.vae.Prior;
import org.likelihood4j.models.vae.StandardNormalPrior;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.GaussianRows;
import org.likelihood4j.models.vae.likelihood.LearnedSigma;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.likelihood4j.models.vae.likelihood.LogisticMixturePixels;
import org.likelihood4j.models.vae.likelihood.MixedRows;

/** Gaussian VAEs. */
public final class VaeFactory implements ModelFactory<ModelConfig.Vae> {
    @Override
    public Model create(ModelConfig.Vae vae, ModelContext context) {
        RunConfig config = context.config();
        LossConfig.Kl kl = config.loss().kl();
        VaeOptions options = new VaeOptions(
                context.event(),
                vae.latent(),
                NetworkFactory.encoder(vae, context),
                NetworkFactory.decoder(vae, context),
                likelihood(vae.likelihood(), context),
                posteriorFlow(vae, context),
                prior(vae, context),
                new Objective(
                        Vocabulary.of(kl.estimator()), config.loss().importanceSamples(), kl.weighted(), kl.freeBits()),
                new VaeOptions.KlReport(config.diagnostics().everyStep(), kl.samples()),
                context.given(),
                context.type());
        return new GaussianVae(options, config.training().only() == TrainingConfig.TrainedPart.PRIOR);
    }

    private static Optional<PosteriorFlow> posteriorFlow(ModelConfig.Vae vae, ModelContext context) {
        int latent = vae.latent();
        if (vae.posterior() instanceof PosteriorConfig.Coupling flow) {
            return Optional.of(PosteriorFlow.ofCouplings(
                    latent,
                    flow.context(),
                    flow.couplings(),
                    NetworkFactory.of(flow.conditioner(), context),
                    Vocabulary.of(flow.family(), flow.logScaleBound(), flow.bins(), flow.tailBound())));
        } else if (vae.posterior() instanceof PosteriorConfig.Iaf flow) {
            return Optional.of(PosteriorFlow.inverseAutoregressive(
                    latent,
                    flow.context(),
                    flow.steps(),
                    NetworkFactory.masked(latent, flow.conditioner(), context),
                    Vocabulary.of(flow.family(), flow.logScaleBound(), flow.bins(), flow.tailBound())));
        }
        return Optional.empty();
    }

    private static Prior prior(ModelConfig.Vae vae, ModelContext context) {
        int latent = vae.latent();
        if (vae.prior() instanceof PriorConfig.Mixture mixture) {
            return new MixturePrior(latent, mixture.components());
        } else if (vae.prior() instanceof PriorConfig.RealNvp flow) {
            return new FlowPrior(
                    latent,
                    flow.couplings(),
                    NetworkFactory.of(flow.conditioner(), context),
                    Vocabulary.of(flow.family(), flow.logScaleBound(), flow.bins(), flow.tailBound()));
        }
        return new StandardNormalPrior(latent);
    }

    private static Likelihood likelihood(LikelihoodConfig likelihood, ModelContext context) {
        if (likelihood instanceof LikelihoodConfig.Bernoulli bernoulli) {
            requireImages("bernoulli", context);
            return new BernoulliPixels(Vocabulary.of(bernoulli.binarization()));
        } else if (likelihood instanceof LikelihoodConfig.LogisticMixture mixture) {
            requireImages("logistic-mixture", context);
            return new LogisticMixturePixels(mixture.components());
        } else if (likelihood instanceof LikelihoodConfig.Columns) {
            if (!context.isRows()) {
                throw new ConfigException(
                        "model.likelihood.type",
                        "columns is for rows of tables; images need bernoulli, gaussian or logistic-mixture");
            }
            boolean holes = context.config().data().hasHoles();
            return context.given()
                    .map(given -> new MixedRows(given, holes))
                    .orElseGet(() -> new MixedRows(context.rowColumns().supports(), holes));
        }
        LikelihoodConfig.Gaussian gaussian = (LikelihoodConfig.Gaussian) likelihood;
        LearnedSigma learned = Vocabulary.of(gaussian.learned());
        return context.isRows()
                ? new GaussianRows(
                        context.rowColumns(), Standardization.ofData(context.event()), gaussian.sigma(), learned)
                : new GaussianPixels(gaussian.sigma(), learned);
    }

    private static void requireImages(String type, ModelContext context) {
        if (context.isRows()) {
            throw new ConfigException(
                    "model.likelihood.type",
                    type
                            + " is for pixels; rows of a table need {type: columns}, or of numbers {type: gaussian, sigma: 0.1},"
                            + " where sigma is in standard deviations of each column");
        }
    }
}
