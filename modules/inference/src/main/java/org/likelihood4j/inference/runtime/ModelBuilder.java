package org.likelihood4j.inference.runtime;

import org.likelihood4j.config.LikelihoodConfig;
import org.likelihood4j.config.LossConfig;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.config.PriorConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.bijectors.coupling.AdditiveFamily;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.flow.Flow;
import org.likelihood4j.models.flow.FlowData;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.PixelData;
import org.likelihood4j.models.flow.RowData;
import org.likelihood4j.models.layers.Mlp;
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
import org.nd4j.linalg.api.buffer.DataType;

/** From the configuration's model section to the model. */
public final class ModelBuilder {
    /** Values of an 8-bit pixel. */
    static final int LEVELS = 256;

    private ModelBuilder() {}

    /**
     * The model of a configuration, for examples of the given shape.
     *
     * @throws ConfigException if the model is not one of such examples
     */
    public static Model create(RunConfig config, ExampleShape shape) {
        DataType type = type(config.precision());
        if (config.model() instanceof ModelConfig.Vae vae) {
            return vae(config, vae, shape, type);
        }
        ModelConfig.RealNvp flow = (ModelConfig.RealNvp) config.model();
        return new Flow(new Flow.Options(
                flowData(flow, shape), flow.couplings(), hidden(flow.conditioner()), family(flow), type));
    }

    private static ElementwiseFamily family(ModelConfig.RealNvp flow) {
        return switch (flow.family()) {
            case DERIVED -> new DerivedAffineFamily(flow.logScaleBound());
            case AFFINE -> new AffineFamily(flow.logScaleBound());
            case ADDITIVE -> new AdditiveFamily();
        };
    }

    /** What one example is to a model. */
    public static EventShape shape(ExampleShape shape) {
        return shape instanceof ImageShape image
                ? EventShape.image(image.height(), image.width(), image.channels())
                : EventShape.row(shape.size());
    }

    public static FlowData flowData(ModelConfig.RealNvp flow, ExampleShape shape) {
        HalfOrder order = Vocabulary.of(flow.mask());
        if (shape instanceof VectorShape) {
            if (shape.size() < 2) {
                throw new ConfigException(
                        "model.type", "realnvp needs at least 2 columns, for its two halves; the data have 1");
            }
            return new RowData(EventShape.row(shape.size()), order);
        }
        ImageShape image = (ImageShape) shape;
        EventShape.Image event = EventShape.image(image.height(), image.width(), image.channels());
        if (!order.splits(event)) {
            throw new ConfigException(
                    "model.mask", flow.mask() + " leaves one half of a " + image + " image empty; choose another");
        }
        return new PixelData(event, LEVELS, order, flow.alpha(), flow.standardizationFloor());
    }

    private static GaussianVae vae(RunConfig config, ModelConfig.Vae vae, ExampleShape shape, DataType type) {
        LossConfig.Kl kl = config.loss().kl();
        return new GaussianVae(new VaeOptions(
                shape(shape),
                vae.latent(),
                hidden(vae.encoder()),
                hidden(vae.decoder()),
                likelihood(vae.likelihood(), shape),
                prior(vae.prior(), vae.latent()),
                new Objective(
                        Vocabulary.of(kl.estimator()), config.loss().importanceSamples(), kl.weighted(), kl.freeBits()),
                new VaeOptions.KlReport(config.diagnostics().everyStep(), kl.samples()),
                type));
    }

    private static Prior prior(PriorConfig prior, int latent) {
        if (prior instanceof PriorConfig.Mixture mixture) {
            return new MixturePrior(latent, mixture.components());
        } else if (prior instanceof PriorConfig.RealNvp flow) {
            return new FlowPrior(
                    latent,
                    flow.couplings(),
                    hidden(flow.conditioner()),
                    new DerivedAffineFamily(flow.logScaleBound()));
        }
        return new StandardNormalPrior(latent);
    }

    /** The engine of a configuration. */
    public static Engine engine(RunConfig config) {
        return switch (config.engine()) {
            case COMPILED -> Engines.best();
            case REFERENCE -> Engines.reference();
        };
    }

    /** ND4J's type of a precision. */
    public static DataType type(RunConfig.Precision precision) {
        return precision == RunConfig.Precision.FLOAT64 ? DataType.DOUBLE : DataType.FLOAT;
    }

    private static Mlp.Hidden hidden(NetworkConfig network) {
        return new Mlp.Hidden(network.hidden(), Vocabulary.of(network.activation()));
    }

    private static Likelihood likelihood(LikelihoodConfig likelihood, ExampleShape shape) {
        if (likelihood instanceof LikelihoodConfig.Bernoulli bernoulli) {
            if (shape instanceof VectorShape) {
                throw new ConfigException(
                        "model.likelihood.type",
                        "bernoulli is for pixels; rows of numbers need {type: gaussian, sigma: 0.1}, where sigma is in"
                                + " standard deviations of each column");
            }
            return new BernoulliPixels(Vocabulary.of(bernoulli.binarization()));
        }
        double sigma = ((LikelihoodConfig.Gaussian) likelihood).sigma();
        return shape instanceof VectorShape
                ? new GaussianRows(Standardization.ofData(shape(shape)), sigma)
                : new GaussianPixels(sigma);
    }
}
