package org.likelihood4j.training;

import org.likelihood4j.data.ImageShape;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.flow.PixelOrder;
import org.likelihood4j.models.flow.RealNvp;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.Binarization;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.PixelLikelihood;
import org.likelihood4j.training.config.LikelihoodConfig;
import org.likelihood4j.training.config.ModelConfig;
import org.likelihood4j.training.config.NetworkConfig;
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
            return new GaussianVae(new GaussianVae.Options(
                    shape.size(),
                    vae.latent(),
                    hidden(vae.encoder()),
                    hidden(vae.decoder()),
                    likelihood(vae.likelihood()),
                    type));
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
