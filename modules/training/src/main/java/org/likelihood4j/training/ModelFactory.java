package org.likelihood4j.training;

import org.likelihood4j.data.ImageShape;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.flow.PixelOrder;
import org.likelihood4j.models.flow.RealNvp;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.Binarization;
import org.likelihood4j.models.vae.FlowPrior;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.MixturePrior;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.PixelLikelihood;
import org.likelihood4j.models.vae.Prior;
import org.likelihood4j.models.vae.StandardNormalPrior;
import org.likelihood4j.training.config.LikelihoodConfig;
import org.likelihood4j.training.config.LossConfig;
import org.likelihood4j.training.config.ModelConfig;
import org.likelihood4j.training.config.NetworkConfig;
import org.likelihood4j.training.config.PriorConfig;
import org.likelihood4j.training.config.RunConfig;
import org.nd4j.linalg.api.buffer.DataType;

/** From the configuration's model section to the model. */
public final class ModelFactory {
    /** Values of an 8-bit pixel. */
    private static final int LEVELS = 256;

    private ModelFactory() {}

    /** The model of a configuration, for images of the given shape. */
    public static Model create(RunConfig config, ImageShape shape) {
        DataType type = type(config.precision());
        if (config.model() instanceof ModelConfig.Vae vae) {
            return vae(config, vae, shape.size(), type);
        }
        ModelConfig.RealNvp flow = (ModelConfig.RealNvp) config.model();
        return new RealNvp(new RealNvp.Options(
                shape.channels(),
                shape.height(),
                shape.width(),
                LEVELS,
                flow.couplings(),
                PixelOrder.valueOf(flow.mask().name()),
                hidden(flow.conditioner()),
                flow.logScaleBound(),
                flow.alpha(),
                flow.standardizationFloor(),
                type));
    }

    private static GaussianVae vae(RunConfig config, ModelConfig.Vae vae, int dimension, DataType type) {
        LossConfig.Kl kl = config.loss().kl();
        return new GaussianVae(new GaussianVae.Options(
                dimension,
                vae.latent(),
                hidden(vae.encoder()),
                hidden(vae.decoder()),
                likelihood(vae.likelihood()),
                prior(vae.prior(), vae.latent()),
                new Objective(
                        KlEstimator.valueOf(kl.estimator().name()),
                        config.loss().importanceSamples(),
                        kl.weighted(),
                        kl.freeBits()),
                new GaussianVae.KlReport(config.diagnostics().everyStep(), kl.samples()),
                type));
    }

    private static Prior prior(PriorConfig prior, int latent) {
        if (prior instanceof PriorConfig.Mixture mixture) {
            return new MixturePrior(latent, mixture.components());
        } else if (prior instanceof PriorConfig.RealNvp flow) {
            return new FlowPrior(latent, flow.couplings(), hidden(flow.conditioner()), flow.logScaleBound());
        }
        return new StandardNormalPrior(latent);
    }

    /** The engine of a configuration. */
    public static Engine engine(RunConfig config) {
        return switch (config.engine()) {
            case COMPILED -> Engine.compiled();
            case REFERENCE -> Engine.reference();
        };
    }

    /** ND4J's type of a precision. */
    public static DataType type(RunConfig.Precision precision) {
        return precision == RunConfig.Precision.FLOAT64 ? DataType.DOUBLE : DataType.FLOAT;
    }

    private static Mlp.Hidden hidden(NetworkConfig network) {
        return new Mlp.Hidden(
                network.hidden(), Activation.valueOf(network.activation().name()));
    }

    private static PixelLikelihood likelihood(LikelihoodConfig likelihood) {
        if (likelihood instanceof LikelihoodConfig.Bernoulli bernoulli) {
            return new PixelLikelihood.BernoulliPixels(
                    Binarization.valueOf(bernoulli.binarization().name()));
        }
        return new PixelLikelihood.GaussianPixels(((LikelihoodConfig.Gaussian) likelihood).sigma());
    }
}
