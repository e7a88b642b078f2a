package org.likelihood4j.inference.kinds;

import org.likelihood4j.config.CoderConfig;
import org.likelihood4j.config.ConditionerConfig;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvDecoder;
import org.likelihood4j.models.layers.ConvEncoder;
import org.likelihood4j.models.layers.DenseNetwork;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Masked;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.layers.ResidualMlp;

/** From a config's description of a network to the network, for any kind of model. */
public final class NetworkFactory {
    private NetworkFactory() {}

    /** A network of a model: one that is told the condition, if the model has one. */
    public static LayerFactory of(NetworkConfig network, ModelContext context) {
        return context.told(hidden(network));
    }

    /** A network in which what is made of a column sees only the columns before it. */
    static LayerFactory masked(int columns, NetworkConfig network, ModelContext context) {
        return context.told(new Masked(columns, hidden(network)));
    }

    /** The network of a flow's coupling or step, of dense layers. */
    static LayerFactory of(ConditionerConfig network, ModelContext context) {
        return context.told(dense(network));
    }

    /** The same, in which what is made of a column sees only the columns before it. */
    static LayerFactory masked(int columns, ConditionerConfig network, ModelContext context) {
        return context.told(new Masked(columns, dense(network)));
    }

    private static DenseNetwork dense(ConditionerConfig network) {
        Activation activation = Vocabulary.of(network.activation());
        return network.type() == ConditionerConfig.Type.RESIDUAL
                ? new ResidualMlp.Shape(network.width(), network.blocks(), activation, network.dropout())
                : new Mlp.Hidden(network.hidden(), activation, network.dropout());
    }

    private static Mlp.Hidden hidden(NetworkConfig network) {
        return new Mlp.Hidden(network.hidden(), Vocabulary.of(network.activation()));
    }

    /** The network from an example to the posterior. */
    static LayerFactory encoder(ModelConfig.Vae vae, ModelContext context) {
        CoderConfig encoder = vae.encoder();
        if (encoder.type() == CoderConfig.Type.DENSE) {
            return of(encoder.dense(), context);
        }
        requireImages("model.encoder.type", context);
        return context.told(new ConvEncoder.Shape(
                encoder.channels(), encoder.blocks(), encoder.hidden(), Vocabulary.of(encoder.activation())));
    }

    /** The network from the latents to an example. */
    static LayerFactory decoder(ModelConfig.Vae vae, ModelContext context) {
        CoderConfig decoder = vae.decoder();
        if (decoder.type() == CoderConfig.Type.DENSE) {
            return of(decoder.dense(), context);
        }
        EventShape.Image image = requireImages("model.decoder.type", context);
        ConvDecoder.Shape shape = new ConvDecoder.Shape(
                decoder.channels(), decoder.blocks(), decoder.hidden(), Vocabulary.of(decoder.activation()));
        if (image.height() % shape.factor() != 0 || image.width() % shape.factor() != 0) {
            throw new ConfigException(
                    "model.decoder.channels",
                    decoder.channels().size()
                            + " maps, each twice as high and wide as the one before, make images whose"
                            + " height and width are multiples of " + shape.factor() + "; these are of "
                            + context.shape()
                            + ": give the data another height and width, name fewer channels, or use a dense decoder");
        }
        return context.told(shape);
    }

    private static EventShape.Image requireImages(String key, ModelContext context) {
        if (context.event() instanceof EventShape.Image image) {
            return image;
        }
        throw new ConfigException(key, "conv is for images; rows of numbers need type dense");
    }
}
