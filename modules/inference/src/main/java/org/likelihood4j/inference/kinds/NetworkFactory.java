package org.likelihood4j.inference.kinds;

import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Mlp;

/** From a config's description of a network to the network, for any kind of model. */
public final class NetworkFactory {
    private NetworkFactory() {}

    /** A network of a model: one that is told the class, if the model has a condition. */
    public static LayerFactory of(NetworkConfig network, ModelConfig model) {
        return told(new Mlp.Hidden(network.hidden(), Vocabulary.of(network.activation())), model);
    }

    /** The same kind of network, told the class if the model has a condition. */
    static LayerFactory told(LayerFactory plain, ModelConfig model) {
        return model.condition() == null
                ? plain
                : plain.given(new FunctionInput.Condition(model.condition().toString(), model.classes()));
    }
}
